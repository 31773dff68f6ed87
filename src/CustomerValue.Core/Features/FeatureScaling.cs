namespace CustomerValue.Features;

/// <summary>Brings columns to the form that linear models and networks want: extremes capped, heavy tails by their logarithm, mean 0 and spread 1.</summary>
/// <param name="columns">Which columns to take; null stands for all.</param>
/// <param name="tail">Share of the training rows at either end beyond which values are capped.</param>
public sealed class FeatureScaling(IReadOnlyList<string>? columns = null, double tail = 0.002) : IEstimator<IReadOnlyList<FeatureTable>, FittedScaling>
{
    // Above this skewness of the capped values the logarithm is tried; a normal column has 0, an exponential one 2.
    private const double HeavySkewness = 1;

    private readonly double _tail = Check.Within(tail, 0, 0.49);

    /// <summary>Learns from all rows of the tables together.</summary>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public FittedScaling Fit(IReadOnlyList<FeatureTable> data)
    {
        if (data.Sum(t => t.Rows) == 0) throw new ArgumentException("Scaling is learned from rows, and there are none.", nameof(data));
        return new([.. (columns ?? [.. data[0].Features.Select(f => f.Name)]).Select(name => Learn(name, [.. data.SelectMany(t => t[name])]))]);
    }

    private ScaledColumn Learn(string name, double[] values)
    {
        Array.Sort(values);
        var (low, high) = (Quantile(values, _tail), Quantile(values, 1 - _tail));
        for (var row = 0; row < values.Length; row++) values[row] = Math.Clamp(values[row], low, high);

        var (mean, spread, skewness) = Moments(values);
        if (Math.Abs(skewness) > HeavySkewness)
        {
            double[] logs = [.. values.Select(ScaledColumn.SignedLog)];
            var (logMean, logSpread, logSkewness) = Moments(logs);
            if (Math.Abs(logSkewness) < Math.Abs(skewness)) return new(name, low, high, Log: true, logMean, logSpread);
        }
        return new(name, low, high, Log: false, mean, spread);
    }

    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[^1];
    }

    private static (double Mean, double Spread, double Skewness) Moments(double[] values)
    {
        var mean = values.Average();
        var (second, third) = (0.0, 0.0);
        foreach (var value in values)
        {
            var off = value - mean;
            (second, third) = (second + off * off, third + off * off * off);
        }
        var spread = Math.Sqrt(second / values.Length);
        return spread > 1e-12 * Math.Max(1, Math.Abs(mean)) ? (mean, spread, third / values.Length / (spread * spread * spread)) : (mean, 0, 0);
    }
}

/// <summary>One column's scaling.</summary>
/// <param name="Name">The column.</param>
/// <param name="Low">Smaller values count as this one.</param>
/// <param name="High">Larger values count as this one.</param>
/// <param name="Log">Whether sign(v) log(1 + |v|) is taken after capping.</param>
/// <param name="Mean">Taken off afterwards.</param>
/// <param name="Spread">Standard deviation that is divided by; 0 for a column that never varied, which becomes 0.</param>
public sealed record ScaledColumn(string Name, double Low, double High, bool Log, double Mean, double Spread)
{
    /// <summary>The scaled value; finite for every number, 0 (the mean) for NaN.</summary>
    public double At(double value)
    {
        if (Spread == 0 || double.IsNaN(value)) return 0;
        var capped = Math.Clamp(value, Low, High);
        return ((Log ? SignedLog(capped) : capped) - Mean) / Spread;
    }

    internal static double SignedLog(double value) => Math.Sign(value) * Math.Log(1 + Math.Abs(value));
}

/// <summary>The learned scaling, column by column.</summary>
public sealed record FittedScaling(IReadOnlyList<ScaledColumn> Columns) : ITransform<FeatureTable, double[][]>
{
    /// <summary>Scales the columns of a table.</summary>
    /// <returns>[columns][rows]</returns>
    /// <exception cref="KeyNotFoundException">A column is missing.</exception>
    public double[][] Transform(FeatureTable data) => [.. Columns.Select(column => data[column.Name].Select(column.At).ToArray())];
}
