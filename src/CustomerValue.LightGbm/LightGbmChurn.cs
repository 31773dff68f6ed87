using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.LightGbm;

/// <summary>Churn by boosted trees on log loss.</summary>
/// <param name="options">How trees are grown.</param>
/// <param name="start">A candidate whose churn the trees start from and correct, as fitted at the moment of scoring; null for the share of the training rows.
/// A model of purchase histories brings what trees can't: it needs no labels, so it isn't bound to the churn rate of the windows seen.</param>
/// <remarks>With a start, label windows may be shorter than the horizon; see <see cref="StartingCandidate"/>.</remarks>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class LightGbmChurn(LightGbmOptions? options = null, ICandidate? start = null, string name = "lightgbm-churn") : ICandidate
{
    private readonly LightGbmOptions _options = options ?? new();

    public string Name => name;

    public IReadOnlyDictionary<string, string> Settings => StartingCandidate.Settings(start, _options.Settings());

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There are no labelled rows, their window isn't the one to foresee, or the start has no answer to churn.</exception>
    /// <exception cref="LightGbmException">LightGBM refuses the rows or the settings, or can't be loaded.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        LabelledRows.Require(data, Name, anyWindow: start is not null);
        var from = StartingCandidate.Fit(start, data, context, StartingScale.ChurnLogit);
        var task = new BoostingTask("churn", (labels, row) => labels.Churned[row] ? 1 : 0, BoostingObjective.Binary,
            Levelled.Log, from is null ? null : from.Raw);
        return new FittedLightGbmChurn(task.Learn(data, LightGbmColumns.Of(data.Current, _options), _options, context), context.Threads, from);
    }
}

/// <summary>The fitted trees.</summary>
/// <param name="Boosters">Raw scores are logits of churn, on top of the start's.</param>
/// <param name="Threads">Threads for scoring.</param>
/// <param name="Start">What the trees correct; null for nothing.</param>
public sealed record FittedLightGbmChurn(BoosterAverage Boosters, int Threads, StartingCandidate? Start) : IHasReasons
{
    public IReadOnlyList<string> Columns { get; } = StartingCandidate.Columns(Start, Boosters);

    /// <summary>Exact Shapley values of the trees, and the reasons of what they start from.</summary>
    public Contributions Reasons(FeatureTable customers, Answer answer) =>
        answer == Answer.Churn ? StartingCandidate.Reasons(Start, Boosters, customers, Threads, answer) : Contributions.None;

    public Scores Predict(FeatureTable customers) =>
        new(Churn: [.. StartingCandidate.Plus(Start, Boosters.PredictRaw(customers, Threads), customers).Select(LogisticCurve.Sigmoid)]);
}
