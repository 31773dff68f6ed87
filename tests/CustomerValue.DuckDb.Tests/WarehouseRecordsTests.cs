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
    public void All_records_come_back_in_order_and_none_from_the_cutoff_on()
    {
        using var small = new TestWarehouse(SmallShop.Script, partitions: 7);
        var warehouse = small.Open();
        Assert.Equal((warehouse.Rows(RecordKind.Purchases), warehouse.Rows(RecordKind.Reviews), warehouse.Rows(RecordKind.DialogueTurns)), (warehouse.Purchases().Count, warehouse.Reviews().Count, warehouse.DialogueTurns().Count));
        var end = SmallShop.Cutoff.ToDateTime(TimeOnly.MinValue);
        Assert.Equal(warehouse.Purchases().Count(p => p.At < end), warehouse.Purchases(SmallShop.Cutoff).Count);
        Assert.NotEqual(warehouse.Purchases().Count, warehouse.Purchases(SmallShop.Cutoff).Count);
        Assert.Equal(warehouse.Purchases().OrderBy(p => p.At).ThenBy(p => p.CustomerId, StringComparer.Ordinal).ThenBy(p => p.OrderId, StringComparer.Ordinal).ThenBy(p => p.ProductId, StringComparer.Ordinal)
            .ThenBy(p => p.Description, StringComparer.Ordinal).ThenBy(p => p.Category, StringComparer.Ordinal).ThenBy(p => p.Quantity), warehouse.Purchases());
        Assert.Equal(warehouse.DialogueTurns().OrderBy(t => t.At).ThenBy(t => t.CustomerId, StringComparer.Ordinal).ThenBy(t => t.DialogueId, StringComparer.Ordinal).ThenBy(t => t.Turn), warehouse.DialogueTurns());
    }

    [Fact]
    public void SQL_sees_every_table_and_an_empty_one_too()
    {
        using var small = new TestWarehouse(SmallShop.Script);
        var warehouse = small.Open();
        using var sql = warehouse.Connect();
        foreach (var (table, kind) in new[] { ("purchases", RecordKind.Purchases), ("reviews", RecordKind.Reviews), ("browsing_events", RecordKind.BrowsingEvents), ("dialogue_turns", RecordKind.DialogueTurns), ("campaign_contacts", RecordKind.CampaignContacts) })
        {
            using var count = sql.CreateCommand();
            count.CommandText = $"SELECT count(*) FROM {table}";
            Assert.Equal(warehouse.Rows(kind), count.ExecuteScalar());
        }
        using var temporary = new TemporaryFolder();
        using var none = Warehouse.OpenOrCreate(temporary.In("empty")).Connect();
        using var empty = none.CreateCommand();
        empty.CommandText = "SELECT count(*) FROM reviews";
        Assert.Equal(0L, empty.ExecuteScalar());
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
