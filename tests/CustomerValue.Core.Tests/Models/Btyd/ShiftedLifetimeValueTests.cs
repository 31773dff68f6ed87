using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Btyd;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models.Btyd;

public class ShiftedLifetimeValueTests
{
    private const double Weeks = 26;
    private static readonly ParetoNbdModel s_model = new(0.9, 8, 0.7, 14);
    private static readonly GammaGammaModel s_spend = new(6.25, 3.74, 15.44);
    private static readonly ShiftedParetoNbd s_truth = new(s_model, [new("anger", -0.8, -0.3, 0), new("praise", 0, 0.4, 0), new("talk", 0, 0, 0)]);
    private static readonly (CovariateHistories Customers, int[] Later) s_many = Simulate(4000, seed: 1);

    [Fact]
    public void Without_effects_it_is_the_model_of_histories()
    {
        var none = new ShiftedParetoNbd(s_model, [.. s_truth.Effects.Select(e => new ShiftEffect(e.Name, 0, 0, 0))]);
        var histories = s_many.Customers.Purchases;
        Close(s_model.ProbabilityAlive(histories), none.ProbabilityAlive(s_many.Customers));
        Close(s_model.ExpectedPurchases(histories, Weeks), none.ExpectedPurchases(s_many.Customers, Weeks));
        Close(s_model.ProbabilityOfNoPurchase(histories, Weeks), none.ProbabilityOfNoPurchase(s_many.Customers, Weeks));
    }

    [Fact]
    public void Slopes_are_those_of_small_steps()
    {
        var customers = s_many.Customers with { Names = ["anger", "praise"], Covariates = [.. s_many.Customers.Covariates.Take(2)] };
        var likelihood = new ShiftLikelihood(s_model, [new(customers, Weeks, s_many.Later), new(customers, 6, s_many.Later)], ridge: 5, threads: 2);
        double[] at = [0.3, -0.2, 0.1, 0.25, -0.15, 0.2], slope = new double[6], unused = new double[6];
        likelihood.Evaluate(at, slope);
        for (var i = 0; i < at.Length; i++)
        {
            double[] up = [.. at], down = [.. at];
            (up[i], down[i]) = (at[i] + 1e-5, at[i] - 1e-5);
            var expected = (likelihood.Evaluate(up, unused) - likelihood.Evaluate(down, unused)) / 2e-5;
            Assert.Equal(expected, slope[i], 1e-5 * (1 + Math.Abs(expected)));
        }
    }

    [Fact]
    public void Finds_what_was_known_at_the_cutoff_and_foresees_nearly_as_well_as_the_truth()
    {
        var fitted = Assert.IsType<FittedShiftedLifetimeValue>(new ShiftedLifetimeValue().Fit(Data(s_many), new(Seed: 1)));
        var (customers, later) = Simulate(4000, seed: 5);
        double[] none = [.. later.Select(n => n == 0 ? 1.0 : 0)];
        var table = Table(customers, new(2021, 1, 1));
        var seeing = Loss.Log(fitted.Predict(table).Churn, none);
        var blind = Loss.Log(new BtydLifetimeValue(new ParetoNbd()).Fit(Data(s_many), new(1)).Predict(table).Churn, none);
        var best = Loss.Log(s_truth.ProbabilityOfNoPurchase(customers, Weeks), none);
        Assert.True(blind - best > 0.02, $"nothing to win: {blind} without, {best} by the truth");
        Assert.True(blind - seeing > 0.85 * (blind - best), $"{blind} without, {seeing} with, {best} by the truth");
        Assert.InRange(fitted.Predict(table).Purchases!.Sum() / later.Sum(), 0.9, 1.1);

        var effects = fitted.Purchases.Effects.ToDictionary(e => e.Name);
        Assert.InRange(effects["praise"].OnRate, 0.2, 0.5);
        Assert.InRange(effects["anger"].OnAlive + effects["anger"].OnRate, -1.3, -0.6);         // a window tells the two apart badly
        Assert.InRange(Math.Abs(effects["talk"].OnRate) + Math.Abs(effects["talk"].OnAlive), 0, 0.15);
        Assert.Equal(30, fitted.Ridge);
    }

