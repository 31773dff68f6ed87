using CustomerValue.Evaluation;

namespace CustomerValue.Charts.Tests;

public class TextGainChartTests
{
    private static TextGainRow Row(string slice, string metric = "auc", double difference = .02, double low = .01, double high = .03, double? oracle = null, string candidate = "blend") =>
        new(slice, metric, .80, .80 + difference, difference, low, high, -.001, -.004, .002, oracle, candidate, 1200);

    [Fact]
    public void Each_slice_shows_the_gain_that_of_others_texts_and_what_could_be()
    {
        var chart = TextGainChart.Of(Metric.RocAuc, "blend", [Row("all", oracle: .05), Row("first_order", difference: .03, low: -.01, high: .07, oracle: .06), Row("all", "gini"), Row("all", candidate: "another")]);
        Assert.Equal([("all customers", true), ("after the first order", false)], chart.Y.Rows.Select(r => (r.Name.ToString(), r.Stressed)));          // stressed: the interval is above 0
        Assert.Equal(["1,200", "+0.0300 [−0.0100, +0.0700]"], chart.Y.Rows[1].Figures.Select(f => f.ToString()));
        var series = chart.Series.ToDictionary(s => s.Role, s => s.Points);
        Assert.Equal([.02, .03], series[Role.Winner].Select(p => p.X));
        Assert.Equal([new Reach(.01, .03), new Reach(-.01, .07)], series[Role.Winner].Select(p => p.Across!.Value));
        Assert.Equal([-.001, -.001], series[Role.Baseline].Select(p => p.X));
        Assert.Equal([.05, .06], series[Role.Perfect].Select(p => p.X));
        Assert.Contains("all customers: +0.0200 [+0.0100, +0.0300], with texts of others −0.0010 [−0.0040, +0.0020], at best +0.0500.", chart.Description, StringComparison.Ordinal);
        Assert.True(chart.X.Low < -.01 && chart.X.High > .07);
        Assert.EndsWith("right is better", chart.X.Title.ToString(), StringComparison.Ordinal);
        Assert.Contains("What did texts buy, in AUC?", chart.Texts());
    }

    [Fact]
    public void Without_the_truth_nothing_is_said_of_the_best_and_log_loss_is_better_to_the_left()
    {
        var chart = TextGainChart.Of(Metric.LogLoss, "blend", [Row("all", "log_loss", -.02, -.03, -.01)]);
        Assert.Equal([Role.Baseline, Role.Winner], chart.Series.Select(s => s.Role));
        Assert.Equal(("text-gain-log-loss", true), (chart.Name, chart.Y.Rows[0].Stressed));
        Assert.EndsWith("nats per customer: left is better", chart.X.Title.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_is_nothing_it_says_so() =>
        Assert.Contains("AUC isn't defined on these customers", string.Join(' ', TextGainChart.Of(Metric.RocAuc, "blend", []).Texts()), StringComparison.Ordinal);

    [Fact]
    public void A_run_on_texts_has_one_for_each_figure()
    {
        var found = Sample.Findings(Sample.Labels, Sample.Candidates);
        var of = found with { Result = found.Result with { TextGain = [Row("all"), Row("all", "log_loss", -.02, -.03, -.01), Row("all", "gini", candidate: "another")] } };
        Assert.Equal(["text-gain-auc", "text-gain-gini", "text-gain-log-loss"], ExperimentCharts.Of(of).Select(c => c.Name).Except(ExperimentCharts.Of(found).Select(c => c.Name)).Order(StringComparer.Ordinal));
        Assert.Contains("another", ExperimentCharts.Of(of).Single(c => c.Name == "text-gain-gini").Subtitle, StringComparison.Ordinal);
    }
}
