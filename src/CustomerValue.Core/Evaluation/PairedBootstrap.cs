namespace CustomerValue.Evaluation;

/// <summary>One candidate against another on one metric.</summary>
/// <param name="Metric">Key of the metric.</param>
/// <param name="A">The first candidate.</param>
/// <param name="B">The second candidate.</param>
/// <param name="Difference">The first's figure less the second's, on all customers.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Upper end of the 95 % interval.</param>
public sealed record ModelComparison(string Metric, string A, string B, double Difference, double Low, double High);

/// <summary>Resamples customers, the same draw for every candidate, so that what they share cancels out.</summary>
/// <remarks>Efron and Tibshirani (1993), An Introduction to the Bootstrap, percentile interval.</remarks>
public sealed class PairedBootstrap
{
    private readonly int[][] _draws;

    /// <param name="rows">Number of customers.</param>
    /// <param name="seed">Same seed, same draws.</param>
    /// <param name="draws">Number of resamples.</param>
    public PairedBootstrap(int rows, int seed, int draws = 2000)
    {
        Check.Within(rows, 1, int.MaxValue, nameof(rows));
        Check.Within(draws, 40, 1_000_000, nameof(draws));
        (Rows, Draws, Seed) = (rows, draws, seed);
        _draws = new int[draws][];
    }

    /// <summary>Number of customers.</summary>
    public int Rows { get; }

    /// <summary>Number of resamples.</summary>
    public int Draws { get; }

    /// <summary>The seed of the draws.</summary>
    public int Seed { get; }

    /// <summary>The metric's figure in every resample.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="actual">[rows]</param>
    /// <param name="predicted">[rows]</param>
    /// <param name="cancellation">Stops between draws.</param>
    /// <returns>[draws]; NaN where the metric isn't defined in a draw.</returns>
    public double[] Figures(Metric metric, double[] actual, double[] predicted, CancellationToken cancellation = default)
    {
        Check.SameLength(Rows, actual.Length, nameof(actual));
        return Figures(metric.Prepare(actual, predicted), cancellation);
    }

    /// <summary>A figure in every resample.</summary>
    /// <param name="judge">The figure, prepared for as many rows as are drawn from.</param>
    /// <param name="cancellation">Stops between draws.</param>
    /// <returns>[draws]; NaN where it isn't defined in a draw.</returns>
    public double[] Figures(Judge judge, CancellationToken cancellation = default)
    {
        var figures = new double[Draws];
        // A draw depends on its own number only, so threads change nothing.
        Parallel.For(0, Draws, new ParallelOptions { CancellationToken = cancellation }, draw => figures[draw] = judge(Times(draw)));
        return figures;
    }

    /// <summary>The 95 % interval of a figure from its draws; NaN where it isn't defined in any.</summary>
    public static (double Low, double High) Interval(double[] draws)
    {
        var sorted = draws.Where(d => !double.IsNaN(d)).Order().ToArray();
        return (Quantile(sorted, 0.025), Quantile(sorted, 0.975));
    }

    /// <summary>Compares two candidates from their figures in the same draws.</summary>
    public static ModelComparison Compare(Metric metric, (string Name, double Figure, double[] Draws) a, (string Name, double Figure, double[] Draws) b) => Compare(metric.Key, a, b);

    /// <summary>Compares two candidates from their figures in the same draws.</summary>
    /// <param name="metric">The figure's key.</param>
    /// <param name="a">The first.</param>
    /// <param name="b">The second.</param>
    public static ModelComparison Compare(string metric, (string Name, double Figure, double[] Draws) a, (string Name, double Figure, double[] Draws) b)
    {
        Check.SameLength(a.Draws.Length, b.Draws.Length, b.Name);
        var differences = a.Draws.Zip(b.Draws, (x, y) => x - y).Where(d => !double.IsNaN(d)).Order().ToArray();
        return new(metric, a.Name, b.Name, a.Figure - b.Figure, Quantile(differences, 0.025), Quantile(differences, 0.975));
    }

    private int[] Times(int draw)
    {
        if (_draws[draw] is { } kept) return kept;
        var times = new int[Rows];
        var random = SplitMix64.Stream(Seed, draw);
        for (var i = 0; i < Rows; i++) times[random.Below(Rows)]++;
        // Kept while that costs little: every metric and candidate sees the same draws.
        if ((long)Rows * Draws <= 50_000_000) _draws[draw] = times;
        return times;
    }

    /// <summary>Linear interpolation between order statistics (Hyndman and Fan's type 7).</summary>
    private static double Quantile(double[] sorted, double share)
    {
        if (sorted.Length == 0) return double.NaN;
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        return below + 1 == sorted.Length ? sorted[below] : sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]);
    }
}
