using CustomerValue.LightGbm;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Blends;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Tests.LightGbm;

public class LightGbmCandidateTests
{
    private static readonly ModelCodecs s_codecs = ModelCodecs.Core.With([.. LightGbmCodecs.All, new ModelCodec<MeanOverAnyWindow>("half", (_, _) => { }, _ => new())]);
    private static readonly LightGbmOptions s_quick = new() { LearningRate = 0.1, Seeds = 2 };
    private static readonly TrainingData s_data = SampleCustomers.Training(customers: 1000);
    private static readonly Features.LabelledTable s_later = SampleCustomers.Labelled(1000, new(2020, 12, 1), new Random(99));

    [Fact]
    public void Churn_keeps_the_contract() => CandidateContract.Holds(new LightGbmChurn(s_quick), codecs: s_codecs);

    [Fact]
    public void Value_keeps_the_contract() => CandidateContract.Holds(new LightGbmValue(1.5, s_quick), codecs: s_codecs);

    [Theory, InlineData(SpendStage.Gamma), InlineData(SpendStage.Log)]
    public void Two_stages_keep_the_contract(SpendStage stage) => CandidateContract.Holds(new LightGbmTwoStage(stage, s_quick, s_quick), codecs: s_codecs);

    [Fact]
    public void Churn_beats_recency_alone_on_customers_it_never_saw()
    {
        double[] actual = [.. s_later.Labels.Churned.Select(c => c ? 1.0 : 0)];
        double LossOf(ICandidate candidate) => Loss.Log(candidate.Fit(s_data, new(Seed: 1)).Predict(s_later.Features).Churn, actual);
        Assert.True(LossOf(new LightGbmChurn(s_quick)) < LossOf(new RecencyRule()) - 0.02);
    }

    [Fact]
    public void Value_beats_the_last_window_and_meets_the_total()
    {
        double[] Spend(ICandidate candidate) => candidate.Fit(s_data, new(Seed: 1)).Predict(s_later.Features).Spend!;
        var window = Loss.Ranking(Spend(new SpendLastWindow(90)), s_later.Labels.Spend);
        foreach (var candidate in new ICandidate[] { new LightGbmValue(1.5, s_quick), new LightGbmTwoStage(SpendStage.Gamma, s_quick, s_quick), new LightGbmTwoStage(SpendStage.Log, s_quick, s_quick) })
        {
            var spend = Spend(candidate);
            Assert.True(Loss.Ranking(spend, s_later.Labels.Spend) < window, candidate.Name);
            Assert.InRange(spend.Sum() / s_later.Labels.Spend.Sum(), 0.8, 1.2);
        }
    }

    [Fact]
    public void Rounds_stop_where_later_rows_of_other_customers_are_answered_best()
    {
        var task = new BoostingTask("churn", (labels, row) => labels.Churned[row] ? 1 : 0, BoostingObjective.Binary, Levelled.Log);
        string[] columns = ["days_since_last_purchase", "frequency", "noise"];
        var found = task.Rounds(s_data.Cutoffs, columns, s_quick, new(Seed: 1));
        Assert.InRange(found, 5, 500);
        // Ten times smaller steps need some ten times the rounds.
        Assert.InRange(task.Rounds(s_data.Cutoffs, columns, s_quick with { LearningRate = 0.01, Patience = 200 }, new(Seed: 1)), 4 * found, 25 * found);
    }

    [Fact]
    public void A_shorter_label_window_is_scaled_to_the_horizon()
    {
        var constant = s_quick with { Columns = ["constant"], MinRowsInLeaf = 1 };
        var spend = new LightGbmValue(1.5, constant).Fit(s_data with { HorizonDays = 180 }, new(Seed: 1)).Predict(s_data.Current).Spend!;
        Assert.Equal(2 * s_data.Cutoffs.Average(c => c.Labels.Spend.Average()), spend[0], 0.5);
    }

    [Fact]
    public void Trees_that_start_from_a_candidate_keep_the_contract_and_improve_it()
    {
        CandidateContract.Holds(new LightGbmChurn(s_quick, start: new RecencyRule()), codecs: s_codecs);
        CandidateContract.Holds(new LightGbmValue(1.5, s_quick, start: new SpendLastWindow(90)), codecs: s_codecs);
        double[] actual = [.. s_later.Labels.Churned.Select(c => c ? 1.0 : 0)];
        double LossOf(ICandidate candidate) => Loss.Log(candidate.Fit(s_data, new(Seed: 1)).Predict(s_later.Features).Churn, actual);
        Assert.True(LossOf(new LightGbmChurn(s_quick, start: new RecencyRule())) < LossOf(new RecencyRule()) - 0.02);
    }

    [Fact]
    public void With_nothing_to_learn_from_the_start_is_the_answer()
    {
        var (start, blind) = (new SpendLastWindow(90), s_quick with { Columns = ["constant"] });
        var spend = new LightGbmValue(1.5, blind, start).Fit(s_data, new(Seed: 1)).Predict(s_data.Current).Spend!;
        // A column that never varies can't be split, so what is left is start + 1 (the unit added before the logarithm).
        Assert.All(start.Fit(s_data, new(Seed: 1)).Predict(s_data.Current).Spend!.Zip(spend), pair => Assert.Equal(pair.First + 1, pair.Second, 1e-6 * (pair.First + 1)));
    }

