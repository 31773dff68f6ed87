using CustomerValue.Features;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

public class GammaGammaTests
{
    [Fact]
    public void Fit_recovers_the_parameters_published_for_CDNOW()           // Fader and Hardie (2013): repeat buyers, mean over the repeat purchases
    {
        var model = new GammaGamma().Fit(Cdnow.Histories);
        Assert.Equal([6.25, 3.74, 15.44], model.Fit!.Parameters.Select(p => Math.Round(p.Value, 2)));
        Assert.Equal(-4055.92, model.Fit.LogLikelihood, 0.005);
        Assert.Equal(946, model.Fit.Customers);
    }

    [Fact]
    public void The_report_holds_the_sum_of_the_likelihoods()
    {
        var model = new GammaGamma(includeFirst: true).Fit(Cdnow.Histories);
        var histories = Cdnow.Histories;
        var sum = Enumerable.Range(0, histories.Count).Where(i => histories.MeanSpend[i] > 0).Sum(i => model.LogLikelihood(histories.Frequency[i] + 1, histories.MeanSpend[i]));
        Assert.Equal(sum, model.Fit!.LogLikelihood, 1e-6);
    }

    [Fact]
    public void Expected_spend_lies_between_the_population_and_the_customer_and_nears_the_customer()
    {
        var model = new GammaGammaModel(6.25, 3.74, 15.44);
        Assert.Equal(model.PopulationMean, model.ExpectedSpend(0, 0), 1e-12);
        var expected = Enumerable.Range(0, 200).Select(x => model.ExpectedSpend(x, 100)).ToArray();
        Assert.Equal(expected.Order(), expected);
        Assert.All(expected, e => Assert.InRange(e, model.PopulationMean, 100));
        Assert.Equal(100, model.ExpectedSpend(1e9, 100), 1e-4);
    }

    [Fact]
    public void Another_currency_only_scales_the_fit()
    {
        var dollars = Cdnow.Histories;
        var yen = dollars with { MeanSpend = [.. dollars.MeanSpend.Select(m => m * 150)], MeanRepeatSpend = [.. dollars.MeanRepeatSpend.Select(m => m * 150)] };
        var (a, b) = (new GammaGamma().Fit(dollars), new GammaGamma().Fit(yen));
        Assert.Equal(a.P, b.P, 1e-6);
        Assert.Equal(a.Gamma * 150, b.Gamma, 1e-3);
        Assert.Equal(a.Fit!.Parameters[2].StandardError!.Value * 150, b.Fit!.Parameters[2].StandardError!.Value, 1e-2);
    }

    [Fact]
    public void Spend_below_zero_or_absent_never_makes_a_negative_or_unknown_answer()
    {
        var histories = Reference.Histories(new(0, 0, 10), new(3, 5, 10), new(3, 5, 10)) with { MeanRepeatSpend = [0, -20, 0], MeanSpend = [0, -20, 0] };
        Assert.All(new GammaGammaModel(6.25, 3.74, 15.44).ExpectedSpend(histories), v => Assert.True(double.IsFinite(v) && v > 0));
    }

    [Fact]
    public void Spend_without_a_population_mean_still_gets_a_finite_answer()
    {
        // A tail so heavy that the likeliest q lies below 1, where the mean would be infinite.
        var means = Enumerable.Range(1, 400).Select(i => Math.Pow(i / 401.0, -2)).ToArray();
        var histories = Reference.Histories([.. means.Select(_ => new PurchaseHistory(2, 5, 10))]) with { MeanRepeatSpend = means, MeanSpend = means };
        var model = new GammaGamma().Fit(histories);
        Assert.True(model.Q > 1);
        Assert.True(double.IsFinite(model.PopulationMean));
        Assert.Contains(model.Fit!.Parameters, p => p.AtBound);
    }

    [Fact]
    public void Nobody_who_spent_is_refused_in_words()
    {
        var histories = Reference.Histories(new(0, 0, 10), new(0, 0, 11)) with { MeanSpend = [5, 6] };
        var error = Assert.Throws<ArgumentException>(() => new GammaGamma().Fit(histories));
        Assert.Contains("0 of 2 customers have positive spend on repeat purchases", error.Message, StringComparison.Ordinal);
        Assert.Contains("Include the first order", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_spend_that_is_no_number_is_refused_by_name()
    {
        var histories = Reference.Histories(new(0, 0, 10), new(0, 0, 11)) with { MeanSpend = [5, double.NaN] };
        Assert.Contains("Customer 'c0001' on row 1: mean spend NaN", Assert.Throws<InvalidDataException>(() => new GammaGamma(includeFirst: true).Fit(histories)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_fits_on_the_same_data_are_equal() => Assert.Equal(new GammaGamma().Fit(Cdnow.Histories), new GammaGamma().Fit(Cdnow.Histories));
}
