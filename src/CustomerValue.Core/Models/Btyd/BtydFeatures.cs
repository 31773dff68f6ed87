using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Learns to add what a purchase and a spend model say of each customer to a table, as features for learners.</summary>
/// <param name="purchases">When customers buy, and when they stop.</param>
/// <param name="spend">What they spend.</param>
/// <param name="horizon">How far ahead to look: the horizon of the labels.</param>
public sealed class BtydFeatures(IEstimator<PurchaseHistories, IPurchaseModel> purchases, GammaGamma spend, Horizon horizon)
    : IEstimator<FeatureTable, ITransform<FeatureTable, FeatureTable>>
{
    private const string Set = "btyd";

    private readonly FeatureInfo[] _features =
    [
        new("p_no_purchase", "share", $"Probability of no purchase in the next {horizon}, by {purchases}.", Set),
        new("expected_purchases", "orders", $"Days with a purchase expected in the next {horizon}, by {purchases}.", Set),
        new("expected_spend", "currency", $"Spend expected on one purchase, by {spend}.", Set),
        new("p_alive", "share", $"Probability that the customer hasn't stopped for good, by {purchases}.", Set),
    ];

    /// <summary>The features it adds, in column order.</summary>
    public IReadOnlyList<FeatureInfo> Features => _features;

    /// <summary>Fits both models on the table's histories.</summary>
    /// <exception cref="KeyNotFoundException">The table lacks the feature set purchase_history.</exception>
    /// <exception cref="ArgumentException">There are too few customers to learn from.</exception>
    public ITransform<FeatureTable, FeatureTable> Fit(FeatureTable data)
    {
        var histories = PurchaseHistories.From(data);
        return new Fitted(this, purchases.Fit(histories), spend.Fit(histories));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{purchases} {spend} {horizon}";

    private sealed class Fitted(BtydFeatures settings, IPurchaseModel purchases, GammaGammaModel spend) : ITransform<FeatureTable, FeatureTable>
    {
        public FeatureTable Transform(FeatureTable data)
        {
            var histories = PurchaseHistories.From(data);
            var weeks = settings.Weeks;
            return data.With(settings.Features,
            [
                purchases.ProbabilityOfNoPurchase(histories, weeks),
                purchases.ExpectedPurchases(histories, weeks),
                spend.ExpectedSpend(histories),
                purchases.ProbabilityAlive(histories),
            ]);
        }
    }

    private double Weeks => horizon.Weeks;
}
