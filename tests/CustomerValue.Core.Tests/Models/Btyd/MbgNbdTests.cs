using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

public class MbgNbdTests
{
    [Fact]
    public void Fit_recovers_the_parameters_published_for_CDNOW()           // Batislam, Denizel and Filiztekin (2007), and BTYDplus
    {
        var model = new MbgNbd().Fit(Cdnow.Histories);
        Assert.Equal([0.525, 6.183, 0.891, 1.614], model.Fit!.Parameters.Select(p => Math.Round(p.Value, 3)));
        Assert.Equal(model.Fit.LogLikelihood, model.LogLikelihood(Cdnow.Histories).Sum(), 1e-7);
        Assert.Equal(1577, model.ExpectedPurchases(Cdnow.Histories, Cdnow.HorizonWeeks).Sum(), 0.5);
    }

    [Fact]
    public void Answers_are_those_of_the_closed_forms_in_60_digits()
    {
        foreach (var r in Reference.Of("mbg"))
        {
            var model = new MbgNbdModel(r.P[0], r.P[1], r.P[2], r.P[3]);
            r.Meets(model, model.LogLikelihood(r.History), model.ProbabilityAlive(r.History), model.ExpectedPurchases(r.History, r.Horizon), model.ProbabilityOfNoPurchase(r.History, r.Horizon));
        }
    }

    [Theory]
    [InlineData(0.525, 6.183, 0.891, 1.614)]
    [InlineData(1, 10, 1, 1)]
    [InlineData(0.867, 9.73, 1e-8, 1e-2)]
    [InlineData(1e-6, 1e-6, 1e-6, 1e-6)]
    [InlineData(9000, 90000, 9000, 9000)]
    public void The_laws_hold_at_any_parameters(double r, double alpha, double a, double b) => ModelLaws.Hold(new MbgNbdModel(r, alpha, a, b));

    [Fact]
    public void A_customer_who_never_came_back_need_not_be_alive()
    {
        var model = new MbgNbdModel(0.525, 6.183, 0.891, 1.614);
        Assert.Equal(1.614 / (0.891 + 1.614), model.ProbabilityAlive(new(0, 0, 0)), 1e-15);
        Assert.True(model.ProbabilityAlive(new(0, 0, 38.86)) < model.ProbabilityAlive(new(0, 0, 0)));
    }

    [Fact]
    public void Two_fits_on_the_same_data_are_equal() =>
        Assert.Equal(new MbgNbd().Fit(Simulated.Histories(1_000, seed: 1)), new MbgNbd().Fit(Simulated.Histories(1_000, seed: 1)));

    [Fact]
    public void Nobody_is_refused_in_words() =>
        Assert.Contains("too few to learn", Assert.Throws<ArgumentException>(() => new MbgNbd().Fit(Reference.Histories())).Message, StringComparison.Ordinal);
}
