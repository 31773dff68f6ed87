using CustomerValue.Torch.Native;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>The option --threads of the commands that use libtorch.</summary>
internal static class TextThreads
{
    public static void Use(int threads)
    {
        if (threads is < 1 or > 256) throw new UsageException($"--threads {threads}: give a number from 1 to 256.");
        TorchThreads.Use(threads);
    }
}
