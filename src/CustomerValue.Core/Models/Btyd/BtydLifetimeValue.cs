using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Value and churn from purchase histories alone: a model of when customers buy, and one of what they spend.</summary>
/// <remarks>
/// Value is expected purchases times expected spend of one over the horizon, churn the probability of no purchase in it. It is fitted on the histories
/// known at the moment of scoring and needs no labels. The table's columns frequency, recency_weeks, age_weeks, mean_repeat_spend and mean_spend are read.
/// </remarks>
/// <param name="purchases">When customers buy, and when they stop.</param>
/// <param name="spend">What they spend; null for a candidate that answers only churn and purchases.</param>
/// <param name="annualDiscountRate">Yearly rate at which future spend is discounted; 0 for plain expected spend, which is what label windows hold.</param>
/// <param name="name">Name in the experiment; made of the models' names when left out, such as bg-nbd-gg-all.</param>
public sealed class BtydLifetimeValue(
    IEstimator<PurchaseHistories, IPurchaseModel> purchases, GammaGamma? spend = null, double annualDiscountRate = 0, string? name = null)
    : ICandidate, IEstimator<PurchaseHistories, BtydLifetimeValueModel>
{
    private readonly double _annualDiscountRate = BtydLifetimeValueModel.PossibleRate(annualDiscountRate);

    /// <inheritdoc/>
    public string Name { get; } = name ?? (spend is null ? $"{purchases}" : $"{purchases}-{spend}");

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["purchases"] = $"{purchases}",
        ["spend"] = spend is null ? "none" : $"{spend}",
        ["annual_discount_rate"] = _annualDiscountRate.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Learns both models from <paramref name="data"/>.</summary>
    /// <exception cref="InvalidDataException">A history isn't possible; the message names the customer.</exception>
    /// <exception cref="ArgumentException">There is too little to learn from.</exception>
    /// <exception cref="InvalidOperationException">A fit didn't converge.</exception>
    public BtydLifetimeValueModel Fit(PurchaseHistories data) =>
        new(purchases.Fit(data), spend?.Fit(data)) { AnnualDiscountRate = _annualDiscountRate };

    /// <inheritdoc/>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        return new FittedBtyd(Fit(PurchaseHistories.From(data.Current)), data.HorizonWeeks);
    }

    internal sealed record FittedBtyd(BtydLifetimeValueModel Model, double HorizonWeeks) : IHasReasons, IHasInterval
    {
        public IReadOnlyList<string> Columns => PurchaseHistories.Columns;

        /// <inheritdoc/>
        public Contributions Reasons(FeatureTable customers, Answer answer) => BtydReasons.Of(Model, HorizonWeeks, PurchaseHistories.From(customers), answer);

        /// <inheritdoc/>
        /// <exception cref="InvalidOperationException">There is no spend model.</exception>
        public (double[] Low, double[] High) Interval(FeatureTable customers, double level)
        {
            var intervals = Model.Intervals(PurchaseHistories.From(customers), Horizon.OfWeeks(HorizonWeeks), level);
            return (intervals.Low, intervals.High);
        }

        public Scores Predict(FeatureTable customers)
        {
            var histories = PurchaseHistories.From(customers);
            var horizon = Horizon.OfWeeks(HorizonWeeks);
            return new(
                Model.Spend is null ? null : Model.ExpectedSpend(histories, horizon),
                Model.Purchases.ProbabilityOfNoPurchase(histories, HorizonWeeks),
                Model.Purchases.ExpectedPurchases(histories, HorizonWeeks));
        }
    }
}
