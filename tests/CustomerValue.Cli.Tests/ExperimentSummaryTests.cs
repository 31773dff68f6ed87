using CustomerValue.Evaluation;
using CustomerValue.Experiments;

namespace CustomerValue.Cli.Tests;

public class ExperimentSummaryTests
{
    // Chosen before the test rows were read: there, each of these may have come out on top.
    [Theory]
    [InlineData(.8713, .8671, .0011, .0074, "Value: chosen blend, Gini 0.8713 on test; best other: trees, 0.8671; blend is better by 0.0042 [0.0011, 0.0074].")]
    [InlineData(.8671, .8713, -.0074, -.0011, "Value: chosen blend, Gini 0.8671 on test; best other: trees, 0.8713; blend is worse by 0.0042 [0.0011, 0.0074].")]
    [InlineData(.8713, .8707, -.0020, .0032, "Value: chosen blend, Gini 0.8713 on test; best other: trees, 0.8707; blend is better by 0.0006 [-0.0020, 0.0032], within noise.")]
    [InlineData(.8707, .8713, -.0032, .0020, "Value: chosen blend, Gini 0.8707 on test; best other: trees, 0.8713; blend is worse by 0.0006 [-0.0020, 0.0032], within noise.")]
    [InlineData(.8707, .8707, -.0032, .0032, "Value: chosen blend, Gini 0.8707 on test; best other: trees, 0.8707; blend is just as good.")]
    public void Where_higher_is_better_the_direction_stands_in_words(double chosen, double other, double low, double high, string sentence) =>
        Assert.Equal(sentence, Verdict("Value", Metric.NormalizedGini, chosen, other, low, high));

    [Theory]
    [InlineData(.4946, .5027, -.0120, -.0043, "Churn: chosen blend, Log loss 0.4946 on test; best other: trees, 0.5027; blend is better by 0.0081 [0.0043, 0.0120].")]
    [InlineData(.5027, .4946, .0043, .0120, "Churn: chosen blend, Log loss 0.5027 on test; best other: trees, 0.4946; blend is worse by 0.0081 [0.0043, 0.0120].")]
    [InlineData(.4946, .4950, -.0030, .0022, "Churn: chosen blend, Log loss 0.4946 on test; best other: trees, 0.4950; blend is better by 0.0004 [-0.0022, 0.0030], within noise.")]
    [InlineData(.4950, .4946, -.0022, .0030, "Churn: chosen blend, Log loss 0.4950 on test; best other: trees, 0.4946; blend is worse by 0.0004 [-0.0022, 0.0030], within noise.")]
    public void Where_lower_is_better_a_positive_difference_is_worse(double chosen, double other, double low, double high, string sentence) =>
        Assert.Equal(sentence, Verdict("Churn", Metric.LogLoss, chosen, other, low, high));

    [Fact]
    public void Where_near_0_is_better_it_says_which_is_nearer() =>
        Assert.Equal("Value: chosen blend, Bias -4.0 % on test; best other: trees, +9.0 %; blend is nearer to 0; the difference is -13.0 % [-15.0 %, -11.0 %].",
            Verdict("Value", Metric.Bias, -.04, .09, -.15, -.11));

    [Fact]
    public void The_best_of_the_others_is_the_one_set_against()
    {
        var result = Result(Metric.LogLoss, [("blend", .50), ("mean", .69), ("trees", .52), ("rule", .61)], [.. from name in new[] { "mean", "trees", "rule" } select Comparison(Metric.LogLoss, name, -.02, -.03, -.01)]);
        Assert.Equal("Churn: chosen blend, Log loss 0.5000 on test; best other: trees, 0.5200; blend is better by 0.0200 [0.0100, 0.0300].", ExperimentSummary.Verdict(result, "Churn", Metric.LogLoss, "blend"));
    }

    [Fact]
    public void One_that_stands_alone_is_set_against_nothing() =>
        Assert.Equal("Churn: chosen blend, AUC 0.8000 on test; nothing to compare with.", ExperimentSummary.Verdict(Result(Metric.RocAuc, [("blend", .8)], []), "Churn", Metric.RocAuc, "blend"));

    [Fact]
    public void A_question_that_no_candidate_answers_is_told() =>
        Assert.Equal("Churn: no candidate answers.", ExperimentSummary.Verdict(Result(Metric.RocAuc, [], []), "Churn", Metric.RocAuc, winner: null));

    private static string Verdict(string question, Metric metric, double chosen, double other, double low, double high) =>
        ExperimentSummary.Verdict(Result(metric, [("blend", chosen), ("trees", other)], [Comparison(metric, "trees", chosen - other, low, high)]), question, metric, "blend");

    private static ModelComparison Comparison(Metric metric, string other, double difference, double low, double high) => new(metric.Key, "blend", other, difference, low, high);

    private static ExperimentResult Result(Metric metric, (string Name, double Figure)[] candidates, ModelComparison[] comparisons) => new(
        "0001-shop", "Who?", "run", "commit", "fingerprint", Seed: 1, Threads: 2, new([], new(2024, 7, 1), 180, 180), new(100, 100), new(.5, 10, 1000),
        [.. candidates.Select(c => new CandidateResult(c.Name, 1, 1, new Dictionary<string, double> { [metric.Key] = c.Figure }, new Dictionary<string, double>(), new Dictionary<string, string>()))],
        comparisons, new("blend", "blend", "gini and log_loss on the latest training cutoff"), []);
}
