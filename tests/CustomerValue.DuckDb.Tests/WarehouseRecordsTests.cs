using CustomerValue.DuckDb;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

public sealed class WarehouseRecordsTests
{
    [Fact]
    public void Whatever_happens_on_or_after_the_cutoff_no_record_before_it_changes()
    {
        using var before = new TestWarehouse(SmallShop.Script);
        using var after = new TestWarehouse(SmallShop.Scrambled);
        var table = new FeatureQuery("rfm") { Options = new() { Currency = "GBP" } }.Over(before.Open()).At(SmallShop.Cutoff);
        var scrambled = new FeatureQuery("rfm") { Options = new() { Currency = "GBP" } }.Over(after.Open()).Records;

        var histories = CustomerHistories.Of(table, "test");
        AssertSame(histories, CustomerHistories.Of(table.With(scrambled), "test"));
        Assert.All(new[] { histories.Sum(h => h.Purchases.Count), histories.Sum(h => h.Browsing.Count), histories.Sum(h => h.Reviews.Count), histories.Sum(h => h.Dialogues.Count), histories.Sum(h => h.Contacts.Count) },
            count => Assert.True(count > 50));
        Assert.Contains(histories, h => h.Contacts.Any(c => c.RespondedAt is not null));
    }

    [Theory, InlineData(1, 1), InlineData(7, 3)]
    public void Partitions_and_loads_change_nothing(int partitions, int loads)
    {
        using var plain = new TestWarehouse(SmallShop.Script);
        using var other = new TestWarehouse(SmallShop.Script, partitions, loads);
        var table = new FeatureQuery("rfm").Over(plain.Open()).At(SmallShop.Cutoff);
        AssertSame(CustomerHistories.Of(table, "test"), CustomerHistories.Of(table.With(new FeatureQuery("rfm").Over(other.Open()).Records), "test"));
    }

    [Fact]
    public void Records_by_SQL_are_those_in_memory()
    {
        var shop = Dataset.Open(Path.Combine(RealData.Root, "data-samples", "shop"));
        using var temporary = new TemporaryFolder();
        var warehouse = Warehouse.OpenOrCreate(temporary.In("warehouse"));
        warehouse.Load(shop, Pseudonyms.Published);
        var table = new FeatureQuery("rfm").Over(warehouse).At(new(2024, 6, 1));
        var memory = RecordsInMemory.Of(shop, Pseudonyms.Published);
        AssertSame(CustomerHistories.Of(table.With(memory), "test"), CustomerHistories.Of(table, "test"));
    }

    [Fact]
    public void Customers_whom_the_shop_does_not_know_have_no_records()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var history = Assert.Single(new FeatureQuery("rfm").Over(warehouse.Open()).Records.Before(SmallShop.Cutoff, ["nobody"]));
        Assert.Equal("nobody", history.CustomerId);
        Assert.Empty(history.Purchases);
    }

    private static void AssertSame(IReadOnlyList<CustomerHistory> expected, IReadOnlyList<CustomerHistory> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.Equal(one.CustomerId, other.CustomerId);
            // A price that was a line's total divided comes back as another decimal of the same amount.
            Assert.Equal(one.Purchases.Select(p => (p with { UnitPrice = 0 }, p.Amount)), other.Purchases.Select(p => (p with { UnitPrice = 0 }, p.Amount)));
            Assert.Equal(one.Browsing, other.Browsing);
            Assert.Equal(one.Reviews, other.Reviews);
            Assert.Equal(one.Dialogues, other.Dialogues);
            Assert.Equal(one.Contacts, other.Contacts);
        }
    }
}
