using System.Globalization;
using CustomerValue.Features;
using CustomerValue.Models.Text;

namespace CustomerValue.Models.Btyd;

/// <summary>Options of <see cref="ShiftedLifetimeValue"/>.</summary>
public sealed record ShiftOptions
{
    /// <summary>Feature sets whose columns are covariates; one that a table hasn't brings none.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [TextSets.Writing, TextSets.Meaning];

    /// <summary>Columns of one's own, in place of <see cref="Sets"/>.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Strengths of the pull of effects towards 0 to choose from, on later rows of other customers; a single one is taken as it is.</summary>
    public IReadOnlyList<double> Ridge
    {
        get;
        init => field = value.Count > 0 ? [.. value.Select(ridge => Check.Within(ridge, 0.01, 1e9, nameof(Ridge)))] : throw new ArgumentException("Give at least one strength of the ridge.", nameof(Ridge));
    } = [30, 300, 3000];

    /// <summary>Share of the training rows at either end of a column beyond which values are capped.</summary>
    public double Tail { get; init => field = Check.Within(value, 0, 0.1); } = 0.005;

    /// <summary>Groups of customers that take turns as validation.</summary>
    public int Folds { get; init => field = Check.Within(value, 2, 20); } = 4;

    /// <summary>Steps, tolerance and threads of the fit on histories.</summary>
    public BtydOptions Fit { get; init; } = new();
}

/// <summary>Value and churn from purchase histories, moved by what else the table says at the cutoff, such as what customers wrote: Pareto/NBD, shifted.</summary>
/// <remarks>The model of histories is fitted on those known at the moment of scoring, as in <see cref="BtydLifetimeValue"/>. What columns change is learned from what happened in the
/// windows after the training cutoffs: see <see cref="ShiftedParetoNbd"/>. Without any column it is Pareto/NBD, so that it can be compared with and without text.</remarks>
/// <param name="spend">What they spend; null for a candidate that answers only churn and purchases.</param>
/// <param name="options">Which columns, and how they are fitted.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class ShiftedLifetimeValue(GammaGamma? spend = null, ShiftOptions? options = null, string name = "pareto-nbd-text") : ICandidate
{
    private const int MostSteps = 300;

    private readonly ShiftOptions _options = options ?? new();

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["purchases"] = "pareto-nbd, shifted",
        ["spend"] = spend is null ? "none" : $"{spend}",
        ["covariates"] = _options.Columns is { } columns ? string.Join(' ', columns) : $"sets {string.Join(' ', _options.Sets)}",
        ["ridge"] = string.Join(' ', _options.Ridge.Select(r => r.ToString(CultureInfo.InvariantCulture))),
        ["tail"] = _options.Tail.ToString(CultureInfo.InvariantCulture),
        ["folds"] = _options.Folds.ToString(CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    /// <exception cref="KeyNotFoundException">A named column isn't in the table.</exception>
    /// <exception cref="InvalidDataException">A history isn't possible; the message names the customer.</exception>
    /// <exception cref="ArgumentException">There is too little to learn from.</exception>
    /// <exception cref="InvalidOperationException">There are no labelled rows, or a fit didn't converge.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        var columns = _options.Columns ?? [.. data.Current.Features.Where(f => _options.Sets.Contains(f.Set)).Select(f => f.Name)];
        var histories = PurchaseHistories.From(data.Current);
        var (model, amounts) = (new ParetoNbd(_options.Fit).Fit(histories), spend?.Fit(histories));
        if (columns.Count == 0) return new FittedShiftedLifetimeValue(new(model, []), amounts, new([]), 0, data.HorizonWeeks);
        LabelledRows.Require(data, Name, anyWindow: true);
        var ridge = Strength(model, columns, data.Cutoffs, context);
        var (effects, scaling) = Learn(model, columns, data.Cutoffs, ridge, context);
        return new FittedShiftedLifetimeValue(new(model, effects), amounts, scaling, ridge, data.HorizonWeeks);
    }

    private double Strength(ParetoNbdModel model, IReadOnlyList<string> columns, IReadOnlyList<LabelledTable> cutoffs, FitContext context)
    {
        if (_options.Ridge.Count == 1) return _options.Ridge[0];
        var folds = TimeOrderedFolds.Split(cutoffs, _options.Folds);
        double[] actual = [.. folds.SelectMany(f => f.Validate.Labels.Churned).Select(c => c ? 1.0 : 0.0)];
        return _options.Ridge.MinBy(ridge => Loss.Log(
            [.. folds.SelectMany(f =>
            {
                var (effects, scaling) = Learn(model, columns, f.Train, ridge, context);
                return new ShiftedParetoNbd(model, effects).ProbabilityOfNoPurchase(FittedCovariateLifetimeValue.Of(scaling, f.Validate.Features), f.Validate.Labels.HorizonDays / 7.0);
            })], actual));
    }

    private (ShiftEffect[] Effects, FittedScaling Scaling) Learn(ParetoNbdModel model, IReadOnlyList<string> columns, IReadOnlyList<LabelledTable> cutoffs, double ridge, FitContext context)
    {
        var scaling = new FeatureScaling(columns, _options.Tail).Fit([.. cutoffs.Select(c => c.Features)]);
        var likelihood = new ShiftLikelihood(model,
            cutoffs.Select(c => new FollowedCustomers(FittedCovariateLifetimeValue.Of(scaling, c.Features), c.Labels.HorizonDays / 7.0, c.Labels.Purchases)), ridge, _options.Fit.Threads);
        var (at, steps, converged) = Lbfgs.Minimise(likelihood.Evaluate, new double[3 * columns.Count], 1e-5, MostSteps, context.Cancellation);
        if (!converged && steps == MostSteps)
            throw new InvalidOperationException($"What {columns.Count} columns change of '{name}' wasn't found in {MostSteps} steps. Name fewer columns, or raise the ridge (now {ridge}).");
        return ([.. columns.Select((column, k) => new ShiftEffect(column, at[k], at[columns.Count + k], at[2 * columns.Count + k]))], scaling);
    }
}

