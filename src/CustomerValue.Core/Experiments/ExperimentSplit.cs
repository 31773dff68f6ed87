using CustomerValue.Features;

namespace CustomerValue.Experiments;

/// <summary>Where the past ends: cutoffs whose windows are known, for training, and the one that candidates are judged at.</summary>
/// <remarks>Windows are half-open: history is before the cutoff, labels are in [cutoff, cutoff + horizon).</remarks>
/// <param name="TrainCutoffs">Oldest first; may be empty where every candidate is fitted on histories alone.</param>
/// <param name="TestCutoff">The cutoff of the test rows.</param>
/// <param name="HorizonDays">Length of the test window, in days.</param>
public record ExperimentSplit(IReadOnlyList<DateOnly> TrainCutoffs, DateOnly TestCutoff, int HorizonDays)
{
    /// <summary>Length of the training windows, in days; that of the test window unless the calibration period is too short for it.</summary>
    public int TrainHorizonDays { get; init; } = HorizonDays;

    /// <summary>Refuses a split in which training rows would see past the test cutoff.</summary>
    /// <exception cref="ArgumentException">A training window reaches past the test cutoff, or cutoffs don't ascend.</exception>
    public virtual void Validate()
    {
        Check.Within(HorizonDays, 1, 3660, nameof(HorizonDays));
        Check.Within(TrainHorizonDays, 1, HorizonDays, nameof(TrainHorizonDays));
        for (var i = 0; i < TrainCutoffs.Count; i++)
        {
            var end = TrainCutoffs[i].AddDays(TrainHorizonDays);
            if (end > TestCutoff)
                throw new ArgumentException(
                    $"The training window from {TrainCutoffs[i]:yyyy-MM-dd} runs to {end:yyyy-MM-dd}, past the test cutoff {TestCutoff:yyyy-MM-dd}. " +
                    "Its labels would hold what is to be foreseen; choose an earlier training cutoff or a shorter horizon.");
            if (i > 0 && TrainCutoffs[i] <= TrainCutoffs[i - 1])
                throw new ArgumentException($"Training cutoffs must ascend: {TrainCutoffs[i]:yyyy-MM-dd} follows {TrainCutoffs[i - 1]:yyyy-MM-dd}.");
        }
    }

    /// <summary>The rows that end at a cutoff.</summary>
    internal virtual FeatureTable Rows(IFeatureSource source, DateOnly cutoff, CancellationToken cancellation) => source.At(cutoff, cancellation);

    /// <summary>All that decides which rows end at a cutoff.</summary>
    internal virtual IEnumerable<string> RowsKey(DateOnly cutoff) => [$"{cutoff:yyyy-MM-dd}"];

    /// <summary>This split as names and values.</summary>
    public virtual IEnumerable<string> Key() => [.. TrainCutoffs.Select(c => $"{c:yyyy-MM-dd}"), $"{TestCutoff:yyyy-MM-dd}", $"{HorizonDays}", $"{TrainHorizonDays}"];
}
