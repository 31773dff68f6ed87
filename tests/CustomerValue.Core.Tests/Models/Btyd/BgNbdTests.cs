using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

public class BgNbdTests
{
    private static readonly BgNbdModel s_published = new(R: 0.243, Alpha: 4.414, A: 0.793, B: 2.426);

    [Fact]
    public void Fit_recovers_the_parameters_published_for_CDNOW()          // Fader, Hardie and Lee (2005), table 2
    {
        var model = new BgNbd().Fit(Cdnow.Histories);
        Assert.Equal([0.243, 4.414, 0.793, 2.426], model.Fit!.Parameters.Select(p => Math.Round(p.Value, 3)));
        Assert.Equal(-9582.43, model.Fit.LogLikelihood, 0.005);
        Assert.Equal(model.Fit.LogLikelihood, model.LogLikelihood(Cdnow.Histories).Sum(), 1e-7);
        Assert.Equal(2357, model.Fit.Customers);
        Assert.True(model.Fit.GradientNorm < 1e-4);
    }

    [Fact]
    public void Foresees_the_published_customer()                           // the same authors' note on the model in Excel
    {
        Assert.Equal(1.226, s_published.ExpectedPurchases(new(2, Recency: 30.43, Age: 38.86), 39), 0.0005);
    }

    [Fact]
    public void Foresees_the_window_as_measured_with_lifetimes()            // 1,653 of 1,882 days, MAE .785, AUC .773
    {
        var foreseen = new BgNbd().Fit(Cdnow.Histories).ExpectedPurchases(Cdnow.Histories, Cdnow.HorizonWeeks);
        Assert.Equal(1882, Cdnow.Days.Sum());
        Assert.Equal(1653, foreseen.Sum(), 0.5);
        Assert.Equal(.785, Metric.MeanAbsoluteError.Of(Cdnow.Days, foreseen), 0.0005);
        Assert.Equal(.773, Metric.RocAuc.Of([.. Cdnow.Days.Select(d => d > 0 ? 1.0 : 0)], foreseen), 0.0005);
    }

    [Fact]
    public void Answers_are_those_of_the_closed_forms_in_60_digits()
    {
        foreach (var r in Reference.Of("bg"))
        {
            var model = new BgNbdModel(r.P[0], r.P[1], r.P[2], r.P[3]);
            r.Meets(model, model.LogLikelihood(r.History), model.ProbabilityAlive(r.History), model.ExpectedPurchases(r.History, r.Horizon), model.ProbabilityOfNoPurchase(r.History, r.Horizon));
        }
    }

    [Theory]
    [InlineData(0.243, 4.414, 0.793, 2.426)]
    [InlineData(1, 10, 1, 1)]                   // a = 1, where equation (10) divides by zero
    [InlineData(0.867, 9.73, 1e-8, 1e-2)]       // Online Retail II at 2010-06-01: nobody drops out
    [InlineData(1e-6, 1e-6, 1e-6, 1e-6)]
    [InlineData(9000, 90000, 9000, 9000)]
    [InlineData(0.5, 0.01, 0.001, 400)]
    public void The_laws_hold_at_any_parameters(double r, double alpha, double a, double b) => ModelLaws.Hold(new BgNbdModel(r, alpha, a, b));

    [Fact]
    public void A_customer_without_a_repeat_purchase_is_alive()
    {
        Assert.Equal(1, s_published.ProbabilityAlive(new(0, 0, 38.86)));
    }

    [Fact]
    public void Near_a_equal_to_1_the_answer_passes_smoothly()
    {
        var answers = new[] { 1 - 1e-6, 1, 1 + 1e-6 }.Select(a => (s_published with { A = a }).ExpectedPurchases(new(3, 20, 30), 39)).ToArray();
        Assert.Equal(answers[1], (answers[0] + answers[2]) / 2, 1e-11);
    }

    [Fact]
    public void Two_fits_on_the_same_data_are_equal_whatever_the_threads()
    {
        var one = new BgNbd(new() { Threads = 1 }).Fit(Simulated.Histories(60_000, seed: 1));
        var two = new BgNbd(new() { Threads = 2 }).Fit(Simulated.Histories(60_000, seed: 1));
        Assert.Equal(one, two);
    }

    [Fact]
    public void A_large_fit_finds_the_parameters_that_the_customers_were_made_with()
    {
        var fit = new BgNbd().Fit(Simulated.Histories(60_000, seed: 7)).Fit!;
        foreach (var (estimate, truth) in fit.Parameters.Zip(Simulated.Truth))
            Assert.InRange((estimate.Value - truth) / estimate.StandardError!.Value, -4, 4);
    }

