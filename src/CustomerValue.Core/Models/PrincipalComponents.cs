using System.Runtime.Intrinsics;

namespace CustomerValue.Models;

/// <summary>The few directions along which rows differ most: exact principal components of their covariance.</summary>
/// <param name="Mean">[columns]</param>
/// <param name="Directions">[components][columns]: of length 1, at right angles to one another, the one of most variance first.</param>
/// <param name="Variances">[components]: of the rows along each direction.</param>
/// <param name="Total">Variance of the rows over all directions.</param>
internal sealed record PrincipalComponents(double[] Mean, double[][] Directions, double[] Variances, double Total)
{
    // Below this share of the largest variance a direction is rounding.
    private const double Nothing = 1e-12;
    private const int Block = 2048;

    /// <summary>The leading components; fewer where rows don't differ in as many directions.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="columns">How many.</param>
    /// <param name="read">Writes so many rows from one on, column by column with a stride of as many: (first row, rows, [columns x rows]).</param>
    /// <param name="components">Most components.</param>
    /// <param name="cancellation">Stops it.</param>
    public static PrincipalComponents Of(int rows, int columns, Action<int, int, double[]> read, int components, CancellationToken cancellation = default)
    {
        if (rows == 0) return new(new double[columns], [], [], 0);
        var mean = MeanOf(rows, columns, read);
        var covariance = Covariance(rows, mean, read, cancellation);
        var total = covariance.Select((row, c) => row[c]).Sum();
        var (values, vectors) = SymmetricEigen.Of(covariance);
        var kept = values.TakeWhile((v, i) => i < components && v > Nothing * values[0] && v > 0).Count();
        return new(mean, vectors[..kept], values[..kept], total);
    }

    private static double[] MeanOf(int rows, int columns, Action<int, int, double[]> read)
    {
        var (mean, block) = (new double[columns], new double[columns * Block]);
        for (var from = 0; from < rows; from += Block)
        {
            var count = Math.Min(Block, rows - from);
            read(from, count, block);
            for (var c = 0; c < columns; c++)
                for (var row = 0; row < count; row++) mean[c] += block[c * count + row];
        }
        for (var c = 0; c < columns; c++) mean[c] /= rows;
        return mean;
    }

    private static double[][] Covariance(int rows, double[] mean, Action<int, int, double[]> read, CancellationToken cancellation)
    {
        var columns = mean.Length;
        double[][] sums = [.. mean.Select(_ => new double[columns])];
        var block = new double[columns * Block];
        for (var from = 0; from < rows; from += Block)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(Block, rows - from);
            read(from, count, block);
            for (var c = 0; c < columns; c++)
                for (var row = 0; row < count; row++) block[c * count + row] -= mean[c];
            for (var c = 0; c < columns; c++)
                for (var other = 0; other <= c; other++) sums[c][other] += Dot(block.AsSpan(c * count, count), block.AsSpan(other * count, count));
        }
        for (var c = 0; c < columns; c++)
            for (var other = 0; other <= c; other++) sums[c][other] = sums[other][c] = sums[c][other] / rows;
        return sums;
    }

    // Eight sums whatever the machine, so that it doesn't decide the last digits.
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (sums, i) = (Vector512<double>.Zero, 0);
        for (; i <= a.Length - Vector512<double>.Count; i += Vector512<double>.Count) sums += Vector512.Create(a[i..]) * Vector512.Create(b[i..]);
        var sum = Vector512.Sum(sums);
        for (; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
