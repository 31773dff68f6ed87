using CustomerValue.Evaluation;

namespace CustomerValue.Tests.Evaluation;

public class SegmentSummaryTests
{
    [Fact]
    public void A_case_worked_by_hand()
    {
        var told = SegmentSummary.Of(["new", "old", "old", "lost"], [10, 1, 3, 8], [5, 5, 7, 0]);
        Assert.Equal([("old", 2), ("lost", 1), ("new", 1)], told.Select(s => (s.Name, s.Customers)));
        Assert.Equal([2, 6], told[0].Means);
        Assert.Equal([8, 0], told[1].Means);
    }

    [Fact]
    public void Other_lengths_are_refused() => Assert.Throws<ArgumentException>(() => SegmentSummary.Of(["a"], [1, 2]));
}
