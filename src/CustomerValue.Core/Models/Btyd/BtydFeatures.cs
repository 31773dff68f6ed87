using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Adds what a purchase and a spend model say of each customer to a table, as features for learners.</summary>
/// <remarks>The models are fitted on the table's own histories, so each cutoff gets its own fit and no feature knows anything dated later.</remarks>
/// <param name="purchases">When customers buy, and when they stop.</param>
/// <param name="spend">What they spend.</param>
/// <param name="horizon">How far ahead to look: the horizon of the labels.</param>
public sealed class BtydFeatures(IEstimator<PurchaseHistories, IPurchaseModel> purchases, GammaGamma spend, Horizon horizon) : ITransform<FeatureTable, FeatureTable>
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

    /// <summary>The table with the features behind; the input stays as it was.</summary>
    /// <exception cref="KeyNotFoundException">The table lacks the feature set purchase_history.</exception>
    /// <exception cref="ArgumentException">There are too few customers to learn from.</exception>
    public FeatureTable Transform(FeatureTable data)
    {
        var histories = PurchaseHistories.From(data);
        var model = purchases.Fit(histories);
        return data.With(_features,
        [
            model.ProbabilityOfNoPurchase(histories, horizon.Weeks),
            model.ExpectedPurchases(histories, horizon.Weeks),
            spend.Fit(histories).ExpectedSpend(histories),
            model.ProbabilityAlive(histories),
        ]);
    }
}
