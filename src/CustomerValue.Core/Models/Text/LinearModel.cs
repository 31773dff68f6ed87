using System.Numerics;

namespace CustomerValue.Models.Text;

/// <summary>Scores that are sums over columns: one for two classes (above 0 speaks for the second), else one a class.</summary>
/// <param name="Weights">[columns x scores], column by column.</param>
/// <param name="Bias">[scores]</param>
internal sealed record LinearModel(double[] Weights, double[] Bias)
{
    /// <summary>[rows x scores]</summary>
    public double[] Scores(SparseRows x, int threads = 1)
    {
        var scores = new double[x.Rows * Bias.Length];
        Score(x, Weights, Bias, scores, threads);
        return scores;
    }

    /// <summary>scores = x w + bias. Every row is one thread's, so threads change nothing.</summary>
    /// <param name="x">[rows, columns]</param>
    /// <param name="weights">[columns x K]</param>
    /// <param name="bias">[K]</param>
    /// <param name="scores">[rows x K]</param>
    /// <param name="threads">At most so many.</param>
    public static void Score(SparseRows x, double[] weights, ReadOnlyMemory<double> bias, double[] scores, int threads)
    {
        var k = bias.Length;
        Each(x.Rows, threads, row =>
        {
            var at = x.RowAt(row);
            var values = x.RowValues(row);
            if (k == 1)
            {
                var sum = bias.Span[0];
                for (var i = 0; i < at.Length; i++) sum += values[i] * weights[at[i]];
                scores[row] = sum;
                return;
            }
            var own = scores.AsSpan(row * k, k);
            bias.Span.CopyTo(own);
            for (var i = 0; i < at.Length; i++) AddScaled(weights.AsSpan(at[i] * k, k), values[i], own);
        });
    }

    /// <summary>to += factor x from.</summary>
    public static void AddScaled(ReadOnlySpan<double> from, double factor, Span<double> to)
    {
        var (width, i) = (Vector<double>.Count, 0);
        var factors = new Vector<double>(factor);
        for (; i <= to.Length - width; i += width) (new Vector<double>(to[i..]) + factors * new Vector<double>(from[i..])).CopyTo(to[i..]);
        for (; i < to.Length; i++) to[i] += factor * from[i];
    }

    /// <summary>Does <paramref name="work"/> for each of [0, count).</summary>
    public static void Each(int count, int threads, Action<int> work)
    {
        const int block = 512;
        if (threads == 1) for (var i = 0; i < count; i++) work(i);
        else
            Parallel.For(0, (count + block - 1) / block, new ParallelOptions { MaxDegreeOfParallelism = threads }, b =>
            {
                for (var i = b * block; i < Math.Min(count, (b + 1) * block); i++) work(i);
            });
    }
}
