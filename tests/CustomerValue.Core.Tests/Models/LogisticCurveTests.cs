using CustomerValue.Models;

namespace CustomerValue.Tests.Models;

public class LogisticCurveTests
{
    [Fact]
    public void Two_groups_get_their_own_shares()                  // with one binary x the most likely curve meets both shares: 1/4 and 3/4
    {
        double[] x = [.. Enumerable.Repeat(0.0, 400), .. Enumerable.Repeat(1.0, 400)];
        bool[] hit = [.. Enumerable.Range(0, 400).Select(n => n % 4 == 0), .. Enumerable.Range(0, 400).Select(n => n % 4 != 0)];
        var curve = LogisticCurve.Fit(x, hit);
        Assert.Equal(0.25, curve.At(0), 4);
        Assert.Equal(0.75, curve.At(1), 4);
    }

    [Fact]
    public void A_falling_share_still_gives_a_rising_curve()
    {
        var curve = LogisticCurve.Fit([1, 2, 3, 4], [true, true, false, false]);
        Assert.True(curve.At(4) > curve.At(1));
        Assert.Equal(0.5, curve.At(2.5), 3);
    }

    [Fact]
    public void Perfectly_separated_rows_end_at_a_finite_slope()
    {
        var curve = LogisticCurve.Fit([1, 2, 3, 4], [false, false, true, true]);
        Assert.True(double.IsFinite(curve.Slope) && curve.Slope > 1);
        Assert.InRange(curve.At(-1e9), 0, 1e-6);
        Assert.InRange(curve.At(1e9), 1 - 1e-6, 1);
    }

    [Fact]
    public void Rows_that_are_all_alike_give_their_share() => Assert.Equal(0.5, LogisticCurve.Fit([7, 7], [true, false]).At(7), 6);

    [Fact]
    public void Logit_undoes_sigmoid() => Assert.Equal(1.25, LogisticCurve.Logit(LogisticCurve.Sigmoid(1.25)), 9);

    [Fact]
    public void Refuses_no_rows() => Assert.Throws<ArgumentException>(() => LogisticCurve.Fit([], []));
}
