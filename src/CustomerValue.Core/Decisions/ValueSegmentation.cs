namespace CustomerValue.Decisions;

/// <summary>Customers in four segments by two questions: have they been worth much, and will they leave?</summary>
/// <remarks>Worth is what was spent, not what is foreseen: an answer for coming spend is low already where a customer is leaving, and those to be won back would hide among those never worth much.</remarks>
public sealed record ValueSegmentation
{
    /// <summary>Share of the customers who count as worth much: those who spent most. Of equals the first in the order of ids count.</summary>
    public double WorthMuch { get; init => field = Check.Within(value, 0.001, 0.999); } = 0.2;

    /// <summary>Probability of no order from which on a customer counts as leaving.</summary>
    public double Leaving { get; init => field = Check.Within(value, 0.001, 0.999); } = 0.5;

    /// <summary>Each customer's segment.</summary>
    /// <param name="spend">[customers]: spent so far, over the time that worth is judged by, in account currency.</param>
    /// <param name="churn">[customers]: probability of no order over the horizon.</param>
    /// <exception cref="ArgumentException">They differ in length, or a figure isn't finite.</exception>
    public IReadOnlyList<ValueSegment> Of(IReadOnlyList<double> spend, IReadOnlyList<double> churn)
    {
        Check.SameLength(spend.Count, churn.Count, nameof(churn));
        for (var row = 0; row < spend.Count; row++)
            if (!double.IsFinite(spend[row]) || !(churn[row] >= 0 && churn[row] <= 1))
                throw new ArgumentException(FormattableString.Invariant($"Customer {row}: spend {spend[row]}, churn {churn[row]}. Spend is an amount, churn a probability from 0 to 1."), nameof(churn));
        var much = Enumerable.Range(0, spend.Count).OrderByDescending(row => spend[row]).ThenBy(row => row).Take((int)Math.Round(WorthMuch * spend.Count, MidpointRounding.AwayFromZero)).ToHashSet();
        return [.. churn.Select((p, row) => (much.Contains(row), p >= Leaving) switch
        {
            (true, false) => ValueSegment.Core,
            (true, true) => ValueSegment.AtRisk,
            (false, false) => ValueSegment.Promising,
            _ => ValueSegment.Drifting,
        })];
    }

    /// <summary>The segments with what they hold; all four, in the order of <see cref="ValueSegment"/>.</summary>
    /// <param name="spend">[customers]: spent so far, in account currency.</param>
    /// <param name="churn">[customers]: probability of no order over the horizon.</param>
    /// <param name="foreseen">[customers]: spend foreseen over the horizon, in account currency.</param>
    /// <exception cref="ArgumentException">They differ in length, or a figure isn't finite.</exception>
    public IReadOnlyList<SegmentHoldings> Holdings(IReadOnlyList<double> spend, IReadOnlyList<double> churn, IReadOnlyList<double> foreseen)
    {
        Check.SameLength(spend.Count, foreseen.Count, nameof(foreseen));
        var rows = Of(spend, churn).Select((segment, row) => (segment, row)).ToLookup(s => s.segment, s => s.row);
        return [.. Enum.GetValues<ValueSegment>().Select(segment => new SegmentHoldings(segment, rows[segment].Count(),
            rows[segment].Sum(row => spend[row]), rows[segment].Sum(row => foreseen[row]), rows[segment].Select(row => churn[row]).DefaultIfEmpty(double.NaN).Average()))];
    }
}

/// <summary>What a segment holds.</summary>
/// <param name="Segment">Which.</param>
/// <param name="Customers">How many.</param>
/// <param name="Spent">What they spent together, in account currency.</param>
/// <param name="Foreseen">What they are foreseen to spend together over the horizon, in account currency.</param>
/// <param name="Churn">Mean probability of no order; NaN where nobody is in it.</param>
public sealed record SegmentHoldings(ValueSegment Segment, int Customers, double Spent, double Foreseen, double Churn);
