using CustomerValue.Evaluation;
using CustomerValue.Ingestion;

namespace CustomerValue.Tests.Evaluation;

public class RetentionTableTests
{
    // Ann in January, twice, and in March; Ben in January alone; Cat in February and April; Dan's only line is a return.
    private static readonly Purchase[] s_purchases = [Line("ann", 1, 5), Line("ann", 1, 20), Line("ann", 3, 31), Line("ben", 1, 31), Line("cat", 2, 1), Line("cat", 4, 2), Line("dan", 1, 1) with { IsReturn = true }];

    [Fact]
    public void Customers_stand_in_the_month_of_their_first_order_and_count_once_a_month()           // worked by hand
    {
        var table = RetentionTable.Of(s_purchases, new(2024, 5, 1));
        Assert.Equal([(new DateOnly(2024, 1, 1), 2), (new(2024, 2, 1), 1)], table.Cohorts.Select(c => (c.Month, c.Customers)));
        Assert.Equal([2, 0, 1, 0], table.Cohorts[0].Active);
        Assert.Equal([1, 0, 1], table.Cohorts[1].Active);
        Assert.Equal(0.5, table.Cohorts[0].Share(2));
    }

    [Fact]
    public void A_month_that_was_not_seen_whole_is_left_out()
    {
        var table = RetentionTable.Of(s_purchases, new(2024, 4, 30));
        Assert.Equal([2, 0, 1], table.Cohorts[0].Active);
        Assert.Equal([1, 0], table.Cohorts[1].Active);
        Assert.Empty(RetentionTable.Of(s_purchases, new(2024, 1, 31)).Cohorts);
    }

    [Fact]
    public void Nothing_from_the_cutoff_on_is_read() =>
        Assert.Equal([2, 0], RetentionTable.Of(s_purchases, new(2024, 3, 1)).Cohorts[0].Active);

    private static Purchase Line(string customer, int month, int day) => new(customer, $"{customer}-{month}-{day}", new(2024, month, day), "p", "", "", 1, 1, "EUR", false);
}
