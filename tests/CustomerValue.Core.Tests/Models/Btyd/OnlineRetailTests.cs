using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

/// <summary>Histories on which other libraries fail: customers who hardly ever drop out, and buyers on more than a hundred days.</summary>
public class OnlineRetailTests
{
    private static readonly IEstimator<PurchaseHistories, IPurchaseModel>[] s_purchases = [new BgNbd(), new MbgNbd(), new ParetoNbd()];

    [Theory]
    [InlineData(2010, 6, 1, 2684, .2869)]
    [InlineData(2010, 9, 1, 3299, .3534)]
    [InlineData(2010, 12, 1, 4239, .5188)]
    [InlineData(2011, 6, 1, 4908, .4853)]
    public void Every_fit_converges_and_every_answer_is_a_number(int year, int month, int day, int customers, double churn)
    {
        var (histories, days, _) = OnlineRetail.At(new(year, month, day));
        Assert.Equal(customers, histories.Count);
        Assert.Equal(churn, days.Count(d => d == 0) / (double)customers, 0.00005);
        foreach (var estimator in s_purchases)
        {
            var model = estimator.Fit(histories);
            Assert.All(model.LogLikelihood(histories), v => Assert.True(double.IsFinite(v)));
            Assert.All(model.ProbabilityAlive(histories), v => Assert.InRange(v, 0, 1));
            Assert.All(model.ProbabilityOfNoPurchase(histories, 180 / 7.0), v => Assert.InRange(v, 0, 1));
            foreach (var first in new[] { false, true })
            {
                var value = new BtydLifetimeValueModel(model, new GammaGamma(first).Fit(histories)).ExpectedSpend(histories, Horizon.OfDays(180));
                Assert.All(value, v => Assert.True(double.IsFinite(v) && v >= 0));
            }
        }
    }

    [Fact]
    public void Where_nobody_drops_out_the_fit_says_that_it_stands_at_a_bound()
    {
        var fit = new BgNbd().Fit(OnlineRetail.At(new(2010, 6, 1)).Histories).Fit!;
        var a = fit.Parameters.Single(p => p.Name == "a");
        Assert.True(a.AtBound);
        Assert.Null(a.StandardError);
        Assert.True(fit.Parameters[0].StandardError > 0);
    }

    [Fact]
    public void Churn_is_as_good_as_measured_with_lifetimes()                // MBG/NBD: AUC .8101, log loss .5276, Brier .1773, ECE .0214
    {
        var (histories, days, _) = OnlineRetail.At(new(2011, 6, 1));
        var none = new MbgNbd().Fit(histories).ProbabilityOfNoPurchase(histories, 180 / 7.0);
        double[] churned = [.. days.Select(d => d == 0 ? 1.0 : 0)];
        Assert.Equal(.8101, Metric.RocAuc.Of(churned, none), 0.00005);
        Assert.Equal(.5276, Metric.LogLoss.Of(churned, none), 0.00005);
        Assert.Equal(.1773, Metric.Brier.Of(churned, none), 0.00005);
        Assert.Equal(.0214, Metric.CalibrationError.Of(churned, none), 0.00005);
    }

    [Fact]
    public void Value_is_as_good_as_measured_with_lifetimes()                // BG/NBD x Gamma-Gamma over all orders: Gini .8671, Spearman .6265, MAE 541.3
    {
        var (histories, _, spend) = OnlineRetail.At(new(2011, 6, 1));
        Assert.Equal(4_046_945.54, spend.Sum(), 0.01);
        var value = new BtydLifetimeValue(new BgNbd(), new GammaGamma(includeFirst: true)).Fit(histories).ExpectedSpend(histories, Horizon.OfDays(180));
        Assert.Equal(.8671, Metric.NormalizedGini.Of(spend, value), 0.0001);
        Assert.Equal(.6265, Metric.Spearman.Of(spend, value), 0.00005);
        Assert.Equal(541.3, Metric.MeanAbsoluteError.Of(spend, value), 0.05);
    }
}
