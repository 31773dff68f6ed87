using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Btyd;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models.Btyd;

public class ParetoNbdCovariatesTests
{
    private static readonly ParetoNbdModel s_typical = new(0.9, 8, 0.7, 14);
    private static readonly ParetoNbdCovariatesModel s_truth = new(s_typical, [new("anger", -0.4, 0.5), new("praise", 0.3, 0)]);
    private static readonly GammaGammaModel s_spend = new(6.25, 3.74, 15.44);
    private static readonly (CovariateHistories Customers, double[] Later) s_many = Simulate(6000, seed: 1);

    [Fact]
    public void Effects_of_nothing_leave_the_model_as_it_was()
    {
        var none = new ParetoNbdCovariatesModel(s_typical, [new("anger", 0, 0), new("praise", 0, 0)]);
        var histories = s_many.Customers.Purchases;
        Assert.Equal(s_typical.LogLikelihood(histories), none.LogLikelihood(s_many.Customers));
        Assert.Equal(s_typical.ProbabilityAlive(histories), none.ProbabilityAlive(s_many.Customers));
        Assert.Equal(s_typical.ExpectedPurchases(histories, 26), none.ExpectedPurchases(s_many.Customers, 26));
        Assert.Equal(s_typical.ProbabilityOfNoPurchase(histories, 26), none.ProbabilityOfNoPurchase(s_many.Customers, 26));
    }

    [Fact]
    public void The_likelihood_is_the_double_integral_that_it_stands_for()
    {
        PurchaseHistory[] histories = [new(0, 0, 30), new(3, 20, 30), new(6, 29, 30), new(1, 2, 50)];
        double[] anger = [1.5, -0.7, 0, 2], praise = [0, 1, -1.2, 0.5];
        var found = s_truth.LogLikelihood(new(Reference.Histories(histories), ["anger", "praise"], [anger, praise]));
        for (var row = 0; row < histories.Length; row++)
        {
            var alpha = 8 * Math.Exp(0.4 * anger[row] - 0.3 * praise[row]);
            var beta = 14 * Math.Exp(-0.5 * anger[row]);
            Assert.Equal(Math.Log(Integral(histories[row], 0.9, alpha, 0.7, beta)), found[row], 1e-6);
        }
    }

    [Fact]
    public void What_a_likelihood_is_made_of_sums_up_to_what_is_climbed()
    {
        var (customers, size) = (s_many.Customers, 8);
        var likelihood = new ParetoNbdCovariatesLikelihood(customers.Purchases, customers.Names, [.. customers.Covariates], ridge: 4, threads: 2);
        double[] gammas = [-0.4, 0.3, 0.5, 0];
        var value = likelihood.Evaluate([0.9, 8, 0.7, 14, .. gammas.Select(Math.Exp)], new double[size], new double[size * size]);
        Assert.Equal(s_truth.LogLikelihood(customers).Sum() - 2 * gammas.Sum(g => g * g), value, 1e-6);
    }

    [Fact]
    public void Finds_effects_that_customers_were_drawn_with()
    {
        var model = new ParetoNbdCovariates(ridge: 1e-3).Fit(s_many.Customers);
        var found = model.Fit!.Parameters.ToDictionary(p => p.Name);
        foreach (var (name, truth) in new[] { ("gamma1.anger", -0.4), ("gamma1.praise", 0.3), ("gamma2.anger", 0.5), ("gamma2.praise", 0.0) })
        {
            Assert.InRange(found[name].StandardError!.Value, 0.001, 0.12);
            Assert.InRange(found[name].Value, truth - 3 * found[name].StandardError!.Value, truth + 3 * found[name].StandardError!.Value);
        }
        Assert.Equal(model.Effects[0].OnDropout, found["gamma2.anger"].Value);
        Assert.True(Math.Abs(found["gamma1.anger"].Value) > 5 * found["gamma1.anger"].StandardError!.Value);
        Assert.Equal(model.LogLikelihood(s_many.Customers).Sum(), model.Fit.LogLikelihood, 1e-6);
    }

    [Fact]
    public void Foresees_better_than_the_model_without()
    {
        var ((customers, later), horizon) = (Simulate(6000, seed: 3), 39.0);
        double[] none = [.. later.Select(n => n == 0 ? 1.0 : 0)];
        var with = new ParetoNbdCovariates().Fit(s_many.Customers);
        var without = new ParetoNbd().Fit(s_many.Customers.Purchases);
        var (blind, seeing, best) = (Of(without.ProbabilityOfNoPurchase(customers.Purchases, horizon)), Of(with.ProbabilityOfNoPurchase(customers, horizon)), Of(s_truth.ProbabilityOfNoPurchase(customers, horizon)));
        Assert.True(blind - best > 0.001, $"nothing to win: {blind} without, {best} by the truth");       // a history tells most of it
        Assert.True(blind - seeing > 0.6 * (blind - best), $"{blind} without, {seeing} with, {best} by the truth");
        Assert.InRange(with.ExpectedPurchases(customers, horizon).Sum() / later.Sum(), 0.9, 1.1);

        double Of(double[] churn) => Loss.Log(churn, none);
    }

