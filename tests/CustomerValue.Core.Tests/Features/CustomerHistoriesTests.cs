using CustomerValue.Features;
using CustomerValue.Ingestion;

namespace CustomerValue.Tests.Features;

public sealed class CustomerHistoriesTests
{
    private static readonly DateOnly s_cutoff = new(2025, 3, 1);
    private static readonly FeatureTable s_table = new(s_cutoff, ["a", "b"], [], []);

    [Fact]
    public void Only_what_was_known_before_the_cutoff_is_told()
    {
        var records = new RecordsInMemory(
            [Bought("b", new(2025, 2, 28, 23, 59, 59)), Bought("b", new(2025, 3, 1)), Bought("b", new(2025, 1, 1)), Bought("other", new(2025, 1, 1))],
            contacts: [new("a", "m1", new(2025, 2, 20), "coupon10", "email", new(1, "GBP"), new(2025, 3, 1)), new("a", "m2", new(2025, 2, 20), "coupon10", "email", new(1, "GBP"), new(2025, 2, 28))]);
        var histories = CustomerHistories.Of(s_table.With(records), "test");

        Assert.Equal(["a", "b"], histories.Select(h => h.CustomerId));
        Assert.Equal([new DateTime(2025, 1, 1), new(2025, 2, 28, 23, 59, 59)], histories[1].Purchases.Select(p => p.At));
        Assert.Equal([null, new DateTime(2025, 2, 28)], histories[0].Contacts.Select(c => c.RespondedAt));      // a response to come isn't known yet
    }

    [Fact]
    public void Rows_taken_of_a_table_keep_their_records_and_so_do_columns()
    {
        var records = new RecordsInMemory([Bought("b", new(2025, 1, 1))]);
        var table = s_table.With(records);
        Assert.Single(Assert.Single(CustomerHistories.Of(table.At([1]), "test")).Purchases);
        Assert.Same(records, table.Select([]).Records);
        Assert.Same(records, table.With([new("x", "count", "", "")], [[1, 2]]).Records);
    }

    [Fact]
    public void A_table_that_came_alone_is_refused_with_what_to_do()
    {
        var error = Assert.Throws<InvalidOperationException>(() => CustomerHistories.Of(s_table, "history-language"));
        Assert.Contains("'history-language' reads the customers' records", error.Message, StringComparison.Ordinal);
        Assert.Contains("table.With(records)", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("b"), InlineData("a")]
    public void A_source_that_sees_the_future_or_mistakes_customers_is_refused(string id)
    {
        var error = Assert.Throws<InvalidOperationException>(() => CustomerHistories.Of(s_table.At([0]).With(new Leaking(id)), "test"));
        Assert.Contains(id == "a" ? "a record of 2025-03-01 for customer 'a'" : "'b' on row 0", error.Message, StringComparison.Ordinal);
    }

    private static Purchase Bought(string customer, DateTime at) => new(customer, "o", at, "p", "a thing", "", 1, 2, "GBP", false);

    private sealed class Leaking(string id) : ICustomerRecords
    {
        public IReadOnlyList<CustomerHistory> Before(DateOnly cutoff, IReadOnlyList<string> customerIds, CancellationToken cancellation = default) =>
            [new(id, [Bought(id, cutoff.ToDateTime(TimeOnly.MinValue))], [], [], [], [])];
    }
}
