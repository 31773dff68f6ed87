using CustomerValue.Evaluation;
using CustomerValue.Models;

namespace CustomerValue.Charts.Tests;

public class DecileCalibrationChartTests
{
    private static Chart Drawn => DecileCalibrationChart.Of(Sample.Labels, Sample.Candidates, "blend");

    [Fact]
    public void Each_candidate_is_drawn_as_the_evaluation_groups_it()
    {
        foreach (var (name, scores) in Sample.Candidates)
            Assert.Equal(CalibrationGroup.Of(Sample.Labels.Spend, scores.Spend!, 10).Select(g => (g.MeanPredicted, g.MeanActual)),
                Drawn.Series.Single(s => s.Name.ToString() == name).Points.Select(p => (p.X, p.Y)));
    }

    [Fact]
    public void The_decile_error_can_be_read_off_the_winners_points() =>
        Assert.Equal(Metric.DecileError.Of(Sample.Labels.Spend, Sample.Candidates[2].Scores.Spend!),
            Drawn.Series.Single(s => s.Name.ToString() == "blend").Points.Average(p => Math.Abs(p.X - p.Y) / p.Y), 12);

    [Fact]
    public void The_winner_lies_on_top_and_the_others_share_a_line_of_the_legend()
    {
        Assert.Equal((Role.Winner, true), (Drawn.Series[^1].Role, Drawn.Series[^1].Marked));
        Assert.Equal(["spent as foreseen", "the other 3 candidates", "blend (chosen)"], Drawn.Series.Select(s => s.Legend?.ToString()).OfType<string>());
        var last = CalibrationGroup.Of(Sample.Labels.Spend, Sample.Candidates[2].Scores.Spend!, 10)[^1];
        Assert.Contains(FormattableString.Invariant($"highest tenth: {last.MeanPredicted:0.00} foreseen, {last.MeanActual:0.00} spent"), Drawn.Texts());
    }

    [Fact]
    public void Candidates_without_an_answer_are_left_out() =>
        Assert.Equal(["as foreseen", "blend"], DecileCalibrationChart.Of(Sample.Labels, [("rule", new(Churn: Sample.Column(_ => 0.5))), Sample.Candidates[2]], "blend").Series.Select(s => s.Name.ToString()));

    [Fact]
    public void Where_nobody_spends_and_nothing_is_foreseen_all_lies_at_0()
    {
        var chart = DecileCalibrationChart.Of(Sample.Of(_ => 0), [("blend", new(Spend: Sample.Column(_ => 0)))], "blend");
        Assert.All(chart.Series[^1].Points, p => Assert.Equal((0, 0), (p.X, p.Y)));
        Assert.Equal(1, chart.X.High);
        Assert.DoesNotContain("NaN", chart.ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_customers_than_tenths_make_a_group_each()
    {
        var chart = DecileCalibrationChart.Of(Sample.Of(row => row, rows: 3), [("blend", new Scores(Spend: [1, 2, 3]))], "blend");
        Assert.Equal(3, chart.Series[^1].Points.Count);
        Assert.Contains("tenth 3: 3.00 foreseen, 2.00 spent (1 customer)", chart.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void A_winner_that_has_no_answer_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => DecileCalibrationChart.Of(Sample.Labels, Sample.Candidates, "rule"));
        Assert.StartsWith("'rule' isn't among the candidates that answer Value. They are: mean, spend-so-far, blend, trees", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_customers_it_says_so() =>
        Assert.Contains("There are no customers to compare.", DecileCalibrationChart.Of(Sample.Of(_ => 0, rows: 0), [("blend", new Scores(Spend: []))], "blend").Texts());
}
