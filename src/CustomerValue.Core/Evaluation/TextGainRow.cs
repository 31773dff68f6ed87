using System.Text.Json.Serialization;

namespace CustomerValue.Evaluation;

/// <summary>What text bought a candidate: one figure on one group of test customers. Differences are with text less without, whichever way the figure is better; of log loss, which is better when
/// lower, a gain is below 0.</summary>
/// <remarks>Intervals are over customers, for the models as they were fitted; what another seed of a fit would change isn't in them.
/// One interval in forty lies above 0 by chance alone, and a run has many: a claim rests on all customers, and slices say where to look.</remarks>
/// <param name="Slice">The customers, one of the keys of <see cref="OrderSlices"/>.</param>
/// <param name="Metric">Key of the figure.</param>
/// <param name="Without">The figure of the candidate fitted on tables without any text column.</param>
/// <param name="With">The figure of the candidate as the experiment has it.</param>
/// <param name="Difference">With less without.</param>
/// <param name="Low">Lower end of the difference's 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Shuffled">The same difference where every customer was given another's text columns, in training and scoring alike: about 0, or a little worse, unless there is a leak.</param>
/// <param name="ShuffledLow">Lower end of its 95 % interval.</param>
/// <param name="ShuffledHigh">Upper end.</param>
/// <param name="Oracle">What perfectly read texts could give at best, on the customers that the truth knows; null where the truth isn't known.</param>
/// <param name="Candidate">Whose figure it is.</param>
/// <param name="Rows">Customers in the slice.</param>
public sealed record TextGainRow(
    string Slice, string Metric, double Without, double With, double Difference, double Low, double High,
    double Shuffled, double ShuffledLow, double ShuffledHigh, double? Oracle, string Candidate, int Rows)
{
    /// <summary>Whether the whole interval lies on the better side of 0.</summary>
    [JsonIgnore]
    public bool IsGain => IsBetter(Low, High);

    /// <summary>Whether the whole interval lies on the worse side of 0.</summary>
    [JsonIgnore]
    public bool IsHarm => IsBetter(-High, -Low);

    /// <summary>Whether texts of other customers help: then the comparison, or the features, leak.</summary>
    [JsonIgnore]
    public bool IsLeak => IsBetter(ShuffledLow, ShuffledHigh);

    /// <summary>The share of what texts could give that was gained; null where that isn't known, nothing can be gained, or less than chance moves the difference (half its interval).</summary>
    [JsonIgnore]
    public double? Recovered => Oracle is { } best && IsBetter(best, best) && Math.Abs(best) > (High - Low) / 2 ? Difference / best : null;

    private bool IsBetter(double low, double high) => Evaluation.Metric.All.Single(m => m.Key == Metric).Order == Better.Lower ? high < 0 : low > 0;
}
