using CustomerValue.Evaluation;
using CustomerValue.Models;

namespace CustomerValue.Tests.Evaluation;

public class IntervalCoverageTests
{
    [Fact]
    public void A_case_worked_by_hand()
    {
        var told = IntervalCoverage.Of([0, 5, 10, 30], new([0, 6, 2, 10], [4, 8, 10, 20], 0.8));
        Assert.Equal(new(0.8, 4, Inside: 2, Below: 1, Above: 1, MeanWidth: (4 + 2 + 8 + 10) / 4.0), told);
        Assert.Equal(0.5, told.Share);
        Assert.Equal(0.15, told.ShareInterval().Low, 0.005);                     // Wilson's for 2 of 4: .150 to .850
        Assert.Equal(0.85, told.ShareInterval().High, 0.005);
    }

    [Fact]
    public void Nobody_and_other_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => IntervalCoverage.Of([], new([], [], 0.8)));
        Assert.Throws<ArgumentException>(() => IntervalCoverage.Of([1], new([1, 2], [3, 4], 0.8)));
    }
}
