using CustomerValue.Models;

namespace CustomerValue.Evaluation;

/// <summary>How often intervals of customers' spend held.</summary>
/// <param name="Level">What was claimed.</param>
/// <param name="Customers">How many were asked.</param>
/// <param name="Inside">How many spent an amount inside; the ends count as inside.</param>
/// <param name="Below">How many spent less.</param>
/// <param name="Above">How many spent more.</param>
/// <param name="MeanWidth">Mean of upper less lower end, in account currency.</param>
public sealed record IntervalCoverage(double Level, int Customers, int Inside, int Below, int Above, double MeanWidth)
{
    /// <summary>The share that held.</summary>
    public double Share => (double)Inside / Customers;

    /// <summary>The 95 % interval of <see cref="Share"/>, as customers are many or few.</summary>
    public (double Low, double High) ShareInterval() => new CalibrationGroup(Customers, Level, Share).RateInterval();

    /// <summary>Sets intervals against what was spent.</summary>
    /// <param name="spend">[rows]: in account currency.</param>
    /// <param name="intervals">[rows]</param>
    /// <exception cref="ArgumentException">They differ in length, or there is nobody.</exception>
    public static IntervalCoverage Of(IReadOnlyList<double> spend, SpendIntervals intervals)
    {
        Check.SameLength(spend.Count, intervals.Count, nameof(intervals));
        if (spend.Count == 0) throw new ArgumentException("Nobody was asked: coverage needs at least one customer.", nameof(spend));
        var (below, above, width) = (0, 0, 0.0);
        for (var row = 0; row < spend.Count; row++)
        {
            if (spend[row] < intervals.Low[row]) below++;
            else if (spend[row] > intervals.High[row]) above++;
            width += intervals.High[row] - intervals.Low[row];
        }
        return new(intervals.Level, spend.Count, spend.Count - below - above, below, above, width / spend.Count);
    }
}
