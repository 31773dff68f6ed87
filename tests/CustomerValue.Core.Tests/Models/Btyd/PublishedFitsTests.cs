using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

public class PublishedFitsTests
{
    [Fact]
    public void BgNbd_recovers_the_parameters_published_for_CDNOW()         // Fader, Hardie and Lee (2005), table 2
    {
        var model = new BgNbd().Fit(Cdnow.Histories);
        Assert.Equal((0.243, 4.414, 0.793, 2.426), Rounded(model.R, model.Alpha, model.A, model.B));
        Assert.Equal(-9582.43, model.LogLikelihood(Cdnow.Histories).Sum(), 0.005);
        Assert.Equal(-9582.43, model.Fit!.LogLikelihood, 0.005);
    }

    [Fact]
    public void ParetoNbd_recovers_the_parameters_published_for_CDNOW()     // the same table
    {
        var model = new ParetoNbd().Fit(Cdnow.Histories);
        Assert.Equal((0.553, 10.578, 0.606, 11.669), Rounded(model.R, model.Alpha, model.S, model.Beta));
        Assert.Equal(-9594.98, model.LogLikelihood(Cdnow.Histories).Sum(), 0.005);
        Assert.Equal(-9594.98, model.Fit!.LogLikelihood, 0.005);
    }

    [Fact]
    public void MbgNbd_recovers_the_parameters_published_for_CDNOW()        // Batislam, Denizel and Filiztekin (2007)
    {
        var model = new MbgNbd().Fit(Cdnow.Histories);
        Assert.Equal((0.525, 6.183, 0.891, 1.614), Rounded(model.R, model.Alpha, model.A, model.B));
    }

    [Fact]
    public void GammaGamma_recovers_the_parameters_published_for_CDNOW()    // Fader and Hardie (2013); repeat buyers with positive mean repeat spend
    {
        var model = new GammaGamma().Fit(Cdnow.Histories);
        Assert.Equal((6.25, 3.74, 15.44), (Math.Round(model.P, 2), Math.Round(model.Q, 2), Math.Round(model.Gamma, 2)));
        Assert.Equal(-4055.92, model.Fit!.LogLikelihood, 0.005);
    }

    private static (double, double, double, double) Rounded(double a, double b, double c, double d) => (Math.Round(a, 3), Math.Round(b, 3), Math.Round(c, 3), Math.Round(d, 3));
}
