using System.Globalization;
using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.LightGbm;

/// <summary>Spend by boosted trees on Tweedie deviance: a lump of customers at 0 and a long tail, in one model.</summary>
/// <param name="power">Variance power, between 1 (counts) and 2 (gamma amounts).</param>
/// <param name="options">How trees are grown.</param>
/// <param name="start">A candidate whose spend the trees start from and correct, as fitted at the moment of scoring; null for the mean of the training rows.
/// Trees can't tell the largest customers apart beyond the largest they have learned from; a model that goes on in proportion can.</param>
/// <param name="name">Short name, unique in its experiment.</param>
/// <remarks>Label windows shorter than the horizon are scaled to it by days, the rate of spend being taken to go on; with a start, they aren't: see
/// <see cref="StartingCandidate"/>. Jørgensen (1987) on the distribution.</remarks>
public sealed class LightGbmValue(double power = 1.5, LightGbmOptions? options = null, ICandidate? start = null, string name = "lightgbm-tweedie") : ICandidate
{
    private readonly double _power = Check.Within(power, 1.0, 1.999);
    private readonly LightGbmOptions _options = options ?? new();

    public string Name => name;

    public IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(StartingCandidate.Settings(start, _options.Settings()), StringComparer.Ordinal) { ["power"] = _power.ToString(CultureInfo.InvariantCulture) };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There are no labelled rows.</exception>
    /// <exception cref="LightGbmException">LightGBM refuses the rows or the settings, or can't be loaded.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        LabelledRows.Require(data, Name, anyWindow: true);
        var from = StartingCandidate.Fit(start, data, context, StartingScale.SpendLog);
        var task = new BoostingTask(
            "spend", (labels, row) => labels.Spend[row] * (from is null ? data.HorizonDays / (double)labels.HorizonDays : 1),
            BoostingObjective.Tweedie(_power), (answers, actual) => Levelled.Tweedie(answers, actual, _power), from is null ? null : from.Raw);
        return new FittedLightGbmValue(task.Learn(data, LightGbmColumns.Of(data.Current, _options), _options, context), context.Threads, from);
    }
}

/// <summary>The fitted trees.</summary>
/// <param name="Boosters">Raw scores are logs of expected spend over the horizon, in account currency, on top of the start's.</param>
/// <param name="Threads">Threads for scoring.</param>
/// <param name="Start">What the trees correct; null for nothing.</param>
public sealed record FittedLightGbmValue(BoosterAverage Boosters, int Threads, StartingCandidate? Start) : IHasReasons
{
    public IReadOnlyList<string> Columns { get; } = StartingCandidate.Columns(Start, Boosters);

    /// <summary>Exact Shapley values of the trees, and the reasons of what they start from.</summary>
    public Contributions Reasons(FeatureTable customers, Answer answer) =>
        answer == Answer.Spend ? StartingCandidate.Reasons(Start, Boosters, customers, Threads, answer) : Contributions.None;

    public Scores Predict(FeatureTable customers) => new(Amounts(Boosters, customers, Threads, Start));

    // A log above 60 would be an amount beyond any currency; capped, so that answers stay finite whatever the features.
    internal static double[] Amounts(BoosterAverage boosters, FeatureTable customers, int threads, StartingCandidate? start = null) =>
        [.. StartingCandidate.Plus(start, boosters.PredictRaw(customers, threads), customers).Select(log => Math.Exp(Math.Min(log, 60)))];
}
