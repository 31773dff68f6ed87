using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>A candidate that is given another model's answers as features besides the table's own.</summary>
/// <remarks>What adds the features is fitted anew on each cutoff's own table, so that no feature knows anything dated later, and once more at the moment of
/// scoring; customers are scored with that last fit, one by one as all at once.</remarks>
/// <param name="added">Learns to add columns to a table, from the table's features alone.</param>
/// <param name="inner">The candidate that learns from the wider table.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class WithFeatures(IEstimator<FeatureTable, ITransform<FeatureTable, FeatureTable>> added, ICandidate inner, string? name = null) : ICandidate
{
    public string Name { get; } = name ?? $"{inner.Name}-plus";

    public IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(inner.Settings, StringComparer.Ordinal) { ["added_features"] = $"{added}" };

    /// <inheritdoc/>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        var current = added.Fit(data.Current);
        LabelledTable[] cutoffs = [.. data.Cutoffs.Select(c => c with { Features = added.Fit(c.Features).Transform(c.Features) })];
        return new Fitted(current, inner.Fit(new(cutoffs, current.Transform(data.Current), data.HorizonDays), context));
    }

    private sealed record Fitted(ITransform<FeatureTable, FeatureTable> Added, IFittedCandidate Inner) : IFittedCandidate
    {
        public Scores Predict(FeatureTable customers) => Inner.Predict(Added.Transform(customers));
    }
}
