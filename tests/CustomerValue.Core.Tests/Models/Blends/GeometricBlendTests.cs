using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Blends;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models.Blends;

public class GeometricBlendTests
{
    private static readonly FitContext s_context = new(Seed: 1);
    private static readonly TrainingData s_data = SampleCustomers.Training();

    private static Fixed Always(string name, double spend) => new(name, table => new(Spend: [.. Enumerable.Repeat(spend, table.Rows)]));

    [Theory, InlineData(false), InlineData(true)]
    public void Keeps_the_contract(bool keepTotal) => CandidateContract.Holds(
        new GeometricBlend([new SpendSoFar(), new MeanCustomer()], new() { Weights = BlendWeights.FromBacktest, KeepTotal = keepTotal }));

    [Fact]
    public void Equal_weights_give_the_geometric_mean()                    // (3 + 1)(15 + 1) = 64; 8 - 1 = 7
    {
        var spend = new GeometricBlend([Always("low", 3), Always("high", 15)]).Fit(s_data, s_context).Predict(s_data.Current).Spend!;
        Assert.All(spend, v => Assert.Equal(7, v, 9));
    }

    [Fact]
    public void Fixed_weights_count_by_their_ratio()                       // (1 + 1)^(3/4) (31 + 1)^(1/4) = 2^(3/4 + 5/4) = 4
    {
        var spend = new GeometricBlend([Always("low", 1), Always("high", 31)], new() { Fixed = [3, 1] }).Fit(s_data, s_context).Predict(s_data.Current).Spend!;
        Assert.All(spend, v => Assert.Equal(3, v, 9));
    }

    [Fact]
    public void An_answer_of_nothing_does_not_decide_alone() => Assert.All(
        new GeometricBlend([Always("none", 0), Always("much", 99)]).Fit(s_data, s_context).Predict(s_data.Current).Spend!, v => Assert.Equal(9, v, 9));

    [Fact]
    public void The_total_can_be_kept() => Assert.All(
        new GeometricBlend([Always("low", 3), Always("high", 15)], new() { KeepTotal = true }).Fit(s_data, s_context).Predict(s_data.Current).Spend!,
        v => Assert.Equal(9, v, 9));

    [Theory, InlineData(ValueLoss.Ranking), InlineData(ValueLoss.Absolute), InlineData(ValueLoss.Tweedie)]
    public void Learned_weights_leave_out_a_member_that_is_wrong(ValueLoss loss)
    {
        var wrong = new Fixed("wrong", table => new(Spend: [.. table["days_since_last_purchase"].Select(d => 1e5 * d)]));
        var right = new SpendLastWindow(90);
        var fitted = Assert.IsType<FittedGeometricBlend>(new GeometricBlend(
            [right, wrong], new() { Weights = BlendWeights.FromBacktest, ChosenBy = loss }).Fit(s_data, s_context));
        Assert.InRange(fitted.Weights[0], 0.85, 1);
    }

    [Fact]
    public void Weights_that_do_not_fit_the_members_are_refused()
    {
        ICandidate[] members = [new SpendSoFar(), new MeanCustomer()];
        Assert.Throws<ArgumentException>(() => new GeometricBlend(members, new() { Fixed = [1] }));
        Assert.Contains("must be finite, 0 or above", Assert.Throws<ArgumentException>(
            () => new GeometricBlend(members, new() { Fixed = [1, -1] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_without_spend_is_named() => Assert.Contains("'recency' has no answer to spend", Assert.Throws<InvalidOperationException>(
        () => new GeometricBlend([new SpendSoFar(), new RecencyRule()]).Fit(s_data, s_context).Predict(s_data.Current)).Message, StringComparison.Ordinal);
}
