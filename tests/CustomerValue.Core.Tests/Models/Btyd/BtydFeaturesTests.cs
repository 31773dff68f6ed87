using CustomerValue.Models;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

public class BtydFeaturesTests
{
    [Fact]
    public void Adds_the_answers_of_models_fitted_on_the_tables_own_histories()
    {
        var table = BtydLifetimeValueTests.Table(Cdnow.Histories);
        var features = new BtydFeatures(new MbgNbd(), new GammaGamma(includeFirst: true), Horizon.OfWeeks(39));
        var wider = features.Fit(table).Transform(table);
        Assert.Equal(["p_no_purchase", "expected_purchases", "expected_spend", "p_alive"], wider.Features.Skip(table.Features.Count).Select(f => f.Name));
        Assert.Equal(features.Features, wider.Features.Skip(table.Features.Count));
        Assert.Equal(new MbgNbd().Fit(Cdnow.Histories).ProbabilityOfNoPurchase(Cdnow.Histories, 39), wider["p_no_purchase"]);
        Assert.Equal(new GammaGamma(includeFirst: true).Fit(Cdnow.Histories).ExpectedSpend(Cdnow.Histories), wider["expected_spend"]);
        Assert.Equal(5, table.Features.Count);
    }
}
