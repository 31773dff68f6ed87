using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Tests.Evaluation;

public class ScoreboardTests
{
    private static readonly Labels s_labels = new(30, [0, 10, 20, 70, 0, 5], [true, false, false, false, true, false], [0, 1, 1, 2, 0, 1]);
    private static readonly (string, Scores)[] s_candidates =
    [
        ("good", new(Spend: [1, 9, 22, 60, 0, 6], Churn: [0.9, 0.2, 0.1, 0.1, 0.8, 0.3])),
        ("value only", new(Spend: [5, 5, 5, 6, 5, 5])),
        ("upside down", new(Churn: [0.1, 0.8, 0.9, 0.9, 0.2, 0.7])),
    ];

    [Fact]
    public void Candidates_are_judged_only_on_what_they_answer()
    {
        var board = Scoreboard.Of(s_labels, s_candidates, Metric.All);
        Assert.Equal(12, board.Candidates[0].Metrics.Count + 1);   // a decile of six customers has an empty group: undefined
        Assert.DoesNotContain("auc", board.Candidates[1].Metrics.Keys);
        Assert.DoesNotContain("gini", board.Candidates[2].Metrics.Keys);
    }

    [Fact]
    public void The_best_is_the_best_among_those_that_answer()
    {
        var board = Scoreboard.Of(s_labels, s_candidates, Metric.All);
        Assert.Equal("good", board.Best(Metric.NormalizedGini));
        Assert.Equal("good", board.Best(Metric.LogLoss));
        Assert.Null(new Scoreboard([]).Best(Metric.RocAuc));
    }

    [Fact]
    public void The_reference_is_set_against_every_other_on_each_metric_of_the_question()
    {
        var comparisons = Scoreboard.Compare(Target.Churn, "good", s_labels, s_candidates, Metric.All, new PairedBootstrap(6, seed: 1, draws: 100));
        Assert.Equal(["auc", "average_precision", "brier", "ece", "log_loss"], comparisons.Select(c => c.Metric).Order());
        Assert.All(comparisons, c => Assert.Equal(("good", "upside down"), (c.A, c.B)));
        Assert.Equal(1, comparisons.Single(c => c.Metric == "auc").Difference, 12);
    }

    [Fact]
    public void An_unknown_reference_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            Scoreboard.Compare(Target.Value, "upside down", s_labels, s_candidates, Metric.All, new PairedBootstrap(6, seed: 1, draws: 100)));
        Assert.Contains("'upside down' isn't among", error.Message, StringComparison.Ordinal);
    }
}
