using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Learns to add what a purchase and a spend model say of each customer to a table, as features for learners.</summary>
/// <param name="purchases">When customers buy, and when they stop.</param>
/// <param name="spend">What they spend.</param>
/// <param name="horizon">How far ahead to look: the horizon of the labels.</param>
public sealed class BtydFeatures(IEstimator<PurchaseHistories, IPurchaseModel> purchases, GammaGamma spend, Horizon horizon)
    : IEstimator<FeatureTable, IAddedFeatures>
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
    public IAddedFeatures Fit(FeatureTable data)
    {
        var histories = PurchaseHistories.From(data);
        return new FittedBtydFeatures(purchases.Fit(histories), spend.Fit(histories), horizon.Weeks, _features);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{purchases} {spend} {horizon}";
}

/// <summary>The fitted models as what adds their answers to a table.</summary>
/// <param name="Purchases">When customers buy, and when they stop.</param>
/// <param name="Spend">What they spend.</param>
/// <param name="HorizonWeeks">How far ahead to look, in weeks.</param>
/// <param name="Features">No purchase, expected purchases, expected spend of one, alive.</param>
public sealed record FittedBtydFeatures(IPurchaseModel Purchases, GammaGammaModel Spend, double HorizonWeeks, IReadOnlyList<FeatureInfo> Features) : IAddedFeatures
{
    public IReadOnlyList<string> Columns => PurchaseHistories.Columns;

    public FeatureTable Transform(FeatureTable data)
    {
        var histories = PurchaseHistories.From(data);
        return data.With(Features,
        [
            Purchases.ProbabilityOfNoPurchase(histories, HorizonWeeks),
            Purchases.ExpectedPurchases(histories, HorizonWeeks),
            Spend.ExpectedSpend(histories),
            Purchases.ProbabilityAlive(histories),
        ]);
    }
}
