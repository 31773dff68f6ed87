using CustomerValue.Decisions;

namespace CustomerValue.Tests.Decisions;

public class ValueSegmentationTests
{
    private static readonly double[] s_spend = [100, 5, 80, 1, 60], s_churn = [0.2, 0.9, 0.5, 0.1, 0.9];

    [Fact]
    public void Segments_lie_where_worth_and_leaving_cross()
    {
        var segments = new ValueSegmentation { WorthMuch = 0.4 }.Of(s_spend, s_churn);
        Assert.Equal([ValueSegment.Core, ValueSegment.Drifting, ValueSegment.AtRisk, ValueSegment.Promising, ValueSegment.Drifting], segments);
    }

    [Fact]
    public void The_customers_with_the_most_spend_are_worth_much_and_of_equals_the_first()
    {
        var segments = new ValueSegmentation { WorthMuch = 0.5 }.Of([7, 7, 7, 7], [0, 0, 0, 0]);
        Assert.Equal([ValueSegment.Core, ValueSegment.Core, ValueSegment.Promising, ValueSegment.Promising], segments);
    }

    [Fact]
    public void Holdings_add_up_to_what_there_is()
    {
        var held = new ValueSegmentation { WorthMuch = 0.4 }.Holdings(s_spend, s_churn, [10, 1, 5, 2, 3]);
        Assert.Equal(Enum.GetValues<ValueSegment>(), held.Select(h => h.Segment));
        Assert.Equal(new SegmentHoldings(ValueSegment.Drifting, 2, 65, 4, 0.9), held[3]);
        Assert.Equal((5, 246.0, 21.0), (held.Sum(h => h.Customers), held.Sum(h => h.Spent), held.Sum(h => h.Foreseen)));
    }

    [Fact]
    public void A_segment_without_customers_is_told_too()
    {
        var held = new ValueSegmentation().Holdings([1], [0.9], [1]);
        Assert.Equal((0, 0.0), (held[0].Customers, held[0].Spent));
        Assert.True(double.IsNaN(held[0].Churn));
    }

    [Fact]
    public void A_churn_that_is_no_probability_is_refused_by_its_row()
    {
        var error = Assert.Throws<ArgumentException>(() => new ValueSegmentation().Of([1, 2], [0.5, 1.5]));
        Assert.Contains("Customer 1", error.Message);
    }

    [Fact]
    public void Columns_of_different_length_are_refused() => Assert.Throws<ArgumentException>(() => new ValueSegmentation().Of([1, 2], [0.5]));
}
