using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>A candidate that is shown some feature sets of the table only: what a comparison of sources of information is made of.</summary>
/// <remarks>What it fits is the inner candidate's own model: answers, reasons, intervals and the package are those of the inner candidate.</remarks>
public sealed class OnColumns : ICandidate
{
    private readonly ICandidate _inner;
    private readonly IReadOnlyList<string>? _only;
    private readonly IReadOnlyList<string> _without;

    private OnColumns(ICandidate inner, IReadOnlyList<string>? only, IReadOnlyList<string> without, string name) => (_inner, _only, _without, Name) = (inner, only, without, name);

    public string Name { get; }

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(_inner.Settings, StringComparer.Ordinal)
    {
        ["sets"] = _only is null ? "all" : string.Join(' ', _only),
        ["without_sets"] = string.Join(' ', _without),
    };

    /// <summary>Only the named feature sets.</summary>
    /// <param name="inner">The candidate.</param>
    /// <param name="sets">Names of sets, as in the catalogue.</param>
    /// <param name="name">Short name, unique in its experiment.</param>
    /// <exception cref="ArgumentException">No set is named.</exception>
    public static OnColumns Of(ICandidate inner, IReadOnlyList<string> sets, string name) =>
        new(inner, sets.Count > 0 ? sets : throw new ArgumentException($"'{name}' is to see no feature set at all; name at least one.", nameof(sets)), [], name);

    /// <summary>All feature sets but the named ones; one that the table hasn't is as good as left out.</summary>
    /// <param name="inner">The candidate.</param>
    /// <param name="sets">Names of sets, as in the catalogue.</param>
    /// <param name="name">Short name, unique in its experiment.</param>
    public static OnColumns Without(ICandidate inner, IReadOnlyList<string> sets, string name) => new(inner, null, sets, name);

    /// <summary>All feature sets but those that come of what customers wrote.</summary>
    /// <param name="inner">The candidate.</param>
    /// <param name="name">Short name, unique in its experiment.</param>
    public static OnColumns WithoutText(ICandidate inner, string? name = null) => Without(inner, TextSets.All, name ?? $"{inner.Name}-without-text");

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The table has none of the sets, or lacks one that was named.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context) =>
        _inner.Fit(new([.. data.Cutoffs.Select(c => c with { Features = Narrow(c.Features) })], Narrow(data.Current), data.HorizonDays), context);

    private FeatureTable Narrow(FeatureTable table)
    {
        var there = table.Features.Select(f => f.Set).Distinct().ToArray();
        if ((_only ?? []).FirstOrDefault(set => !there.Contains(set)) is { } missing)
            throw new InvalidOperationException($"'{Name}' is to see the feature set '{missing}', which the table at {table.Cutoff:yyyy-MM-dd} hasn't. It has: {string.Join(", ", there)}.");
        string[] kept = [.. table.Features.Where(f => (_only?.Contains(f.Set) ?? true) && !_without.Contains(f.Set)).Select(f => f.Name)];
        return kept.Length > 0 ? table.Select(kept)
            : throw new InvalidOperationException($"'{Name}' leaves out {string.Join(", ", _without)}, and the table at {table.Cutoff:yyyy-MM-dd} has nothing else.");
    }
}
