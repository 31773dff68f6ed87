using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models.Baselines;

public class BaselineTests
{
    private static readonly TrainingData s_data = SampleCustomers.Training();
    private static readonly FitContext s_context = new(Seed: 1);

    [Fact]
    public void All_baselines_keep_the_contract() => Assert.All(
        [new MeanCustomer(), new RecencyRule(), new SpendSoFar(), new SpendSoFar(SpendScale.Rate), new SpendSoFar(SpendScale.AsItStands), new SpendLastWindow(90)],
        (ICandidate candidate) => CandidateContract.Holds(candidate));

    [Fact]
    public void The_mean_customer_is_the_mean_of_the_training_rows()
    {
        var scores = new MeanCustomer().Fit(s_data, s_context).Predict(s_data.Current);
        Assert.Equal(s_data.Cutoffs.Average(c => c.Labels.Spend.Average()), scores.Spend![0], 9);
        Assert.Equal(s_data.Cutoffs.Average(c => c.Labels.Churned.Count(x => x) / 600.0), scores.Churn![599], 9);
        Assert.Equal(s_data.Cutoffs.Average(c => c.Labels.Purchases.Average()), scores.Purchases![1], 9);
    }

    [Fact]
    public void The_recency_rule_orders_by_silence_alone_and_meets_the_churn_rate()
    {
        var fitted = new RecencyRule().Fit(s_data, s_context);
        var silence = s_data.Current["days_since_last_purchase"];
        var churn = fitted.Predict(s_data.Current).Churn!;
        Assert.Equal(Enumerable.Range(0, 600).OrderBy(row => silence[row]), Enumerable.Range(0, 600).OrderBy(row => churn[row]));
        Assert.Equal(
            s_data.Cutoffs.Average(c => c.Labels.Churned.Count(x => x) / 600.0),
            s_data.Cutoffs.Average(c => fitted.Predict(c.Features).Churn!.Average()), 4);
    }

    [Fact]
    public void Spend_so_far_as_it_stands_is_the_column_and_a_debt_counts_as_nothing()
    {
        var table = Table(("net_spend", [12.5, -3]), ("age_weeks", [10, 52]));
        Assert.Equal([12.5, 0], new SpendSoFar(SpendScale.AsItStands).Fit(new([], table, 182), s_context).Predict(table).Spend!);
    }

    [Fact]
    public void Spend_so_far_as_a_rate_goes_on_for_a_horizon()                      // 26 weeks ahead: a customer of 52 weeks spends half, a new one what it spent
    {
        var table = Table(("net_spend", [12, 100]), ("age_weeks", [10, 52]));
        Assert.Equal([12.0, 50], new SpendSoFar(SpendScale.Rate).Fit(new([], table, 182), s_context).Predict(table).Spend!);
    }

    [Fact]
    public void Spend_so_far_by_a_factor_adds_up_to_what_followed()
    {
        var fitted = new SpendSoFar().Fit(s_data, s_context);
        Assert.Equal(s_data.Cutoffs.Sum(c => c.Labels.Spend.Sum()), s_data.Cutoffs.Sum(c => fitted.Predict(c.Features).Spend!.Sum()), 4);
    }

    [Fact]
    public void Spend_of_the_last_window_is_scaled_to_the_horizon()
    {
        var table = Table(("spend_90", [9, 0]), ("age_weeks", [10, 52]));
        Assert.Equal([18.0, 0], new SpendLastWindow(90).Fit(new([], table, 180), s_context).Predict(table).Spend!);
    }

    [Fact]
    public void Without_labelled_rows_the_message_says_what_is_missing()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new MeanCustomer().Fit(s_data with { Cutoffs = [] }, s_context));
        Assert.Contains("a training cutoff whose window of 90 days ends by 2020-07-19", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_over_another_window_are_refused_for_churn()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new RecencyRule().Fit(s_data with { HorizonDays = 180 }, s_context));
        Assert.Contains("is to foresee 180 days, and the labels at 2020-01-01 cover 90", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_column_is_named() => Assert.Contains(
        "no column 'silence'", Assert.Throws<KeyNotFoundException>(() => new RecencyRule("silence").Fit(s_data, s_context)).Message, StringComparison.Ordinal);

    private static FeatureTable Table(params (string Name, double[] Values)[] columns) => new(
        new(2021, 1, 1), ["a", "b"], [.. columns.Select(c => new FeatureInfo(c.Name, "", "", ""))], [.. columns.Select(c => c.Values)]);
}
