using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.LightGbm;

/// <summary>What the second stage of <see cref="LightGbmTwoStage"/> learns.</summary>
public enum SpendStage
{
    /// <summary>Mean spend of those who spend, on gamma deviance.</summary>
    Gamma,

    /// <summary>Mean log spend of those who spend, on squared error, brought back to the mean by one factor for all: Duan's (1983) smearing, over totals.</summary>
    Log,
}

/// <summary>Spend in two stages: the probability of spending at all, times the spend of those who do.</summary>
/// <remarks>Spending means a net spend above 0, so the two stages multiply to expected net spend. Label windows shorter than the horizon are scaled to it, by days.</remarks>
public sealed class LightGbmTwoStage : ICandidate
{
    private readonly SpendStage _stage;
    private readonly LightGbmOptions _buys, _spends;

    /// <param name="stage">What the second stage learns.</param>
    /// <param name="buys">How trees are grown for the probability.</param>
    /// <param name="spends">How trees are grown for the spend.</param>
    /// <param name="name">Short name, unique in its experiment.</param>
    public LightGbmTwoStage(SpendStage stage = SpendStage.Gamma, LightGbmOptions? buys = null, LightGbmOptions? spends = null, string name = "lightgbm-two-stage") =>
        (_stage, _buys, _spends, Name) = (stage, buys ?? new(), spends ?? new(), name);

    public string Name { get; }

    public IReadOnlyDictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["stage"] = _stage.ToString() };
            foreach (var (key, value) in _buys.Settings()) settings[$"buys.{key}"] = value;
            foreach (var (key, value) in _spends.Settings()) settings[$"spends.{key}"] = value;
            return settings;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There are no labelled rows, or too few of customers who spent.</exception>
    /// <exception cref="LightGbmException">LightGBM refuses the rows or the settings, or can't be loaded.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        LabelledRows.Require(data, Name, anyWindow: true);
        var buys = new BoostingTask(
            "spends at all", (labels, row) => labels.Spend[row] > 0 ? 1 : 0, BoostingObjective.Binary, Levelled.Log);
        var spends = _stage == SpendStage.Gamma
            ? new BoostingTask("spend of those who spend", (labels, row) => Spend(labels, row, data), BoostingObjective.Gamma, Levelled.Gamma)
            : new BoostingTask("log spend of those who spend", (labels, row) => Spend(labels, row, data) is { } spend ? Math.Log(spend) : null,
                BoostingObjective.Regression, Levelled.Squared);

        var chance = buys.Learn(data, LightGbmColumns.Of(data.Current, _buys), _buys, context);
        var columns = LightGbmColumns.Of(data.Current, _spends);
        var amount = spends.Learn(data, columns, _spends, context);
        return new FittedLightGbmTwoStage(chance, amount, _stage == SpendStage.Log ? Smearing(amount, data, context.Threads) : 1, context.Threads);
    }

    private static double? Spend(Labels labels, int row, TrainingData data) =>
        labels.Spend[row] > 0 ? labels.Spend[row] * data.HorizonDays / labels.HorizonDays : null;

    // What exp(mean log) falls short of the mean; over totals, as few large customers carry most of the money.
    private static double Smearing(BoosterAverage amount, TrainingData data, int threads)
    {
        var (actual, predicted) = (0.0, 0.0);
        foreach (var (features, labels) in data.Cutoffs)
        {
            var answers = FittedLightGbmValue.Amounts(amount, features, threads);
            for (var row = 0; row < features.Rows; row++)
                if (Spend(labels, row, data) is { } spend) (actual, predicted) = (actual + spend, predicted + answers[row]);
        }
        return predicted > 0 ? actual / predicted : 1;
    }
}

/// <summary>The fitted stages.</summary>
/// <param name="Buys">Raw scores are logits of a net spend above 0.</param>
/// <param name="Spends">Raw scores are logs of the spend of those who spend, in account currency.</param>
/// <param name="Factor">What exp(log) is multiplied with; 1 for the gamma stage.</param>
/// <param name="Threads">Threads for scoring.</param>
public sealed record FittedLightGbmTwoStage(BoosterAverage Buys, BoosterAverage Spends, double Factor, int Threads) : IHasReasons
{
    public IReadOnlyList<string> Columns { get; } = [.. Buys.UsedColumns.Union(Spends.UsedColumns, StringComparer.Ordinal)];

    /// <summary>The logarithm of the answer is that of the probability plus that of the spend. Of the latter, exact Shapley values; the former's are those of its logit, in
    /// proportion, so that they add up to the logarithm of the probability (Shrikumar and others, 2017, the rescale rule).</summary>
    public Contributions Reasons(FeatureTable customers, Answer answer)
    {
        if (answer != Answer.Spend) return Contributions.None;
        var (buys, spends) = (TreeShap.Explain(Buys, customers, Threads), TreeShap.Explain(Spends, customers, Threads));
        foreach (var row in buys.Contributions)
        {
            var logit = buys.Base + row.Sum();
            var scale = Math.Abs(logit - buys.Base) < 1e-9 ? 1 - LogisticCurve.Sigmoid(logit) : (LogSigmoid(logit) - LogSigmoid(buys.Base)) / (logit - buys.Base);
            for (var c = 0; c < row.Length; c++) row[c] *= scale;
        }
        return Contributions.Sum([(1, buys.ByColumn()), (1, spends.ByColumn())]);

        static double LogSigmoid(double z) => z >= 0 ? -Math.Log(1 + Math.Exp(-z)) : z - Math.Log(1 + Math.Exp(z));
    }

    public Scores Predict(FeatureTable customers)
    {
        var amounts = FittedLightGbmValue.Amounts(Spends, customers, Threads);
        var logits = Buys.PredictRaw(customers, Threads);
        return new(Spend: [.. logits.Zip(amounts, (logit, amount) => LogisticCurve.Sigmoid(logit) * amount * Factor)]);
    }
}
