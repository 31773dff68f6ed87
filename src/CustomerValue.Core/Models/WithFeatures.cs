using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>A candidate that is given another model's answers as features besides the table's own.</summary>
/// <remarks>What adds the features is fitted once, on the table at the moment of scoring, and asked about the customers of every training cutoff as they stood then: so a
/// column means the same on all rows. Fits of their own at early cutoffs of a young shop are another model (on Online Retail II in its first half year, one in which no
/// customer ever leaves), and weights learned on their answers failed on later rows.</remarks>
/// <param name="added">Learns to add columns to a table from features alone, without labels.</param>
/// <param name="inner">The candidate that learns from the wider table.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class WithFeatures(IEstimator<FeatureTable, IAddedFeatures> added, ICandidate inner, string? name = null) : ICandidate
{
    public string Name { get; } = name ?? $"{inner.Name}-plus";

    public IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(inner.Settings, StringComparer.Ordinal) { ["added_features"] = $"{added}" };

    /// <inheritdoc/>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        var current = added.Fit(data.Current);
        LabelledTable[] cutoffs = [.. data.Cutoffs.Select(c => c with { Features = current.Transform(c.Features) })];
        return new FittedWithFeatures(current, inner.Fit(new(cutoffs, current.Transform(data.Current), data.HorizonDays), context));
    }

}

/// <summary>The fitted candidate with what adds its features.</summary>
/// <param name="Added">Adds the features.</param>
/// <param name="Inner">Answers from the wider table.</param>
public sealed record FittedWithFeatures(IAddedFeatures Added, IFittedCandidate Inner) : IHasReasons
{
    public IReadOnlyList<string> Columns { get; } = [.. Added.Columns.Union(Inner.Columns.Except(Added.Features.Select(f => f.Name)), StringComparer.Ordinal)];

    public Scores Predict(FeatureTable customers) => Inner.Predict(Added.Transform(customers));

    /// <summary>The inner candidate's reasons, where it has any; those of added features under their names.</summary>
    public Contributions Reasons(FeatureTable customers, Answer answer) => (Inner as IHasReasons)?.Reasons(Added.Transform(customers), answer) ?? Contributions.None;
}

/// <summary>Adds columns to a table.</summary>
public interface IAddedFeatures : ITransform<FeatureTable, FeatureTable>
{
    /// <summary>Names of the columns that it reads.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>The features it adds, in column order.</summary>
    IReadOnlyList<FeatureInfo> Features { get; }
}
