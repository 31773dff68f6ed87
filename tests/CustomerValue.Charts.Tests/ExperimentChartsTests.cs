using System.Text;
using CustomerValue.Models;

namespace CustomerValue.Charts.Tests;

public class ExperimentChartsTests
{
    [Fact]
    public void There_is_a_picture_for_each_question()
    {
        var found = Sample.Findings(Sample.Labels, Sample.Candidates);
        var pictures = ExperimentCharts.Draw(found);
        Assert.Equal(["candidates-churn.svg", "candidates-value.svg", "churn-reliability.svg", "decile-calibration.svg", "gains.svg"], pictures.Keys.Order(StringComparer.Ordinal));
        foreach (var chart in ExperimentCharts.Of(found))
        {
            Assert.Equal(chart.ToSvg(), Encoding.UTF8.GetString(pictures[chart.Name + ".svg"]));
            Assert.StartsWith("0009-sample at 2024-07-01: ", chart.Subtitle, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nothing_of_the_moment_stands_in_them()                                                 // a repeated run draws the same pictures
    {
        var found = Sample.Findings(Sample.Labels, Sample.Candidates);
        var later = found with { Result = found.Result with { RunId = new string('b', 32), Commit = "def", Stages = [new("evaluate", 9, 9, false)] } };
        Assert.Equal(ExperimentCharts.Draw(found).Values, ExperimentCharts.Draw(later).Values);
    }

    [Fact]
    public void A_question_that_no_candidate_answers_has_none()
    {
        Assert.Equal(["candidates-churn", "churn-reliability"], Names(Sample.Findings(Sample.Labels, [("blend", new(Churn: Sample.Candidates[2].Scores.Churn))], value: null)));
        Assert.Equal(["candidates-value", "decile-calibration", "gains"], Names(Sample.Findings(Sample.Labels, [Sample.Candidates[1]], value: "spend-so-far", churn: null)));
        Assert.Empty(Names(Sample.Findings(Sample.Labels, [], null, null)));
    }

    [Fact]
    public void A_shop_that_sold_nothing_has_charts_too()
    {
        var charts = ExperimentCharts.Of(Sample.Findings(Sample.Of(_ => 0), Sample.Candidates));
        Assert.Equal(5, charts.Count);
        Assert.Contains("Gini isn't defined on these customers.", charts.Single(c => c.Name == "candidates-value").Texts());
        Assert.All(charts, c => Assert.DoesNotContain("NaN", c.ToSvg(), StringComparison.Ordinal));
    }

    private static IEnumerable<string> Names(Experiments.RunFindings found) => ExperimentCharts.Of(found).Select(c => c.Name).Order(StringComparer.Ordinal);
}
