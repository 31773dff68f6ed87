using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Models.Text;

namespace CustomerValue.Charts.Tests;

public class TextChartsTests
{
    private const string Hostile = "blend <script> & \"其他\" \ud800";

    // 40 texts of 4 labels; the surer a text is told, the likelier rightly: the ten least sure are wrong every second time.
    private static readonly int[] s_labels = [.. Enumerable.Range(0, 40).Select(row => row % 4)];

    private static double[][] Told(double least, int wrongUpTo) => [.. Enumerable.Range(0, 40).Select(row =>
    {
        var (sure, label) = (least + row * 0.01, row < wrongUpTo && row % 2 == 0 ? (row % 4 + 1) % 4 : row % 4);
        return Enumerable.Range(0, 4).Select(c => c == label ? sure : (1 - sure) / 3).ToArray();
    })];

    private static readonly (string Name, double[][] Probabilities)[] s_candidates = [("words", Told(0.3, 30)), (Hostile, Told(0.55, 10))];

    [Fact]
    public void Half_of_the_texts_may_be_answered_without_a_mistake()
    {
        var chart = AnsweredChart.Of(s_labels, s_candidates, Hostile);
        var own = chart.Series[^1];
        Assert.Equal((Role.Winner, $"{Hostile} (chosen)"), (own.Role, own.Legend?.ToString()));
        Assert.Equal((1.0, 35.0 / 40), (own.Points[^1].X, own.Points[^1].Y));                    // all answered: five of the ten least sure are wrong
        Assert.Equal((0.5, 1.0), (own.Points[0].X, own.Points[0].Y));                            // twenty texts are the fewest that are shown
        Assert.Equal("half answered: 100.0 % right", own.Points.Single(p => p.Label is not null).Label!.ToString());
        Assert.Equal(25.0 / 40, chart.Series[0].Points[^1].Y);
        Assert.Equal((0.6, 1), (chart.Y.Low, chart.Y.High));
        Assert.Contains("100.0 % answered, those at least 55.0 % sure: 87.5 % right", chart.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Sureness_stands_beside_the_share_that_is_right_with_its_interval()
    {
        var chart = SurenessChart.Of(s_labels, s_candidates, Hostile);
        var own = chart.Series[^1].Points;
        Assert.Equal(10, own.Count);
        Assert.Equal((0.565, 0.5), (Math.Round(own[0].X, 12), own[0].Y));                        // rows 0 to 3: sure 55 to 58 %, rows 1 and 3 right
        Assert.Equal((0.925, 1.0), (Math.Round(own[^1].X, 12), own[^1].Y));
        Assert.True(own[0].Upwards!.Value.Low is > 0.1 and < 0.5 && own[0].Upwards!.Value.High is > 0.5 and < 0.9);
        Assert.Null(chart.Series[1].Points[0].Upwards);
        Assert.Equal((chart.X.Low, chart.X.High), (chart.Y.Low, chart.Y.High));
    }

    [Fact]
    public void The_commonest_confusions_stand_on_top()
    {
        string[] classes = ["card lost", "card broken", "pin", "refund"];
        var chart = ConfusionsChart.Of(classes, s_labels, s_candidates[1]);
        // Rows 0, 4, 8 are 'card lost' told 'card broken'; 2 and 6 'pin' told 'refund'.
        Assert.Equal([("card lost", "card broken", "3 of 10"), ("pin", "refund", "2 of 10")], chart.Y.Rows.Select(r => (r.Name.ToString(), r.Figures[0].ToString(), r.Figures[1].ToString())));
        Assert.Equal([0.3, 0.2], chart.Series[0].Points.Select(p => p.X));
        Assert.Contains("5 of 40 texts told wrongly", chart.Subtitle, StringComparison.Ordinal);
        var right = ConfusionsChart.Of(classes, s_labels, ("all right", [.. s_labels.Select(l => Enumerable.Range(0, 4).Select(c => c == l ? 1.0 : 0).ToArray())]));
        Assert.Contains("No text is told wrongly.", right.Texts());
    }

    [Fact]
    public void More_confusions_than_have_room_are_counted()
    {
        var many = Enumerable.Range(0, 60).Select(row => row % 20).ToArray();
        double[][] told = [.. many.Select((label, row) => Enumerable.Range(0, 20).Select(c => c == (label + row / 20) % 20 ? 0.62 : 0.02).ToArray())];
        var chart = ConfusionsChart.Of([.. Enumerable.Range(0, 20).Select(c => $"a label with a very long name, number {c}")], many, ("x", told));
        Assert.Equal(12, chart.Y.Rows.Count);
        Assert.Contains("the 12 commonest of 40 confusions, 12 texts", chart.Subtitle, StringComparison.Ordinal);
        Assert.All(chart.Y.Rows, r => Assert.Matches(@"^a label.*….*number \d+$", r.Figures[0].ToString()));
        Assert.Equal(12, chart.Y.Rows.Select(r => (r.Name.ToString(), r.Figures[0].ToString())).Distinct().Count());
    }

    [Fact]
    public void A_run_on_texts_has_four_pictures_whatever_candidates_are_called()
    {
        var comparison = new ModelComparison("accuracy", Hostile, "words", 0.25, 0.1, 0.4);
        FiguresResult result = new("0009-texts", "What?", new string('a', 32), "abc", "data", 7, 1, new Dictionary<string, int>(),
            [.. s_candidates.Select(c => new CandidateResult(c.Name, 0, 0, new Dictionary<string, double> { ["accuracy"] = ClassMetric.Accuracy.Of(s_labels, c.Probabilities) }, new Dictionary<string, double>(), new Dictionary<string, string>()))],
            [comparison], new(Hostile, "accuracy on dev"), []);
        var experiment = new TextExperiment("0009-texts") { Question = "What?", Data = _ => throw new InvalidOperationException("Charts read no data."), Candidates = _ => [], Seed = 7 };
        var found = new TextFindings(experiment, result, new LabelledTexts(new string[40], s_labels, ["a", "b", "c", "d"]), s_candidates);
        var charts = ExperimentCharts.Of(found);
        Assert.Equal(["candidates", "sureness", "answered", "confusions"], charts.Select(c => c.Name));
        Assert.All(charts, c => Assert.Equal("svg", c.Parsed().Name.LocalName));
        Assert.All(charts, c => Assert.StartsWith("0009-texts: ", c.Subtitle, StringComparison.Ordinal));
        Assert.Equal("How do the candidates stand to the one chosen?", charts[0].Title);
        Assert.Contains("on the test texts", charts[0].Subtitle, StringComparison.Ordinal);
        Assert.Equal(Role.Worse, charts[0].Series.Single(s => s.Points.Any(p => p.Text!.ToString().StartsWith("words", StringComparison.Ordinal))).Role);
        Assert.Equal(ExperimentCharts.Draw(found)["answered.svg"], ExperimentCharts.Draw(found)["answered.svg"]);
        Assert.Empty(ExperimentCharts.Of(found with { Result = result with { Winner = null } }));
        Assert.Throws<ArgumentException>(() => AnsweredChart.Of(s_labels, s_candidates, "another"));
    }
}
