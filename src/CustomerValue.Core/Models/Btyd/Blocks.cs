namespace CustomerValue.Models.Btyd;

/// <summary>Work over rows in fixed blocks on several threads. Sums are added block by block in order, so they don't depend on the number of threads.</summary>
internal static class Blocks
{
    private const int Rows = 4096;

    /// <summary>Adds in <paramref name="part"/>(from, to, sums) over the blocks of [0, count).</summary>
    public static double[] Sum(int count, int sums, int threads, Action<int, int, double[]> part)
    {
        var blocks = (count + Rows - 1) / Rows;
        var parts = new double[blocks][];
        Each(blocks, threads, block => part(block * Rows, Math.Min(count, (block + 1) * Rows), parts[block] = new double[sums]));
        var total = new double[sums];
        foreach (var one in parts)
            for (var i = 0; i < sums; i++) total[i] += one[i];
        return total;
    }

    /// <summary>[count]: <paramref name="value"/> of every row.</summary>
    public static double[] Map(int count, Func<int, double> value)
    {
        var values = new double[count];
        Split(count, (from, to) => { for (var row = from; row < to; row++) values[row] = value(row); });
        return values;
    }

    /// <summary>Does <paramref name="part"/>(from, to) over the blocks of [0, count).</summary>
    public static void Split(int count, Action<int, int> part) =>
        Each((count + Rows - 1) / Rows, Environment.ProcessorCount, block => part(block * Rows, Math.Min(count, (block + 1) * Rows)));

    private static void Each(int blocks, int threads, Action<int> work)
    {
        if (threads == 1 || blocks < 3) for (var block = 0; block < blocks; block++) work(block);
        else Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
    }
}
