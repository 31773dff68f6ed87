using System.Runtime.ExceptionServices;

namespace CustomerValue.DuckDb;

/// <summary>Runs independent pieces of work side by side.</summary>
internal static class Units
{
    /// <summary>Runs <paramref name="work"/> for 0 to <paramref name="count"/> - 1; the first failure stops the rest and comes out as it was thrown.</summary>
    public static void ForEach(int count, int threads, Action<int> work, CancellationToken cancellation)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, work);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }
}
