using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

public class ParetoNbdTests
{
    [Fact]
    public void Fit_recovers_the_parameters_published_for_CDNOW()           // Fader, Hardie and Lee (2005), table 2
    {
        var model = new ParetoNbd().Fit(Cdnow.Histories);
        Assert.Equal([0.553, 10.578, 0.606, 11.669], model.Fit!.Parameters.Select(p => Math.Round(p.Value, 3)));
        Assert.Equal(-9594.98, model.Fit.LogLikelihood, 0.005);
        Assert.Equal(model.Fit.LogLikelihood, model.LogLikelihood(Cdnow.Histories).Sum(), 1e-7);
        Assert.Equal(1666, model.ExpectedPurchases(Cdnow.Histories, Cdnow.HorizonWeeks).Sum(), 0.5);
    }

    [Fact]
    public void Answers_are_those_of_the_closed_forms_in_60_digits()
    {
        foreach (var r in Reference.Of("pareto"))
        {
            var model = new ParetoNbdModel(r.P[0], r.P[1], r.P[2], r.P[3]);
            r.Meets(model, model.LogLikelihood(r.History), model.ProbabilityAlive(r.History), model.ExpectedPurchases(r.History, r.Horizon), model.ProbabilityOfNoPurchase(r.History, r.Horizon));
        }
    }

    [Theory]
    [InlineData(0.553, 10.578, 0.606, 11.669)]
    [InlineData(0.5, 10, 1, 10)]                    // s = 1, where the expectation divides by zero; α = β
    [InlineData(0.7525, 10.774, 10000, 4e6)]        // Online Retail II at 2011-06-01: customers drop out alike
    [InlineData(0.867, 9.73, 1e-6, 1)]              // and at 2010-06-01: nobody drops out
    [InlineData(1e-6, 1e-6, 1e-6, 1e-6)]
    [InlineData(0.3, 1e-4, 3, 1e5)]
    [InlineData(3, 1e5, 0.3, 1e-4)]
    [InlineData(9000, 90000, 9000, 9000)]
    public void The_laws_hold_at_any_parameters(double r, double alpha, double s, double beta) => ModelLaws.Hold(new ParetoNbdModel(r, alpha, s, beta));

    [Fact]
    public void Near_s_equal_to_1_the_answer_passes_smoothly()
    {
        var model = new ParetoNbdModel(0.553, 10.578, 1, 11.669);
        var answers = new[] { 1 - 1e-6, 1, 1 + 1e-6 }.Select(s => (model with { S = s }).ExpectedPurchases(new(3, 20, 30), 39)).ToArray();
        Assert.Equal(answers[1], (answers[0] + answers[2]) / 2, 1e-11);
    }

    [Fact]
    public void Two_fits_on_the_same_data_are_equal_whatever_the_threads() =>
        Assert.Equal(
            new ParetoNbd(new() { Threads = 1 }).Fit(Simulated.Histories(12_000, seed: 1)),
            new ParetoNbd(new() { Threads = 2 }).Fit(Simulated.Histories(12_000, seed: 1)));

    [Fact]
    public void Nobody_is_refused_in_words() =>
        Assert.Contains("too few to learn", Assert.Throws<ArgumentException>(() => new ParetoNbd().Fit(Reference.Histories())).Message, StringComparison.Ordinal);
}
