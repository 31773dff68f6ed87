namespace CustomerValue.Evaluation;

/// <summary>How unevenly an amount is spread over customers.</summary>
/// <param name="Points">From nobody to everybody, those with least first; empty where there is nothing to share.</param>
/// <param name="Gini">0 where all have the same, towards 1 where one has all; NaN where there is nothing to share.</param>
public sealed record LorenzCurve(IReadOnlyList<LorenzPoint> Points, double Gini)
{
    /// <summary>The curve of some amounts. It is measured on all customers, and so has the exact Gini coefficient; the points are every so many of them.</summary>
    /// <param name="amounts">[rows]: finite, from 0 up.</param>
    /// <param name="steps">Equal steps of the share of customers, each rounded up to whole customers.</param>
    /// <exception cref="ArgumentOutOfRangeException">An amount isn't finite, or below 0.</exception>
    public static LorenzCurve Of(IReadOnlyList<double> amounts, int steps = 100)
    {
        Check.Within(steps, 1, 1_000_000);
        double[] sorted = [.. amounts.Select(a => Check.Within(a, 0, double.MaxValue, nameof(amounts))).Order()];
        var total = sorted.Sum();
        if (total == 0) return new([], double.NaN);
        var (points, held, beneath) = (new List<LorenzPoint> { new(0, 0) }, 0.0, 0.0);
        for (var (i, step) = (0, 1); i < sorted.Length; i++)
        {
            beneath += held + sorted[i] / 2;                          // area under the curve, in customers times amount
            held += sorted[i];
            if ((long)(i + 1) * steps < (long)sorted.Length * step) continue;
            points.Add(new((double)(i + 1) / sorted.Length, Math.Min(1, held / total)));
            while ((long)(i + 1) * steps >= (long)sorted.Length * step) step++;
        }
        return new(points, 1 - 2 * beneath / (total * sorted.Length));
    }
}

/// <summary>What the customers with least hold.</summary>
/// <param name="Customers">Their share of the customers.</param>
/// <param name="Held">Their share of the amount.</param>
public readonly record struct LorenzPoint(double Customers, double Held);
