using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

public class BtydLifetimeValueTests
{
    private static readonly Horizon s_window = Horizon.OfWeeks(Cdnow.HorizonWeeks);

    [Fact]
    public void Value_on_CDNOW_is_as_good_as_measured_with_lifetimes()      // BG/NBD x Gamma-Gamma: Gini .638, Spearman .426, MAE 30.41, decile error 25.5 %
    {
        var value = new BtydLifetimeValue(new BgNbd(), new GammaGamma()).Fit(Cdnow.Histories).ExpectedSpend(Cdnow.Histories, s_window);
        Assert.Equal(.638, Metric.NormalizedGini.Of(Cdnow.Spend, value), 0.0005);
        Assert.Equal(.426, Metric.Spearman.Of(Cdnow.Spend, value), 0.0005);
        Assert.Equal(30.41, Metric.MeanAbsoluteError.Of(Cdnow.Spend, value), 0.005);
        Assert.Equal(.255, Metric.DecileError.Of(Cdnow.Spend, value), 0.0005);
    }

    [Fact]
    public void The_first_orders_spend_lifts_the_ranking()                   // Pareto/NBD x Gamma-Gamma over all orders: Gini .693, MAE 29.20
    {
        var value = new BtydLifetimeValue(new ParetoNbd(), new GammaGamma(includeFirst: true)).Fit(Cdnow.Histories).ExpectedSpend(Cdnow.Histories, s_window);
        Assert.Equal(.693, Metric.NormalizedGini.Of(Cdnow.Spend, value), 0.0005);
        Assert.Equal(29.20, Metric.MeanAbsoluteError.Of(Cdnow.Spend, value), 0.005);
    }

    [Fact]
    public void As_a_candidate_it_answers_value_churn_and_purchases_from_the_tables_own_columns()
    {
        var table = Table(Cdnow.Histories);
        var candidate = new BtydLifetimeValue(new MbgNbd(), new GammaGamma(includeFirst: true));
        Assert.Equal("mbg-nbd-gg-all", candidate.Name);
        var scores = candidate.Fit(new TrainingData([], table, 39 * 7), new FitContext(Seed: 1)).Predict(table);
        var model = new MbgNbd().Fit(Cdnow.Histories);
        Assert.Equal(model.ProbabilityOfNoPurchase(Cdnow.Histories, 39), scores.Churn);
        Assert.Equal(model.ExpectedPurchases(Cdnow.Histories, 39), scores.Purchases);
        Assert.Equal(candidate.Fit(Cdnow.Histories).ExpectedSpend(Cdnow.Histories, s_window), scores.Spend);
        Assert.Null(new BtydLifetimeValue(new MbgNbd()).Fit(new TrainingData([], table, 273), new FitContext(1)).Predict(table).Spend);
    }

    [Fact]
    public void Two_fits_on_the_same_data_are_equal()
    {
        var candidate = new BtydLifetimeValue(new BgNbd(), new GammaGamma());
        Assert.Equal(candidate.Fit(Cdnow.Histories), candidate.Fit(Cdnow.Histories));
    }

    [Theory, InlineData(0.1), InlineData(0.5)]
    public void Discounting_weighs_each_week_by_its_distance(double rate)
    {
        var model = Fixed() with { AnnualDiscountRate = rate };
        var histories = Reference.Histories(new(3, 20, 30), new(0, 0, 0), new(0, 0, 38), new(40, 30, 30));
        var discounted = model.DiscountedPurchases(histories, Horizon.OfWeeks(104));
        const int Steps = 20_000;
        var sum = new double[histories.Count];
        var before = new double[histories.Count];
        for (var step = 1; step <= Steps; step++)
        {
            var t = 104.0 * step / Steps;
            var now = model.Purchases.ExpectedPurchases(histories, t);
            var weight = Math.Pow(1 + rate, -(t - 52.0 / Steps) * 7 / 365.25);
            for (var row = 0; row < sum.Length; row++) sum[row] += weight * (now[row] - before[row]);
            before = now;
        }
        for (var row = 0; row < sum.Length; row++) Assert.Equal(sum[row], discounted[row], 1e-5 * sum[row]);
    }

    [Fact]
    public void An_estimate_carries_its_customer_horizon_and_rate()
    {
        var model = Fixed() with { AnnualDiscountRate = 0.1 };
        var histories = Reference.Histories(new PurchaseHistory(3, 20, 30)) with { MeanRepeatSpend = [50] };
        var estimate = Assert.Single(model.Estimate(histories, Horizon.OfDays(182)));
        Assert.Equal(("c0000", Horizon.OfWeeks(26), 0.1), (estimate.CustomerId, estimate.Horizon, estimate.AnnualDiscountRate));
        Assert.InRange(estimate.Expected, 1, model.Purchases.ExpectedPurchases(histories, 26)[0] * 50);
        Assert.Equal(model.Intervals(histories, Horizon.OfDays(182), SpendInterval.DefaultLevel)[0], estimate.Interval);
        Assert.InRange(estimate.Expected, estimate.Interval.Low, estimate.Interval.High);
    }

    [Fact]
    public void As_a_candidate_it_says_how_sure_it_is_too()
    {
        var candidate = new BtydLifetimeValue(new BgNbd(), new GammaGamma());
        var table = Table(Cdnow.Histories);
        var fitted = Assert.IsAssignableFrom<IHasInterval>(candidate.Fit(new TrainingData([], table, 273), new FitContext(1)));
        var (low, high) = fitted.Interval(table, 0.9);
        var expected = candidate.Fit(Cdnow.Histories).Intervals(Cdnow.Histories, Horizon.OfDays(273), 0.9);
        Assert.Equal(expected.Low, low);
        Assert.Equal(expected.High, high);
        Assert.All(low.Zip(high), ends => Assert.InRange(ends.First, 0, ends.Second));
    }

    [Fact]
    public void An_impossible_rate_is_refused() =>
        Assert.Contains("annual discount rate must lie between 0 and 10", Assert.Throws<ArgumentOutOfRangeException>(() => new BtydLifetimeValue(new BgNbd(), annualDiscountRate: -0.1)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_table_without_purchase_histories_is_refused_by_name()
    {
        var table = new FeatureTable(new(1997, 10, 1), ["a"], [new("frequency", "orders", "", "")], [[1]]);
        var error = Assert.Throws<KeyNotFoundException>(() => new BtydLifetimeValue(new BgNbd()).Fit(new TrainingData([], table, 273), new FitContext(1)));
        Assert.Contains("has no column 'recency_weeks'", error.Message, StringComparison.Ordinal);
    }

    internal static FeatureTable Table(PurchaseHistories h) =>
        new(new(1997, 10, 1), h.CustomerIds,
            [.. new[] { "frequency", "recency_weeks", "age_weeks", "mean_repeat_spend", "mean_spend" }.Select(n => new FeatureInfo(n, "", "", "purchase_history"))],
            [h.Frequency, h.Recency, h.Age, h.MeanRepeatSpend, h.MeanSpend]);

    private static BtydLifetimeValueModel Fixed() => new(new BgNbdModel(0.243, 4.414, 0.793, 2.426), new GammaGammaModel(6.25, 3.74, 15.44));
}