    [Fact]
    public void A_ridge_pulls_effects_to_nothing_and_covariates_that_say_the_same_share()
    {
        var customers = s_many.Customers;
        Assert.All(new ParetoNbdCovariates(ridge: 1e8).Fit(customers).Effects, e => Assert.InRange(Math.Max(Math.Abs(e.OnRate), Math.Abs(e.OnDropout)), 0, 1e-4));
        var twice = new ParetoNbdCovariates().Fit(customers with { Names = ["anger", "again"], Covariates = [customers.Covariates[0], customers.Covariates[0]] });
        Assert.Equal(twice.Effects[0].OnRate, twice.Effects[1].OnRate, 1e-6);
        Assert.InRange(twice.Effects[0].OnRate, -0.25, -0.15);
    }

    [Fact]
    public void A_covariate_that_never_varies_has_no_effect()
    {
        var constant = s_many.Customers with { Names = ["always"], Covariates = [[.. s_many.Customers.Covariates[0].Select(_ => 1.0)]] };
        var model = new ParetoNbdCovariates().Fit(constant);
        Assert.Equal(new ParetoNbd().Fit(constant.Purchases) with { Fit = null }, model.Typical with { Fit = null });
        Assert.Equal(new CovariateEffect("always", 0, 0), Assert.Single(model.Effects));
    }

    [Fact]
    public void Keeps_the_contract()
    {
        CandidateContract.Holds(new CovariateLifetimeValue(new GammaGamma(includeFirst: true)), Data(1200));
        CandidateContract.Holds(new CovariateLifetimeValue(), Data(1200));
    }

    [Fact]
    public void A_candidate_reads_the_sets_or_the_columns_that_it_is_told()
    {
        var data = Data(1200);
        Assert.Equal([.. PurchaseHistories.Columns, "anger", "praise"], new CovariateLifetimeValue().Fit(data, new(1)).Columns);
        Assert.Equal([.. PurchaseHistories.Columns, "praise"], new CovariateLifetimeValue(options: new() { Columns = ["praise"] }).Fit(data, new(1)).Columns);
        Assert.Throws<KeyNotFoundException>(() => new CovariateLifetimeValue(options: new() { Columns = ["joy"] }).Fit(data, new(1)));
    }

    [Fact]
    public void Without_text_it_is_the_model_of_histories()
    {
        var data = Data(1200);
        var candidate = OnColumns.WithoutText(new CovariateLifetimeValue(new GammaGamma()));
        var (found, expected) = (candidate.Fit(data, new(1)).Predict(data.Current), new BtydLifetimeValue(new ParetoNbd(), new GammaGamma()).Fit(data, new(1)).Predict(data.Current));
        Assert.Equal(expected.Churn, found.Churn);
        Assert.Equal(expected.Spend, found.Spend);
    }

    [Fact]
    public void Scaling_is_learned_on_training_rows()
    {
        var data = Data(1200);
        FeatureTable Shifted(FeatureTable table) => new(table.Cutoff, table.CustomerIds, table.Features, [.. table.Features.Select(f => f.Name != "anger" ? table[f.Name] : [.. table["anger"].Select(v => v + 5)])]);
        static double Mean(IFittedCandidate fitted) => Assert.IsType<FittedCovariateLifetimeValue>(fitted).Scaling.Columns[0].Mean;
        var candidate = new CovariateLifetimeValue();
        var mean = Mean(candidate.Fit(data, new(1)));
        Assert.Equal(mean, Mean(candidate.Fit(data with { Current = Shifted(data.Current) }, new(1))));
        Assert.Equal(mean + 5, Mean(candidate.Fit(data with { Cutoffs = [data.Cutoffs[0] with { Features = Shifted(data.Cutoffs[0].Features) }] }, new(1))), 1e-9);
    }

    [Fact]
    public void Reasons_add_up_and_name_the_covariates()
    {
        var data = Data(1200);
        var fitted = Assert.IsType<FittedCovariateLifetimeValue>(new CovariateLifetimeValue(new GammaGamma(includeFirst: true)).Fit(data, new(1)));
        ReasonsContract.AddsUp(fitted, data.Current, Answer.Churn);
        ReasonsContract.AddsUp(fitted, data.Current, Answer.Spend, offset: 1);
        Assert.Contains("anger", fitted.Reasons(data.Current, Answer.Churn).Columns);
    }

