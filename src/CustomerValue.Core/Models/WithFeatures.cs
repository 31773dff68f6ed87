using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>A candidate that is given another model's answers as features besides the table's own.</summary>
/// <remarks>What adds the features is fitted once, on the table at the moment of scoring, and asked about the customers of every training cutoff as they stood then: so a
/// column means the same on all rows. Fits of their own at early cutoffs of a young shop are another model (on Online Retail II in its first half year, one in which no
/// customer ever leaves), and weights learned on their answers failed on later rows.</remarks>
/// <param name="added">Learns to add columns to a table from features alone, without labels.</param>
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
        LabelledTable[] cutoffs = [.. data.Cutoffs.Select(c => c with { Features = current.Transform(c.Features) })];
        return new Fitted(current, inner.Fit(new(cutoffs, current.Transform(data.Current), data.HorizonDays), context));
    }

    private sealed record Fitted(ITransform<FeatureTable, FeatureTable> Added, IFittedCandidate Inner) : IFittedCandidate
    {
        public Scores Predict(FeatureTable customers) => Inner.Predict(Added.Transform(customers));
    }
}
