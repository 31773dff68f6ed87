using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

public class CollapsedHistoriesTests
{
    [Fact]
    public void Equal_rows_become_one_with_a_weight_and_those_without_a_repeat_stand_first()
    {
        var rows = CollapsedHistories.Of(Reference.Histories(new(2, 3, 9), new(0, 0, 9), new(2, 3, 9), new(0, 0, 8), new(2, 3, 9), new(2, 4, 9)));
        Assert.Equal((6, 4, 8), (rows.Customers, rows.Distinct, rows.Once));
        Assert.Equal(16, rows.Weight.Length);
        Assert.Equal([1, 1, 0, 0, 0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 0, 0], rows.Weight);
        Assert.Equal([9.0, 8.0], rows.Age[..2]);
        Assert.Equal([3.0, 4.0], rows.Recency[8..10]);
    }

    [Fact]
    public void Counts_those_with_more_purchases()
    {
        var rows = CollapsedHistories.Of(Reference.Histories(new(3, 3, 9), new(0, 0, 9), new(1, 3, 9), new(3, 3, 9)));
        Assert.Equal([3, 2, 2, 0], rows.Beyond);
    }

    [Fact]
    public void Every_other_row_keeps_its_weight()
    {
        var rows = CollapsedHistories.Of(Reference.Histories(new(2, 3, 9), new(2, 3, 9), new(0, 0, 9), new(1, 1, 9), new(1, 2, 9))).Every(2);
        Assert.Equal(2, rows.Distinct);
        Assert.Equal(2, rows.Customers);
    }
}
