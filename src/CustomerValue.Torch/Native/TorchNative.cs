using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;

namespace CustomerValue.Torch.Native;

/// <summary>Loads TorchSharp's native library where the system's libstdc++ is older than the one it was built with.</summary>
/// <remarks>
/// libLibTorchSharp.so asks for GLIBCXX_3.4.32 (gcc 13), which Debian 12, Ubuntu 22.04 and RHEL 9 lack, for the sake of one marker symbol that no code refers to.
/// There, and only there, a private copy is made in which that need is weak, and the copy is loaded. The first such process says so in one line.
/// </remarks>
internal static class TorchNative
{
    private const string Library = "libLibTorchSharp.so", Version = "GLIBCXX_3.4.32", Marker = "_ZSt21ios_base_library_initv";

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The library must be found before the first tensor, whoever makes it.")]
    internal static void Initialize()
    {
        if (OperatingSystem.IsLinux()) AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
        TorchDevice.UseBuilt();
    }

    private static nint Resolve(Assembly assembly, string name)
    {
        if (name is not ("LibTorchSharp" or "libLibTorchSharp" or Library) || SystemHasVersion() || Folder() is not { } folder) return 0;
        if (PrivateCopy(folder) is not { } copy) return 0;
        _ = NativeLibrary.TryLoad(Path.Combine(folder, "libtorch.so"), out _);              // the copy may lie elsewhere: its needs are met by name
        return NativeLibrary.TryLoad(copy, out var handle) ? handle : 0;
    }

    private static bool SystemHasVersion() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out var library) && NativeLibrary.TryGetExport(library, Marker, out _);

    // The build's output keeps natives under runtimes/, a publish for one platform beside the program.
    private static string? Folder() =>
        new[] { Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"), AppContext.BaseDirectory }
            .Concat((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, Library)));

    /// <summary>The copy with the weak need, made when it isn't there; null when the library doesn't ask for that version.</summary>
    /// <param name="folder">Where the library is, and its copy is wanted.</param>
    /// <param name="elsewhere">Where the copy is written when it can't be there; null for a folder of the user's own.</param>
    internal static string? PrivateCopy(string folder, string? elsewhere = null)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, Library));
        var name = $"libLibTorchSharp.{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}.so";
        if (!ElfVersionNeeds.Weaken(bytes, Version)) return null;
        string[] places = [folder, elsewhere ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "customervalue", "native")];
        var existing = places.Select(place => Path.Combine(place, name)).FirstOrDefault(path => File.Exists(path) && new FileInfo(path).Length == bytes.Length);
        return existing ?? places.Select(place => Write(place, name, bytes)).FirstOrDefault(path => path is not null)
            ?? throw new IOException($"{Library} needs {Version}, which this system's libstdc++ lacks, and a copy without that need can't be written to {string.Join(" or ", places)}. "
                + "Make one of these folders writable, or install a libstdc++ of gcc 13 or newer.");
    }

    // Written aside and renamed: of several processes or threads at once each sees a whole file.
    private static string? Write(string place, string name, byte[] bytes)
    {
        var (path, temporary) = (Path.Combine(place, name), Path.Combine(place, $"{name}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}"));
        try
        {
            Directory.CreateDirectory(place);
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return null; }
        Console.Error.WriteLine($"libtorch: this system's libstdc++ lacks {Version}; a copy of {Library} that does without was written to {path}.");
        return path;
    }
}