    [Fact]
    public void With_a_start_corrections_learned_on_shorter_windows_go_on_over_the_horizon()
    {
        // The start answers in proportion to the horizon it is asked for, and half of what happens; so over twice the window it is corrected by the same factor.
        var (data, blind) = (s_data with { HorizonDays = 180 }, s_quick with { Columns = ["noise"], Leaves = 2, MinRowsInLeaf = 200 });
        var start = new SpendLastWindow(180, "spend_90");
        var spend = new LightGbmValue(1.5, blind, start).Fit(data, new(Seed: 1)).Predict(data.Current).Spend!;
        var shorter = new LightGbmValue(1.5, blind, start).Fit(s_data, new(Seed: 1)).Predict(s_data.Current).Spend!;
        var started = start.Fit(data, new(Seed: 1)).Predict(data.Current).Spend!;
        var half = start.Fit(s_data, new(Seed: 1)).Predict(s_data.Current).Spend!;
        for (var row = 0; row < spend.Length; row++)
        {
            Assert.Equal(2 * half[row], started[row], 1e-9 * started[row] + 1e-9);
            Assert.Equal(shorter[row] / (half[row] + 1), spend[row] / (started[row] + 1), 1e-9);
        }
        CandidateContract.Holds(new LightGbmChurn(s_quick, new MeanOverAnyWindow()), data, s_codecs);
    }

    [Fact]
    public void A_start_without_the_answer_is_named() => Assert.Contains("'recency' has no answer to what the trees are to learn", Assert.Throws<InvalidOperationException>(
        () => new LightGbmValue(1.5, s_quick, new RecencyRule()).Fit(s_data, new(Seed: 1))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_settings_hold_what_the_trees_start_from() =>
        Assert.Equal("days_since_last_purchase", new LightGbmChurn(start: new RecencyRule()).Settings["start.column"]);

    [Fact]
    public void Churn_over_another_window_is_refused() => Assert.Contains("is to foresee 180 days", Assert.Throws<InvalidOperationException>(
        () => new LightGbmChurn().Fit(s_data with { HorizonDays = 180 }, new(Seed: 1))).Message, StringComparison.Ordinal);

    [Fact]
    public void Reasons_add_up_to_the_answer()
    {
        var few = s_later.Features.At([.. Enumerable.Range(0, 100)]);
        ReasonsContract.AddsUp(new LightGbmChurn(s_quick).Fit(s_data, new(Seed: 1)), few, Answer.Churn);
        ReasonsContract.AddsUp(new LightGbmValue(1.5, s_quick).Fit(s_data, new(Seed: 1)), few, Answer.Spend);
        ReasonsContract.AddsUp(new LightGbmTwoStage(SpendStage.Gamma, s_quick, s_quick).Fit(s_data, new(Seed: 1)), few, Answer.Spend);
        ReasonsContract.AddsUp(new LogitBlend([new LightGbmChurn(s_quick), new LightGbmChurn(s_quick with { Leaves = 3 }, name: "small")]).Fit(s_data, new(Seed: 1)), few, Answer.Churn);
        ReasonsContract.AddsUp(new GeometricBlend([new LightGbmValue(1.5, s_quick), new LightGbmValue(1.2, s_quick, name: "other")], new() { Offset = 1e-9 }).Fit(s_data, new(Seed: 1)), few, Answer.Spend);
    }

    [Fact]
    public void Columns_can_be_left_out_and_a_name_that_is_none_is_refused()
    {
        var fitted = Assert.IsType<FittedLightGbmChurn>(new LightGbmChurn(s_quick with { Exclude = ["noise", "constant"] }).Fit(s_data, new(Seed: 1)));
        Assert.DoesNotContain("noise", fitted.Boosters.Columns);
        Assert.Contains("no column 'nose'", Assert.Throws<KeyNotFoundException>(
            () => new LightGbmChurn(s_quick with { Exclude = ["nose"] }).Fit(s_data, new(Seed: 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fit_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => new LightGbmChurn().Fit(s_data, new(Seed: 1, Cancellation: source.Token)));
    }

    [Fact]
    public void An_option_out_of_range_fails_where_it_is_set()
    {
        Assert.Contains("LearningRate must lie between 0.0001 and 1",
            Assert.Throws<ArgumentOutOfRangeException>(() => new LightGbmOptions { LearningRate = 2 }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LightGbmValue(power: 2));
    }

    /// <summary>Half of the customers leave, whatever the window.</summary>
    private sealed class MeanOverAnyWindow : ICandidate, IFittedCandidate
    {
        public string Name => "half";

        public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

        public IFittedCandidate Fit(TrainingData data, FitContext context) => this;

        public IReadOnlyList<string> Columns => [];

        public Scores Predict(Features.FeatureTable customers) => new(Churn: [.. Enumerable.Repeat(0.5, customers.Rows)]);
    }
}
