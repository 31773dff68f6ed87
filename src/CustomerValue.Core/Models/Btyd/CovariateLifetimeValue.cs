using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Options of <see cref="CovariateLifetimeValue"/>.</summary>
public sealed record CovariateOptions
{
    /// <summary>Feature sets whose columns are covariates; one that a table hasn't brings none.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [TextSets.Meaning];

    /// <summary>Columns of one's own, in place of <see cref="Sets"/>.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Pull of the effects towards 0; see <see cref="ParetoNbdCovariates"/>.</summary>
    public double Ridge { get; init => field = Check.Within(value, 0, 1e9); } = 10;

    /// <summary>Share of the training rows at either end of a column beyond which values are capped.</summary>
    public double Tail { get; init => field = Check.Within(value, 0, 0.1); } = 0.005;

    /// <summary>Steps, tolerance, threads.</summary>
    public BtydOptions Fit { get; init; } = new();
}

/// <summary>Value and churn from purchase histories and, beside them, from columns of the table: Pareto/NBD with covariates, and a model of what customers spend.</summary>
/// <remarks>As <see cref="BtydLifetimeValue"/>, it is fitted on the histories known at the moment of scoring and needs no labels. Columns are standardised first, as learned on
/// the training rows (on the table at the moment of scoring where there are none). They are features at the cutoff and are treated as if they had always been so;
/// <see cref="ParetoNbdCovariatesModel"/> tells what that costs, and <see cref="ShiftedLifetimeValue"/> doesn't pay it: take that one for what was written. Without any column
/// it is Pareto/NBD, so that it can be compared with and without text.</remarks>
/// <param name="spend">What they spend; null for a candidate that answers only churn and purchases.</param>
/// <param name="options">Which columns, and how they are fitted.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class CovariateLifetimeValue(GammaGamma? spend = null, CovariateOptions? options = null, string name = "pareto-nbd-covariates") : ICandidate
{
    private readonly CovariateOptions _options = options ?? new();

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["purchases"] = "pareto-nbd-covariates",
        ["spend"] = spend is null ? "none" : $"{spend}",
        ["covariates"] = _options.Columns is { } columns ? string.Join(' ', columns) : $"sets {string.Join(' ', _options.Sets)}",
        ["ridge"] = _options.Ridge.ToString(CultureInfo.InvariantCulture),
        ["tail"] = _options.Tail.ToString(CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    /// <exception cref="KeyNotFoundException">A named column isn't in the table.</exception>
    /// <exception cref="InvalidDataException">A history isn't possible; the message names the customer.</exception>
    /// <exception cref="ArgumentException">There is too little to learn from, or there are too many columns.</exception>
    /// <exception cref="InvalidOperationException">A fit didn't converge.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        var columns = _options.Columns ?? [.. data.Current.Features.Where(f => _options.Sets.Contains(f.Set)).Select(f => f.Name)];
        IReadOnlyList<FeatureTable> rows = data.Rows > 0 ? [.. data.Cutoffs.Select(c => c.Features)] : [data.Current];
        var scaling = columns.Count == 0 ? new([]) : new FeatureScaling(columns, _options.Tail).Fit(rows);
        var customers = FittedCovariateLifetimeValue.Of(scaling, data.Current);
        var model = new ParetoNbdCovariates(_options.Ridge, _options.Fit).Fit(customers);
        return new FittedCovariateLifetimeValue(model, spend?.Fit(customers.Purchases), scaling, data.HorizonWeeks);
    }
}

/// <summary>The fitted models.</summary>
/// <param name="Purchases">When customers buy, and when they stop.</param>
/// <param name="Spend">What they spend on a purchase; null when only purchases are modelled.</param>
/// <param name="Scaling">How columns become covariates, in their order.</param>
/// <param name="HorizonWeeks">How far ahead to look, in weeks.</param>
public sealed record FittedCovariateLifetimeValue(ParetoNbdCovariatesModel Purchases, GammaGammaModel? Spend, FittedScaling Scaling, double HorizonWeeks) : IHasReasons, IHasInterval
{
    public IReadOnlyList<string> Columns { get; } = [.. PurchaseHistories.Columns, .. Scaling.Columns.Select(c => c.Name)];

    /// <inheritdoc/>
    public Scores Predict(FeatureTable customers)
    {
        var of = Of(Scaling, customers);
        var purchases = Purchases.ExpectedPurchases(of, HorizonWeeks);
        var each = Spend?.ExpectedSpend(of.Purchases);
        return new(each is null ? null : [.. purchases.Zip(each, (number, amount) => number * amount)], Purchases.ProbabilityOfNoPurchase(of, HorizonWeeks), purchases);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is no spend model.</exception>
    public (double[] Low, double[] High) Interval(FeatureTable customers, double level)
    {
        var of = Of(Scaling, customers);
        var intervals = new BtydLifetimeValueModel(Purchases.Typical, Spend).Intervals(of.Purchases, Horizon.OfWeeks(HorizonWeeks), level, row => Purchases.Of(of, row));
        return (intervals.Low, intervals.High);
    }

    /// <summary>What history and spend say of a typical customer who has them, and what each covariate changes: the mean of what it changes when covariates come one after
    /// another in the table's order, and in the opposite order.</summary>
    public Contributions Reasons(FeatureTable customers, Answer answer)
    {
        var typical = BtydReasons.Of(new(Purchases.Typical, Spend), HorizonWeeks, PurchaseHistories.From(customers), answer);
        if (typical.Columns.Count == 0) return typical;
        var (of, each) = (Of(Scaling, customers), Spend?.ExpectedSpend(PurchaseHistories.From(customers)));
        return Contributions.Sum([(1, typical), (1, CovariateReasons.Of(of, (covariates, row) =>
        {
            var (model, history) = (Purchases.Of(covariates), of.Purchases[row]);
            return answer == Answer.Churn ? LogisticCurve.Logit(model.ProbabilityOfNoPurchase(history, HorizonWeeks))
                : Math.Log(1 + model.ExpectedPurchases(history, HorizonWeeks) * each![row]);
        }))]);
    }

    internal static CovariateHistories Of(FittedScaling scaling, FeatureTable table) =>
        new(PurchaseHistories.From(table), [.. scaling.Columns.Select(c => c.Name)], scaling.Transform(table));
}
