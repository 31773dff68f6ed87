using CustomerValue.Evaluation;

namespace CustomerValue.Tests.Evaluation;

public class GainsPointTests
{
    // Spend 0, 10, 20, 70. Worked by hand: in the order 20, 70, 10, 0 the shares are .2, .9, 1, 1.
    private static readonly double[] s_spend = [0, 10, 20, 70];

    [Fact]
    public void Each_point_holds_what_the_best_so_far_spent() =>
        Assert.Equal([new(0, 0), new(1, 0.2), new(2, 0.9), new(3, 1), new(4, 1)], GainsPoint.Of(s_spend, [1, 2, 4, 3], 4));

    [Fact]
    public void Steps_are_rounded_up_to_whole_customers_and_none_stands_twice()
    {
        Assert.Equal([0, 1, 2, 3, 4], GainsPoint.Of(s_spend, [1, 2, 4, 3], 100).Select(p => p.Customers));
        Assert.Equal([0, 2, 3, 4], GainsPoint.Of(s_spend, [1, 2, 4, 3], 3).Select(p => p.Customers));        // 4/3 and 8/3 of a customer
    }

    [Fact]
    public void It_agrees_with_the_metrics_of_the_same_order()
    {
        double[] spend = [.. Enumerable.Range(0, 97).Select(i => i % 4 == 0 ? 0.0 : i * 37 % 101)], foreseen = [.. Enumerable.Range(0, 97).Select(i => spend[i] + i * 53 % 89)];
        var (curve, perfect) = (GainsPoint.Of(spend, foreseen, 97), GainsPoint.Of(spend, spend, 97));
        Assert.Equal(Metric.CaptureTop10.Of(spend, foreseen), curve.Single(p => p.Customers == 10).Held);
        Assert.Equal(Metric.NormalizedGini.Of(spend, foreseen), (curve.Skip(1).Average(p => p.Held) - 0.5) / (perfect.Skip(1).Average(p => p.Held) - 0.5), 12);
    }

    [Fact]
    public void Where_nobody_spent_there_is_no_curve() => Assert.Empty(GainsPoint.Of([0, 0, 0], [1, 2, 3], 10));
}
