using System.Runtime.InteropServices;

namespace CustomerValue.Torch.Training;

/// <summary>Memory that native libraries have freed, given back to the system.</summary>
internal static partial class FreedMemory
{
    /// <summary>Does so where the C library keeps it (glibc): a loop of tensors would otherwise grow without end.</summary>
    public static void GiveBack()
    {
        if (OperatingSystem.IsLinux() && s_glibc) _ = Trim(0);
    }

    private static readonly bool s_glibc = NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "malloc_trim", out _);

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
