using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Why the models of purchase histories answer as they do: what a customer's history, and what their spend, change against a customer of whom nothing is known.</summary>
/// <remarks>Frequency, recency and age say something together only, so they count as one. Between history and spend the exact Shapley values of two players are the
/// means over both orders; on the scale of logarithms they differ from plain sums by the unit of currency that keeps the logarithm of 0 finite.</remarks>
internal static class BtydReasons
{
    private const string History = "purchase_history", MeanSpend = "mean_spend";

    public static Contributions Of(BtydLifetimeValueModel model, double horizonWeeks, PurchaseHistories customers, Answer answer)
    {
        var unknown = new PurchaseHistories(["nobody"], [0], [0], [0], [0], [0]);
        if (answer == Answer.Churn)
        {
            var nobody = LogisticCurve.Logit(model.Purchases.ProbabilityOfNoPurchase(unknown, horizonWeeks)[0]);
            return new([History], [[.. model.Purchases.ProbabilityOfNoPurchase(customers, horizonWeeks).Select(p => LogisticCurve.Logit(p) - nobody)]]);
        }
        if (model.Spend is not { } spend) return Contributions.None;
        var horizon = Horizon.OfWeeks(horizonWeeks);
        var (purchases, each) = (model.DiscountedPurchases(customers, horizon), spend.ExpectedSpend(customers));
        var (before, mean) = (model.DiscountedPurchases(unknown, horizon)[0], spend.PopulationMean);
        var (history, money) = (new double[customers.Count], new double[customers.Count]);
        for (var row = 0; row < customers.Count; row++)
        {
            var (none, first, second, both) = (Log(before * mean), Log(purchases[row] * mean), Log(before * each[row]), Log(purchases[row] * each[row]));
            history[row] = (first - none + both - second) / 2;
            money[row] = (second - none + both - first) / 2;
        }
        return new([History, MeanSpend], [history, money]);

        static double Log(double amount) => Math.Log(1 + amount);
    }
}
