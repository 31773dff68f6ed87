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
}