    [Fact]
    public void Standard_errors_tell_how_far_fits_on_other_customers_scatter()
    {
        var fits = Enumerable.Range(0, 60).Select(seed => new BgNbd().Fit(Simulated.Histories(2_000, seed)).Fit!.Parameters).ToList();
        foreach (var i in new[] { 0, 1 })
        {
            var values = fits.Select(f => Math.Log(f[i].Value)).ToArray();
            var scatter = Math.Sqrt(values.Sum(v => Math.Pow(v - values.Average(), 2)) / (values.Length - 1));
            Assert.InRange(fits.Average(f => f[i].StandardError!.Value / f[i].Value) / scatter, 0.75, 1.35);
        }
    }

    [Fact]
    public void Equal_customers_collapse_without_changing_the_fit()
    {
        var once = new BgNbd().Fit(Simulated.Histories(1_000, seed: 3));
        var histories = Simulated.Histories(1_000, seed: 3);
        PurchaseHistory[] rows = [.. Enumerable.Range(0, histories.Count).Select(i => histories[i])];
        var thrice = new BgNbd().Fit(Reference.Histories([.. rows, .. rows, .. rows]));
        Assert.Equal(once.Fit!.DistinctRows, thrice.Fit!.DistinctRows);
        Assert.Equal(3 * once.Fit.LogLikelihood, thrice.Fit.LogLikelihood, 1e-6);
        Assert.Equal(once.R, thrice.R, 1e-6);
        Assert.Equal(once.Fit.Parameters[0].StandardError!.Value / Math.Sqrt(3), thrice.Fit.Parameters[0].StandardError!.Value, 1e-6);
    }

    [Fact]
    public void Inputs_stay_untouched()
    {
        var histories = Simulated.Histories(500, seed: 3);
        var before = (histories.Frequency.ToArray(), histories.Recency.ToArray(), histories.Age.ToArray());
        new BgNbd().Fit(histories).ExpectedPurchases(histories, 39);
        Assert.Equal(before.Item1, histories.Frequency);
        Assert.Equal(before.Item2, histories.Recency);
        Assert.Equal(before.Item3, histories.Age);
    }

    [Fact]
    public void Nobody_is_refused_in_words()
    {
        var error = Assert.Throws<ArgumentException>(() => new BgNbd().Fit(Reference.Histories()));
        Assert.Contains("0 customers, of whom 0 bought again: too few to learn", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Customers_who_never_came_back_are_refused_in_words()
    {
        var error = Assert.Throws<ArgumentException>(() => new BgNbd().Fit(Reference.Histories([.. Enumerable.Range(1, 50).Select(t => new PurchaseHistory(0, 0, t))])));
        Assert.Contains("50 customers, of whom 0 bought again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_customer_is_refused_in_words()
    {
        var error = Assert.Throws<ArgumentException>(() => new BgNbd().Fit(Reference.Histories(new PurchaseHistory(3, 10, 20))));
        Assert.Contains("1 customers, of whom 1 bought again: too few", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 21, 20, "recency 21 weeks is more than age 20 weeks")]
    [InlineData(0, 3, 20, "recency is 3 weeks although there was no repeat purchase")]
    [InlineData(1.5, 3, 20, "frequency 1.5 isn't a whole number")]
    [InlineData(-1, 3, 20, "frequency -1 isn't a whole number")]
    [InlineData(double.NaN, 3, 20, "frequency NaN isn't a whole number")]
    [InlineData(1, double.NaN, 20, "recency NaN weeks isn't a finite number")]
    [InlineData(1, 1, double.PositiveInfinity, "age Infinity weeks isn't a finite number")]
    public void An_impossible_history_is_refused_by_name(double x, double recency, double age, string fault)
    {
        var histories = Reference.Histories(new(1, 2, 3), new(x, recency, age));
        foreach (var attempt in new Action[] { () => new BgNbd().Fit(histories), () => s_published.ExpectedPurchases(histories, 39), () => s_published.ProbabilityAlive(histories) })
        {
            var error = Assert.Throws<InvalidDataException>(attempt);
            Assert.Contains($"Customer 'c0001' on row 1: {fault}", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory, InlineData(-1), InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void An_impossible_horizon_is_refused(double weeks)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => s_published.ExpectedPurchases(new(1, 2, 3), weeks));
        Assert.Contains("horizon, in weeks, must lie between 0 and 5200", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_impossible_parameter_is_refused_by_name()
    {
        Assert.Contains("A must be a finite number above 0", Assert.Throws<ArgumentOutOfRangeException>(() => s_published with { A = 0 }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fit_that_does_not_converge_says_how_far_it_came()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new BgNbd(new() { MaxIterations = 2 }).Fit(Simulated.Histories(1_000, seed: 3)));
        Assert.Contains("The fit of r, alpha, a, b on 1000 customers didn't converge: after 2 steps", error.Message, StringComparison.Ordinal);
        Assert.Contains("Raise MaxIterations (now 2)", error.Message, StringComparison.Ordinal);
    }
}