    [Fact]
    public void Columns_that_say_nothing_are_held_down()
    {
        var chance = new Random(4);
        var noise = s_many.Customers with { Names = [.. Enumerable.Range(0, 12).Select(k => $"noise{k}")], Covariates = [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, 4000).Select(_ => chance.NextDouble()).ToArray())] };
        var later = SimulateLater(new(s_model, []), noise with { Names = [], Covariates = [] }, new(8));
        var fitted = Assert.IsType<FittedShiftedLifetimeValue>(new ShiftedLifetimeValue().Fit(Data((noise, later)), new(Seed: 1)));
        Assert.Equal(3000, fitted.Ridge);
        Assert.All(fitted.Purchases.Effects, e => Assert.InRange(Math.Abs(e.OnAlive) + Math.Abs(e.OnRate) + Math.Abs(e.OnDropout), 0, 0.05));
    }

    [Fact]
    public void Who_wrote_because_they_were_there_is_not_taken_for_better_than_their_history_says()
    {
        // A covariate that only repeats the history: how lately someone was seen. As a trait of a whole life it would have to explain the past that it comes from.
        var histories = s_many.Customers.Purchases;
        double[] silence = [.. Enumerable.Range(0, histories.Count).Select(row => Math.Log(1 + histories.Age[row] - histories.Recency[row]))];
        var seen = new CovariateHistories(histories, ["silence"], [silence]);
        var later = SimulateLater(new(s_model, []), seen with { Names = [], Covariates = [] }, new(9));
        double[] none = [.. later.Select(n => n == 0 ? 1.0 : 0)];
        double LossOf(ICandidate candidate) => Loss.Log(candidate.Fit(Data((seen, later)), new(1)).Predict(Table(seen, new(2021, 1, 1))).Churn, none);
        var history = LossOf(new BtydLifetimeValue(new ParetoNbd()));
        Assert.InRange(LossOf(new ShiftedLifetimeValue()) - history, -0.005, 0.002);
        Assert.True(LossOf(new CovariateLifetimeValue()) > history + 0.02);
    }

    [Fact]
    public void Keeps_the_contract()
    {
        var few = Data(Simulate(800, seed: 2));
        CandidateContract.Holds(new ShiftedLifetimeValue(new GammaGamma(includeFirst: true), new() { Ridge = [30] }), few);
        CandidateContract.Holds(new ShiftedLifetimeValue(), few);
    }

    [Fact]
    public void Without_text_it_is_Pareto_NBD()
    {
        var data = Data(s_many);
        var candidate = OnColumns.WithoutText(new ShiftedLifetimeValue(new GammaGamma(includeFirst: true)));
        var (found, expected) = (candidate.Fit(data, new(1)).Predict(data.Current), new BtydLifetimeValue(new ParetoNbd(), new GammaGamma(includeFirst: true)).Fit(data, new(1)).Predict(data.Current));
        Close(expected.Churn!, found.Churn!);
        Close(expected.Spend!, found.Spend!);
    }

    [Fact]
    public void Reasons_add_up_and_name_the_columns()
    {
        var fitted = Assert.IsType<FittedShiftedLifetimeValue>(new ShiftedLifetimeValue(new GammaGamma(includeFirst: true), new() { Ridge = [30] }).Fit(Data(s_many), new(1)));
        var table = Data(s_many).Current.At([.. Enumerable.Range(0, 200)]);
        ReasonsContract.AddsUp(fitted, table, Answer.Churn);
        ReasonsContract.AddsUp(fitted, table, Answer.Spend, offset: 1);
        Assert.Contains("anger", fitted.Reasons(table, Answer.Churn).Columns);
    }

    [Fact]
    public void Refuses_what_it_cannot_learn_from()
    {
        var data = Data(s_many);
        Assert.Contains("learns from labelled rows", Assert.Throws<InvalidOperationException>(() => new ShiftedLifetimeValue().Fit(data with { Cutoffs = [] }, new(1))).Message, StringComparison.Ordinal);
        Assert.Contains("at least one strength", Assert.Throws<ArgumentException>(() => new ShiftOptions { Ridge = [] }).Message, StringComparison.Ordinal);
        Assert.Throws<KeyNotFoundException>(() => new ShiftedLifetimeValue(options: new() { Columns = ["joy"] }).Fit(data, new(1)));
    }

    private static (CovariateHistories Customers, int[] Later) Simulate(int customers, int seed)
    {
        var (chance, drawn) = (new Random(seed), SimulatedCustomers.From(s_model, s_spend, new() { Customers = customers, Seed = seed, LeastAgeWeeks = 20, MostAgeWeeks = 80 }));
        double[][] covariates = [.. s_truth.Effects.Select(_ => Enumerable.Range(0, customers).Select(_ => Math.Sqrt(3) * (2 * chance.NextDouble() - 1)).ToArray())];
        var of = new CovariateHistories(drawn.Histories, [.. s_truth.Effects.Select(e => e.Name)], covariates);
        return (of, SimulateLater(s_truth, of, chance));
    }

    // Whoever is alive buys on as a new customer of their own model does.
    private static int[] SimulateLater(ShiftedParetoNbd model, CovariateHistories customers, Random chance) =>
    [
        .. Enumerable.Range(0, customers.Purchases.Count).Select(row =>
        {
            var (ahead, alive) = model.Of(customers.Purchases[row], [.. customers.Covariates.Select(c => c[row])]);
            var seed = chance.Next();
            return chance.NextDouble() >= alive ? 0 : (int)SimulatedCustomers.From(ahead, s_spend,
                new() { Customers = 1, Seed = seed, LeastAgeWeeks = 0, MostAgeWeeks = 0, Horizon = Horizon.OfWeeks(Weeks) }).Purchases[0];
        }),
    ];

    private static TrainingData Data((CovariateHistories Customers, int[] Later) of)
    {
        var labels = new Labels((int)(7 * Weeks), [.. of.Later.Select(n => 30.0 * n)], [.. of.Later.Select(n => n == 0)], of.Later);
        return new([new(Table(of.Customers, new(2020, 1, 1)), labels)], Table(of.Customers, new(2020, 10, 1)), labels.HorizonDays);
    }

    private static FeatureTable Table(CovariateHistories of, DateOnly cutoff)
    {
        var h = of.Purchases;
        FeatureInfo[] features = [.. PurchaseHistories.Columns.Select(c => new FeatureInfo(c, "", "", "purchase_history")), .. of.Names.Select(n => new FeatureInfo(n, "share", "", TextSets.Meaning))];
        return new(cutoff, h.CustomerIds, features, [h.Frequency, h.Recency, h.Age, h.MeanRepeatSpend, h.MeanSpend, .. of.Covariates]);
    }

    private static void Close(double[] expected, double[] found) => Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-9 * (1 + pair.First)));
}
