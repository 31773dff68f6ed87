using CustomerValue.Evaluation;
using CustomerValue.Models;

namespace CustomerValue.Charts.Tests;

public class ReliabilityChartTests
{
    private static readonly double[] s_churned = Scoreboard.Actual(Sample.Labels, Target.Churn);

    private static Chart Drawn => ReliabilityChart.Of(Sample.Labels, Sample.Candidates, "blend");

    [Fact]
    public void Bins_and_intervals_are_those_of_the_evaluation() =>
        Assert.Equal(CalibrationGroup.Of(s_churned, Sample.Candidates[2].Scores.Churn!, 15).Select(g => (g.MeanPredicted, g.MeanActual, g.RateInterval().Low, g.RateInterval().High)),
            Drawn.Series[^1].Points.Select(p => (p.X, p.Y, p.Upwards!.Value.Low, p.Upwards.Value.High)));

    [Fact]
    public void The_calibration_error_can_be_read_off_the_winners_points()
    {
        var counts = CalibrationGroup.Of(s_churned, Sample.Candidates[2].Scores.Churn!, 15).Select(g => g.Customers);
        Assert.Equal(Metric.CalibrationError.Of(s_churned, Sample.Candidates[2].Scores.Churn!), Drawn.Series[^1].Points.Zip(counts, (p, n) => n * Math.Abs(p.X - p.Y)).Sum() / Sample.Rows, 12);
    }

    [Fact]
    public void It_says_how_many_customers_a_bin_has() =>
        Assert.Contains("203 customers, next 180 days, in 15 bins by the probability foreseen, 13 or 14 customers in each; bars: 95 % intervals of the rate", Drawn.Subtitle, StringComparison.Ordinal);

    [Fact]
    public void The_others_are_drawn_without_intervals_and_only_if_they_answer()
    {
        Assert.Equal(["as foreseen", "mean", Sample.Hostile, "blend"], Drawn.Series.Select(s => s.Name.ToString()));
        Assert.All(Drawn.Series.Take(3).SelectMany(s => s.Points), p => Assert.Null(p.Upwards));
    }

    [Theory, InlineData(0), InlineData(50)]
    public void Where_all_stay_or_all_leave_the_rates_lie_on_the_edge(int spend)
    {
        var chart = ReliabilityChart.Of(Sample.Of(_ => spend), [("blend", new(Churn: Sample.Column(row => row % 10 / 10.0)))], "blend");
        Assert.All(chart.Series[^1].Points, p => Assert.Equal(spend == 0 ? 1 : 0, p.Y));
        Assert.DoesNotContain("NaN", chart.ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_customers_it_says_so() =>
        Assert.Contains("There are no customers to compare.", ReliabilityChart.Of(Sample.Of(_ => 0, rows: 0), [("blend", new Scores(Churn: []))], "blend").Texts());
}