/// <summary>The fitted models.</summary>
/// <param name="Purchases">When customers buy, and when they stop.</param>
/// <param name="Spend">What they spend on a purchase; null when only purchases are modelled.</param>
/// <param name="Scaling">How columns become covariates, in their order.</param>
/// <param name="Ridge">The strength that was chosen; 0 without columns.</param>
/// <param name="HorizonWeeks">How far ahead to look, in weeks.</param>
public sealed record FittedShiftedLifetimeValue(ShiftedParetoNbd Purchases, GammaGammaModel? Spend, FittedScaling Scaling, double Ridge, double HorizonWeeks) : IHasReasons
{
    private static readonly PurchaseHistory s_new = new(0, 0, 0);

    public IReadOnlyList<string> Columns { get; } = [.. PurchaseHistories.Columns, .. Scaling.Columns.Select(c => c.Name)];

    /// <inheritdoc/>
    public Scores Predict(FeatureTable customers)
    {
        var of = FittedCovariateLifetimeValue.Of(Scaling, customers);
        var purchases = Purchases.ExpectedPurchases(of, HorizonWeeks);
        var each = Spend?.ExpectedSpend(of.Purchases);
        return new(each is null ? null : [.. purchases.Zip(each, (number, amount) => number * amount)], Purchases.ProbabilityOfNoPurchase(of, HorizonWeeks), purchases);
    }

    /// <summary>What history and spend say, and what each column changes of it.</summary>
    public Contributions Reasons(FeatureTable customers, Answer answer)
    {
        var of = FittedCovariateLifetimeValue.Of(Scaling, customers);
        var typical = BtydReasons.Of(new(Purchases.Model, Spend), HorizonWeeks, of.Purchases, answer);
        if (typical.Columns.Count == 0) return typical;
        var each = Spend?.ExpectedSpend(of.Purchases);
        return Contributions.Sum([(1, typical), (1, CovariateReasons.Of(of, (covariates, row) =>
        {
            var (ahead, alive) = Purchases.Of(of.Purchases[row], covariates);
            return answer == Answer.Churn ? LogisticCurve.Logit(1 - alive * (1 - ahead.ProbabilityOfNoPurchase(s_new, HorizonWeeks)))
                : Math.Log(1 + alive * ahead.ExpectedPurchases(s_new, HorizonWeeks) * each![row]);
        }))]);
    }
}
