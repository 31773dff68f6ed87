using CustomerValue.Evaluation;

namespace CustomerValue.Charts.Tests;

public class GainsChartTests
{
    private static readonly double[] s_foreseen = Sample.Candidates[2].Scores.Spend!;

    private static Chart Drawn => GainsChart.Of(Sample.Labels, Sample.Candidates, "blend");

    [Fact]
    public void At_the_top_tenth_it_is_as_high_as_the_metric_says()
    {
        var captured = Metric.CaptureTop10.Of(Sample.Labels.Spend, s_foreseen);
        var point = Drawn.Series.Single(s => s.Role == Role.Winner).Points.Single(p => p.Label is not null);
        Assert.Equal((21.0 / Sample.Rows, captured), (point.X, point.Y));                                 // 203 customers: a tenth is 21
        Assert.Contains(FormattableString.Invariant($"top tenth: {100 * captured:0.0} % of the spend"), Drawn.Texts());
    }

    [Fact]
    public void The_curves_are_those_of_the_evaluation()
    {
        foreach (var (role, order) in new[] { (Role.Winner, s_foreseen), (Role.Baseline, Sample.Candidates[1].Scores.Spend!), (Role.Perfect, Sample.Labels.Spend) })
            Assert.Equal(GainsPoint.Of(Sample.Labels.Spend, order, 100).Select(p => ((double)p.Customers / Sample.Rows, p.Held)), Drawn.Series.Single(s => s.Role == role).Points.Select(p => (p.X, p.Y)));
        Assert.Equal([(0, 0), (1, 1)], Drawn.Series.Single(s => s.Role == Role.Chance).Points.Select(p => (p.X, p.Y)));
    }

    [Fact]
    public void A_baseline_that_is_absent_or_was_chosen_has_no_curve_of_its_own()
    {
        Assert.DoesNotContain(GainsChart.Of(Sample.Labels, [Sample.Candidates[2]], "blend").Series, s => s.Role == Role.Baseline);
        Assert.DoesNotContain(GainsChart.Of(Sample.Labels, Sample.Candidates, "spend-so-far").Series, s => s.Role == Role.Baseline);
    }

    [Fact]
    public void Where_nobody_spends_it_says_that_there_is_nothing_to_share()
    {
        var chart = GainsChart.Of(Sample.Of(_ => 0), Sample.Candidates, "blend");
        Assert.Contains(chart.Texts(), t => t.StartsWith("Nobody spent anything", StringComparison.Ordinal));
        Assert.Empty(chart.Parsed().All("polyline"));
    }
}
