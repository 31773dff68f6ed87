using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>All that may be known at the moment of scoring.</summary>
/// <param name="Cutoffs">Labelled rows, oldest cutoff first; no label window reaches past the cutoff of <paramref name="Current"/>.</param>
/// <param name="Current">Features at the moment of scoring, without labels: what models of purchase histories are fitted on.</param>
/// <param name="HorizonDays">Length of the window to foresee, in days.</param>
public sealed record TrainingData(IReadOnlyList<LabelledTable> Cutoffs, FeatureTable Current, int HorizonDays)
{
    /// <summary>The horizon in weeks, the unit of the purchase models.</summary>
    public double HorizonWeeks => HorizonDays / 7.0;

    /// <summary>Labelled rows over all cutoffs.</summary>
    public int Rows => Cutoffs.Sum(c => c.Features.Rows);
}

/// <summary>What a fit may use besides its data.</summary>
/// <param name="Seed">The experiment's seed.</param>
/// <param name="Threads">Threads that native libraries may use; part of what a run logs, as sums depend on it.</param>
/// <param name="Cancellation">Stops a long fit.</param>
public sealed record FitContext(int Seed, int Threads = 1, CancellationToken Cancellation = default)
{
    /// <summary>Told how far a long fit has come; null for nobody.</summary>
    public IProgress<StageProgress>? Progress { get; init; }

    /// <summary>Where a long fit may keep what it needs to go on after it was stopped, each in a folder of its own; null for nowhere.</summary>
    public string? Folder { get; init; }

    private readonly Dictionary<(ICandidate, TrainingData), IFittedCandidate> _fitted = new(ReferenceKey.Instance);

    /// <summary>Fits <paramref name="candidate"/>, or hands back the same fit when it was asked before: a blend's members are fitted once.</summary>
    public IFittedCandidate Fit(ICandidate candidate, TrainingData data)
    {
        Cancellation.ThrowIfCancellationRequested();
        if (!_fitted.TryGetValue((candidate, data), out var fitted)) _fitted[(candidate, data)] = fitted = candidate.Fit(data, this);
        return fitted;
    }

    private sealed class ReferenceKey : IEqualityComparer<(ICandidate Candidate, TrainingData Data)>
    {
        public static readonly ReferenceKey Instance = new();
        public bool Equals((ICandidate Candidate, TrainingData Data) x, (ICandidate Candidate, TrainingData Data) y) =>
            ReferenceEquals(x.Candidate, y.Candidate) && ReferenceEquals(x.Data, y.Data);
        public int GetHashCode((ICandidate Candidate, TrainingData Data) key) =>
            HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(key.Candidate), System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(key.Data));
    }
}
