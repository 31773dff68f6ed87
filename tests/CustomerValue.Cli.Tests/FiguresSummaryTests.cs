using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using Spectre.Console.Testing;

namespace CustomerValue.Cli.Tests;

public class FiguresSummaryTests
{
    private static readonly Figure s_accuracy = ClassMetric.Accuracy.Figure, s_loss = ClassMetric.LogLoss.Figure;

    [Theory]
    [InlineData("blend", .9431, .9398, .0011, .0054, "Chosen by accuracy on dev: blend, Accuracy 0.9431 on test; best other: logistic, 0.9398; blend is better by 0.0033 [0.0011, 0.0054].")]
    [InlineData("blend", .9398, .9431, -.0054, -.0011, "Chosen by accuracy on dev: blend, Accuracy 0.9398 on test; best other: logistic, 0.9431; blend is worse by 0.0033 [0.0011, 0.0054].")]
    [InlineData("blend", .9431, .9430, -.0020, .0022, "Chosen by accuracy on dev: blend, Accuracy 0.9431 on test; best other: logistic, 0.9430; blend is better by 0.0001 [-0.0020, 0.0022], within noise.")]
    [InlineData("logistic", .9431, .9398, .0011, .0054, "Chosen by accuracy on dev: logistic, Accuracy 0.9398 on test; best other: blend, 0.9431; logistic is worse by 0.0033 [0.0011, 0.0054].")]
    [InlineData("blend", .94, .94, -.0020, .0022, "Chosen by accuracy on dev: blend, Accuracy 0.9400 on test; best other: logistic, 0.9400; blend is just as good.")]
    public void The_choice_is_set_against_the_best_of_the_others_in_words(string winner, double blend, double logistic, double low, double high, string sentence) =>
        Assert.Equal(sentence, FiguresSummary.Verdict(Result(s_accuracy, winner, ("blend", blend), ("logistic", logistic)) with { Comparisons = [new("accuracy", "blend", "logistic", blend - logistic, low, high)] }, s_accuracy));

    [Fact]
    public void Where_lower_is_better_a_negative_difference_is_better()
    {
        var result = Result(s_loss, "blend", ("blend", .16), ("logistic", .17)) with { Comparisons = [new("log_loss", "blend", "logistic", -.01, -.015, -.004)] };
        Assert.Equal("Chosen by log_loss on dev: blend, Log loss 0.1600 on test; best other: logistic, 0.1700; blend is better by 0.0100 [0.0040, 0.0150].", FiguresSummary.Verdict(result, s_loss));
    }

    [Fact]
    public void One_that_stands_alone_or_isnt_ranked_is_told()
    {
        Assert.EndsWith("; nothing to compare with.", FiguresSummary.Verdict(Result(s_accuracy, "blend", ("blend", .9)), s_accuracy), StringComparison.Ordinal);
        Assert.Equal("Candidates aren't ranked.", FiguresSummary.Verdict(Result(s_accuracy, "blend", ("blend", .9)) with { Winner = null }, null));
    }

    [Fact]
    public void The_table_has_test_and_dev_and_what_was_chosen()
    {
        using var console = new TestConsole().Width(200);
        console.Write(FiguresSummary.Figures(Result(s_accuracy, "blend", ("blend", .9431), ("logistic", .9398)), [s_accuracy, s_loss]));
        var table = console.Output;
        Assert.Contains("blend  <- chosen", table, StringComparison.Ordinal);
        Assert.Contains("0.9431 (0.5000)", table, StringComparison.Ordinal);
        Assert.Contains("cost 4", table, StringComparison.Ordinal);
    }

    private static FiguresResult Result(Figure figure, string winner, params (string Name, double Test)[] candidates) => new(
        "1001-zh-shop", "Content?", "run", "commit", "fingerprint", Seed: 1, Threads: 1, new Dictionary<string, int>(),
        [.. candidates.Select(c => new CandidateResult(c.Name, 1, 1, new Dictionary<string, double> { [figure.Key] = c.Test }, new Dictionary<string, double> { [figure.Key] = .5 },
            new Dictionary<string, string>(), new Dictionary<string, string> { ["cost"] = "4" }))],
        [], new(winner, $"{figure.Key} on dev"), []);
}