    [Fact]
    public void Intervals_are_those_of_each_customers_own_model()
    {
        var data = Data(1200);
        var fitted = Assert.IsType<FittedCovariateLifetimeValue>(new CovariateLifetimeValue(new GammaGamma()).Fit(data, new(1)));
        var (low, high) = fitted.Interval(data.Current, 0.8);
        var of = FittedCovariateLifetimeValue.Of(fitted.Scaling, data.Current);
        for (var row = 0; row < 20; row++)
        {
            var own = new BtydLifetimeValueModel(fitted.Purchases.Of(of, row), fitted.Spend).Intervals(PurchaseHistories.From(data.Current.At([row])), Horizon.OfWeeks(39), 0.8);
            Assert.Equal((own.Low[0], own.High[0]), (low[row], high[row]));
        }
    }

    [Fact]
    public void Refuses_what_it_cannot_use()
    {
        var customers = s_many.Customers;
        Assert.Contains("64 is the most", Assert.Throws<ArgumentException>(() => new ParetoNbdCovariates().Fit(
            customers with { Names = [.. Enumerable.Range(0, 65).Select(i => $"c{i}")], Covariates = [.. Enumerable.Repeat(customers.Covariates[0], 65)] })).Message, StringComparison.Ordinal);
        Assert.Contains("'anger' is NaN on row 1", Assert.Throws<ArgumentException>(() => new CovariateHistories(Reference.Histories(new(0, 0, 1), new(0, 0, 1)), ["anger"], [[0, double.NaN]])).Message, StringComparison.Ordinal);
        Assert.Contains("effect must lie between", Assert.Throws<ArgumentOutOfRangeException>(() => new CovariateEffect("anger", 3, 0)).Message, StringComparison.Ordinal);
    }

    // Customers with a purchase model of their own, one by one.
    private static (CovariateHistories Customers, double[] Later) Simulate(int customers, int seed)
    {
        var chance = new Random(seed);
        double[][] covariates = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, customers).Select(_ => Math.Sqrt(3) * (2 * chance.NextDouble() - 1)).ToArray())];
        var drawn = Enumerable.Range(0, customers).Select(row => SimulatedCustomers.From(s_truth.Of([covariates[0][row], covariates[1][row]]), s_spend,
            new() { Customers = 1, Seed = seed * 1_000_003 + row, LeastAgeWeeks = 30, MostAgeWeeks = 80, Horizon = Horizon.OfWeeks(39) })).ToArray();
        double[] Column(Func<PurchaseHistories, double[]> column) => [.. drawn.Select(d => column(d.Histories)[0])];
        var histories = new PurchaseHistories([.. Enumerable.Range(0, customers).Select(row => $"c{row:D6}")],
            Column(h => h.Frequency), Column(h => h.Recency), Column(h => h.Age), Column(h => h.MeanRepeatSpend), Column(h => h.MeanSpend));
        return (new(histories, ["anger", "praise"], covariates), [.. drawn.Select(d => d.Purchases[0])]);
    }

    private static TrainingData Data(int customers)
    {
        var (of, later) = Simulate(customers, seed: 2);
        var h = of.Purchases;
        FeatureInfo[] features = [.. PurchaseHistories.Columns.Select(c => new FeatureInfo(c, "", "", "purchase_history")), .. of.Names.Select(n => new FeatureInfo(n, "share", "", TextSets.Meaning))];
        var table = new FeatureTable(new(2020, 1, 1), h.CustomerIds, features, [h.Frequency, h.Recency, h.Age, h.MeanRepeatSpend, h.MeanSpend, .. of.Covariates]);
        var current = new FeatureTable(new(2020, 10, 1), h.CustomerIds, features, table.Columns);
        return new([new(table, new(273, [.. later.Select(n => 30 * n)], [.. later.Select(n => n == 0)], [.. later.Select(n => (int)n)]))], current, 273);
    }

    // ∫∫ of the likelihood given λ and μ over their gamma distributions, by the trapezoid rule in their logarithms.
    private static double Integral(PurchaseHistory history, double r, double alpha, double s, double beta)
    {
        const double Step = 0.02;
        var (x, recency, age) = history;
        var sum = 0.0;
        for (var u = -25.0; u < 6; u += Step)
            for (var v = -28.0; v < 6; v += Step)
            {
                var (lambda, mu) = (Math.Exp(u), Math.Exp(v));
                var given = Math.Pow(lambda, x) * (mu / (lambda + mu) * Math.Exp(-(lambda + mu) * recency) + lambda / (lambda + mu) * Math.Exp(-(lambda + mu) * age));
                sum += given * Density(u, r, alpha) * Density(v, s, beta);
            }
        return sum * Step * Step;
    }

    private static double Density(double log, double shape, double rate) =>
        Math.Exp(shape * (Math.Log(rate) + log) - rate * Math.Exp(log) - GammaFunctions.LogGamma(shape));
}
