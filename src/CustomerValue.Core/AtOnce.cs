using System.Runtime.ExceptionServices;

namespace CustomerValue;

/// <summary>Independent parts of a work, several at a time.</summary>
public static class AtOnce
{
    /// <summary>Does all parts; the first failure stops the rest and comes out as it was thrown.</summary>
    /// <param name="count">Parts, numbered from 0; on one thread they are done in that order.</param>
    /// <param name="threads">Most parts at a time.</param>
    /// <param name="part">Does one; two parts mustn't write the same.</param>
    /// <param name="cancellation">Ends the work between two parts.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void For(int count, int threads, Action<int> part, CancellationToken cancellation)
    {
        if (threads == 1)
        {
            for (var at = 0; at < count; at++)
            {
                cancellation.ThrowIfCancellationRequested();
                part(at);
            }
            return;
        }
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, part);
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }
}
