using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.LightGbm;

/// <summary>Churn by boosted trees on log loss.</summary>
/// <param name="options">How trees are grown.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class LightGbmChurn(LightGbmOptions? options = null, string name = "lightgbm-churn") : ICandidate
{
    private static readonly BoostingTask s_task = new(
        "churn", (labels, row) => labels.Churned[row] ? 1 : 0, BoostingObjective.Binary, (answers, actual) => Loss.Log(answers, actual));

    private readonly LightGbmOptions _options = options ?? new();

    public string Name => name;

    public IReadOnlyDictionary<string, string> Settings => _options.Settings();

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There are no labelled rows, or their window isn't the one to foresee.</exception>
    /// <exception cref="LightGbmException">LightGBM refuses the rows or the settings, or can't be loaded.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        LabelledRows.Require(data, Name);
        return new FittedLightGbmChurn(s_task.Learn(data, LightGbmColumns.Of(data.Current, _options), _options, context), context.Threads);
    }
}

/// <summary>The fitted trees.</summary>
/// <param name="Boosters">Raw scores are logits of churn.</param>
/// <param name="Threads">Threads for scoring.</param>
public sealed record FittedLightGbmChurn(BoosterAverage Boosters, int Threads) : IFittedCandidate
{
    public Scores Predict(FeatureTable customers) =>
        new(Churn: [.. Boosters.PredictRaw(customers, Threads).Select(LogisticCurve.Sigmoid)]);
}
