using TorchSharp;

namespace CustomerValue.Torch.Native;

/// <summary>How many threads libtorch computes with.</summary>
public static class TorchThreads
{
    /// <summary>Sets the threads of one operation. Results are the same bits for the same number, not across numbers: log it with every run.</summary>
    /// <param name="threads">1 to 256. One is the safe choice: threads that spin beside another busy process cost up to ten times.</param>
    public static void Use(int threads)
    {
        threads = Check.Within(threads, 1, 256, nameof(threads));
        if (torch.get_num_threads() != threads) torch.set_num_threads(threads);
    }

    /// <summary>Does parts of a work at once, each on one of libtorch's threads: two threads in one small product would wait for each other after each.</summary>
    /// <param name="parts">How many.</param>
    /// <param name="work">Does a part; parts mustn't share what they write.</param>
    /// <param name="cancellation">Ends the work between two parts.</param>
    internal static void PartsAtOnce(int parts, Action<int> work, CancellationToken cancellation)
    {
        var threads = torch.get_num_threads();
        try
        {
            // The number is each thread's own; what a thread of the pool had before isn't known.
            AtOnce.For(parts, threads, part =>
            {
                Use(1);
                work(part);
            }, cancellation);
        }
        finally
        {
            Use(threads);
        }
    }
}
