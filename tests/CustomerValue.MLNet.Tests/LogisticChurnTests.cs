using CustomerValue.Features;
using CustomerValue.MLNet;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Tests.MLNet;

public class LogisticChurnTests
{
    private static readonly TrainingData s_data = SampleCustomers.Training();

    [Fact]
    public void Keeps_the_contract() => CandidateContract.Holds(new LogisticChurn(), codecs: ModelCodecs.Core.With(MLNetCodecs.All));

    [Fact]
    public void One_flag_gives_the_two_groups_shares()                         // with one binary column the most likely curve meets both shares
    {
        var rows = Enumerable.Range(0, 800).ToArray();
        var table = new FeatureTable(new(2020, 1, 1), [.. rows.Select(r => $"{r:D4}")], [new("flag", "flag", "", "")], [[.. rows.Select(r => r < 400 ? 0.0 : 1)]]);
        bool[] churned = [.. rows.Select(r => r < 400 ? r % 4 == 0 : r % 4 != 0)];
        var data = new TrainingData([new(table, new(90, new double[800], churned, new int[800]))], table, 90);
        var churn = new LogisticChurn(new() { L2 = [0] }).Fit(data, new(Seed: 1)).Predict(table).Churn!;
        Assert.Equal(0.25, churn[0], 2e-3);
        Assert.Equal(0.75, churn[799], 2e-3);
    }

    [Fact]
    public void Beats_recency_alone_on_customers_it_never_saw()
    {
        var later = SampleCustomers.Labelled(1000, new(2020, 12, 1), new Random(99));
        double[] actual = [.. later.Labels.Churned.Select(c => c ? 1.0 : 0)];
        double LossOf(ICandidate candidate) => Loss.Log(candidate.Fit(s_data, new(Seed: 1)).Predict(later.Features).Churn, actual);
        Assert.True(LossOf(new LogisticChurn()) < LossOf(new RecencyRule()) - 0.02);
    }

    [Fact]
    public void Reasons_add_up_to_the_logit() => ReasonsContract.AddsUp(new LogisticChurn().Fit(s_data, new(Seed: 1)), s_data.Current, Answer.Churn);

    [Fact]
    public void A_stronger_pull_makes_smaller_weights()
    {
        double Size(double l2) => Assert.IsType<FittedLogisticChurn>(new LogisticChurn(new() { L2 = [l2] }).Fit(s_data, new(Seed: 1))).Weights.Sum(w => w * w);
        Assert.True(Size(1) > 2 * Size(1000));
    }

    [Fact]
    public void The_strength_is_one_of_those_offered() => Assert.Contains(
        Assert.IsType<FittedLogisticChurn>(new LogisticChurn().Fit(s_data, new(Seed: 1))).L2, new LogisticChurnOptions().L2);

    [Fact]
    public void Customers_who_all_stayed_give_a_small_finite_chance()
    {
        var stayed = s_data with { Cutoffs = [.. s_data.Cutoffs.Select(c => c with { Labels = c.Labels with { Churned = new bool[c.Labels.Rows] } })] };
        Assert.All(new LogisticChurn().Fit(stayed, new(Seed: 1)).Predict(s_data.Current).Churn!, p => Assert.InRange(p, 1e-6, 0.01));
    }

    [Fact]
    public void Refuses_bad_options()
    {
        Assert.Contains("at least one strength", Assert.Throws<ArgumentException>(() => new LogisticChurnOptions { L2 = [] }).Message, StringComparison.Ordinal);
        Assert.Contains("L2 must lie between", Assert.Throws<ArgumentOutOfRangeException>(() => new LogisticChurnOptions { L2 = [-1] }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_labels_over_another_window() => Assert.Contains("is to foresee 180 days", Assert.Throws<InvalidOperationException>(
        () => new LogisticChurn().Fit(s_data with { HorizonDays = 180 }, new(Seed: 1))).Message, StringComparison.Ordinal);
}
