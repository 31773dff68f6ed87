using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.Models.Baselines;

/// <summary>The marketer's rule: the longer the silence, the likelier a customer is gone. Orders customers by days since their last purchase alone,
/// with probabilities from one logistic curve over log(1 + days).</summary>
/// <param name="column">Days since the last purchase, 0 and above.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class RecencyRule(string column = "days_since_last_purchase", string name = "recency") : ICandidate
{
    public string Name => name;

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["column"] = column };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There are no labelled rows, or their window isn't the one to foresee.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        LabelledRows.Require(data, Name);
        double[] silence = [.. data.Cutoffs.SelectMany(c => c.Features[column]).Select(FittedRecencyRule.Scale)];
        bool[] gone = [.. data.Cutoffs.SelectMany(c => c.Labels.Churned)];
        return new FittedRecencyRule(column, LogisticCurve.Fit(silence, gone));
    }
}

/// <summary>The fitted rule.</summary>
/// <param name="Column">Days since the last purchase.</param>
/// <param name="Curve">Over log(1 + days).</param>
public sealed record FittedRecencyRule(string Column, LogisticCurve Curve) : IFittedCandidate
{
    public IReadOnlyList<string> Columns => [Column];

    public Scores Predict(FeatureTable customers) => new(Churn: [.. customers[Column].Select(days => Curve.At(Scale(days)))]);

    internal static double Scale(double days) => days >= 0 ? Math.Log(1 + days)
        : throw new InvalidDataException(
            $"Days since the last purchase can't be {days.ToString(CultureInfo.InvariantCulture)}. Check that the column counts back from the cutoff.");
}
