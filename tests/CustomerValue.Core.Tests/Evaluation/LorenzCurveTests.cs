using CustomerValue.Evaluation;

namespace CustomerValue.Tests.Evaluation;

public class LorenzCurveTests
{
    [Fact]
    public void A_case_worked_by_hand()                                         // 1, 2, 3, 4: shares .1, .3, .6, 1; Gini = sum of (2i - n - 1) x over n times the sum = 10 / 40
    {
        var curve = LorenzCurve.Of([4, 1, 3, 2], steps: 4);
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], curve.Points.Select(p => p.Customers));
        Assert.Equal([0, 0.1, 0.3, 0.6, 1], curve.Points.Select(p => Math.Round(p.Held, 12)));
        Assert.Equal(0.25, curve.Gini, 12);
    }

    [Fact]
    public void All_alike_is_0_and_one_with_all_is_one_less_a_share()
    {
        Assert.Equal(0, LorenzCurve.Of([7, 7, 7]).Gini, 12);
        Assert.Equal(1 - 1 / 5.0, LorenzCurve.Of([0, 0, 0, 0, 3]).Gini, 12);
    }

    [Fact]
    public void Fewer_points_change_no_coefficient()
    {
        double[] amounts = [.. Enumerable.Range(0, 97).Select(i => (double)(i * 37 % 101))];
        var (few, all) = (LorenzCurve.Of(amounts, 3), LorenzCurve.Of(amounts, 97));
        Assert.Equal(all.Gini, few.Gini);
        Assert.Equal([0, 33 / 97.0, 65 / 97.0, 1], few.Points.Select(p => p.Customers));
        Assert.Subset(all.Points.ToHashSet(), few.Points.ToHashSet());
    }

    [Fact]
    public void Where_there_is_nothing_to_share_it_says_so()
    {
        Assert.Empty(LorenzCurve.Of([0, 0]).Points);
        Assert.True(double.IsNaN(LorenzCurve.Of([]).Gini));
        Assert.Throws<ArgumentOutOfRangeException>(() => LorenzCurve.Of([1, -1]));
    }
}
