using CustomerValue.Evaluation;
using CustomerValue.Experiments;

namespace CustomerValue.Charts.Tests;

public class CandidatesChartTests
{
    private static Chart Of(Metric metric, (string Name, double Figure)[] candidates, params (string Other, double Difference, double Low, double High)[] comparisons) => CandidatesChart.Of(metric, "blend",
        [.. candidates.Select(c => new CandidateResult(c.Name, 0, 0, new Dictionary<string, double> { [metric.Key] = c.Figure }, new Dictionary<string, double>(), new Dictionary<string, string>()))],
        [.. comparisons.Select(c => new ModelComparison(metric.Key, "blend", c.Other, c.Difference, c.Low, c.High)), new("another", "blend", "trees", 9, 9, 9)]);

    private static Role RoleOf(Chart chart, string name) => chart.Series.Single(s => s.Points.Any(p => p.Text!.ToString().StartsWith(name, StringComparison.Ordinal))).Role;

    [Fact]
    public void Differences_and_intervals_are_the_experiments_seen_from_the_other_side()
    {
        var found = Sample.Findings(Sample.Labels, Sample.Candidates);
        var chart = CandidatesChart.Of(Metric.NormalizedGini, "blend", found.Result.Candidates, found.Result.Comparisons);
        var points = chart.Series.SelectMany(s => s.Points).ToDictionary(p => chart.Y.Rows[(int)p.Y].Name.ToString());
        Assert.Equal(4, points.Count);
        foreach (var c in found.Result.Comparisons.Where(c => c.Metric == "gini"))
            Assert.Equal((-c.Difference, new Reach(-c.High, -c.Low)), (points[c.B].X, points[c.B].Across));
        Assert.Equal((0, null), (points["blend"].X, points["blend"].Across));
    }

    [Fact]
    public void The_best_figure_stands_on_top_and_the_winner_is_stressed()
    {
        var chart = Of(Metric.LogLoss, [("mean", .69), ("blend", .50), ("trees", .49)], ("mean", -.19, -.21, -.17), ("trees", .01, .005, .015));
        Assert.Equal([("trees", false), ("blend", true), ("mean", false)], chart.Y.Rows.Select(r => (r.Name.ToString(), r.Stressed)));
        Assert.Equal(["0.4900", "−0.0100 [−0.0150, −0.0050]"], chart.Y.Rows[0].Figures.Select(f => f.ToString()));
        Assert.Contains("trees: 0.4900, difference −0.0100 [−0.0150, −0.0050]; blend, chosen: 0.5000; mean: 0.6900", chart.Description, StringComparison.Ordinal);
    }

    [Theory]                                                                                          // differences are the blend's figure less the trees'
    [InlineData("gini", .75, .70, .05, .01, .09, nameof(Role.Worse))]
    [InlineData("gini", .75, .80, -.05, -.09, -.01, nameof(Role.Better))]
    [InlineData("gini", .75, .74, .01, -.01, .03, nameof(Role.Level))]
    [InlineData("log_loss", .50, .55, -.05, -.09, -.01, nameof(Role.Worse))]
    [InlineData("log_loss", .50, .45, .05, .01, .09, nameof(Role.Better))]
    [InlineData("bias", .10, .02, .08, .05, .11, nameof(Role.Other))]                                 // nearer to 0 isn't higher or lower
    [InlineData("gini", .75, .70, .05, double.NaN, double.NaN, nameof(Role.Level))]
    public void Better_and_worse_go_by_the_metrics_direction(string metric, double chosen, double other, double difference, double low, double high, string role) =>
        Assert.Equal(role, RoleOf(Of(Metric.All.Single(m => m.Key == metric), [("blend", chosen), ("trees", other)], ("trees", difference, low, high)), "trees").ToString());

    [Fact]
    public void A_far_candidate_leaves_the_axis_by_an_arrow_and_keeps_its_figures()
    {
        var chart = Of(Metric.NormalizedGini, [("blend", .75), ("trees", .74), ("two-stage", .73), ("mean", .01)],
            ("trees", .01, .005, .015), ("two-stage", .02, .01, .03), ("mean", .74, .70, .78));
        Assert.InRange(chart.X.Low, -.2, -.03);
        Assert.EndsWith("; arrows go on beyond the axis", chart.Subtitle, StringComparison.Ordinal);
        Assert.Single(chart.Parsed().All("polygon"));
        Assert.Contains("−0.7400 [−0.7800, −0.7000]", chart.Texts());
    }

    [Fact]
    public void One_that_stands_alone_is_drawn_alone()
    {
        var chart = Of(Metric.RocAuc, [("blend", .8)]);
        Assert.Equal([Role.Winner], chart.Series.Select(s => s.Role));
        Assert.Equal((-1, 1), (chart.X.Low, chart.X.High));
        Assert.Contains("0.8000", chart.Texts());
    }

    [Theory, InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void A_figure_that_isnt_defined_is_told_for_the_winner_and_left_out_for_others(double undefined)
    {
        Assert.Contains("Gini isn't defined on these customers.", Of(Metric.NormalizedGini, [("blend", undefined), ("trees", .5)]).Texts());
        Assert.Contains("Gini isn't defined on these customers.", Of(Metric.NormalizedGini, []).Texts());
        Assert.Equal(["blend"], Of(Metric.NormalizedGini, [("blend", .5), ("trees", undefined)]).Y.Rows.Select(r => r.Name.ToString()));
    }
}
