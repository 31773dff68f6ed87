using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text.Json.Nodes;

namespace CustomerValue.Notebooks;

/// <summary>Brings assemblies, and the native libraries that they need, into this process: into the default context, where each is loaded once and finds the others.</summary>
internal static class References
{
    /// <summary>What <c>#r</c> calls everything that the program came with.</summary>
    public const string ProgramName = "customervalue";

    private static readonly ConcurrentDictionary<string, string> s_managed = new(StringComparer.OrdinalIgnoreCase);        // simple name -> path
    private static readonly ConcurrentDictionary<string, string> s_native = new(StringComparer.OrdinalIgnoreCase);         // file name -> path
    private static readonly Dictionary<string, string> s_own = OwnFiles();
    private static int s_hooked;

    /// <summary>The assemblies of the framework that this runs on.</summary>
    public static IReadOnlyList<string> Framework => [.. s_own.Values.Where(IsFramework)];

    /// <summary>The assemblies that this program came with, the library's among them.</summary>
    public static IReadOnlyList<string> Program => [.. s_own.Values.Where(path => !IsFramework(path))];

    /// <summary>An assembly and what its deps.json names, ready to be loaded.</summary>
    /// <returns>The files for the compiler; where this process has an assembly of the name already, that one's.</returns>
    /// <exception cref="InvalidDataException">It isn't .NET's, or another build of it is in this process already.</exception>
    public static IReadOnlyList<string> With(string assembly)
    {
        Hook();
        if (!IsManaged(assembly)) throw new InvalidDataException($"{assembly} is no assembly of .NET.");
        var files = Files(assembly);
        foreach (var file in files.Where(file => !IsManaged(file))) s_native.TryAdd(Path.GetFileName(file), file);
        var managed = files.Where(IsManaged).DistinctBy(Path.GetFileNameWithoutExtension).ToList();
        var used = managed.Select(file => Known(Path.GetFileNameWithoutExtension(file)) ?? s_managed.GetOrAdd(Path.GetFileNameWithoutExtension(file), file)).ToList();
        if (Build(used[0]) != Build(assembly))
            throw new InvalidDataException($"{Path.GetFileName(assembly)} is in this process already, as another build ({used[0]}). Refer to that one (#r \"customervalue\" is what the program came with), or start a fresh session.");
        return used;
    }

    /// <summary>Loads an assembly that <see cref="With"/> gave; null where it can't be, as one made for another platform.</summary>
    public static Assembly? Load(string path)
    {
        try
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyName(AssemblyName.GetAssemblyName(path));
        }
        catch (Exception error) when (error is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return null;
        }
    }

    /// <summary>Whether this process came with the assembly.</summary>
    public static bool IsOwn(string path) => s_own.ContainsKey(Path.GetFileNameWithoutExtension(path));

    private static string? Known(string name) => s_own.GetValueOrDefault(name) ?? s_managed.GetValueOrDefault(name)
        ?? AssemblyLoadContext.Default.Assemblies.FirstOrDefault(a => !a.IsDynamic && string.Equals(a.GetName().Name, name, StringComparison.OrdinalIgnoreCase) && a.Location.Length > 0)?.Location;

    /// <summary>The assembly first, then what lies beside it, then what its deps.json says stands in the cache of packages.</summary>
    private static List<string> Files(string assembly)
    {
        var folder = Path.GetDirectoryName(assembly)!;
        List<string> files = [assembly, .. Directory.EnumerateFiles(folder).Where(IsLibrary)];
        var deps = Path.ChangeExtension(assembly, ".deps.json");
        if (!File.Exists(deps)) return files;
        var root = JsonNode.Parse(File.ReadAllText(deps))!;
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var named = new List<string>();
        foreach (var (library, entry) in root["targets"]?[root["runtimeTarget"]?["name"]?.GetValue<string>() ?? ""] as JsonObject ?? [])
        {
            var package = Path.Combine(cache, root["libraries"]?[library]?["path"]?.GetValue<string>() ?? library.ToLowerInvariant());
            foreach (var (file, _) in (entry!["runtime"] as JsonObject ?? []).Concat(entry["native"] as JsonObject ?? [])) Found(named, folder, Path.GetFileName(file), package, file);
            foreach (var (file, about) in entry["runtimeTargets"] as JsonObject ?? [])
                if (IsHere(about!["rid"]?.GetValue<string>() ?? "")) Found(named, folder, file, package, file);
        }
        return [assembly, .. named, .. files.Skip(1)];
    }

    private static void Found(List<string> files, string folder, string beside, string package, string inside)
    {
        if (new[] { Path.Combine(folder, beside), Path.Combine(package, inside) }.FirstOrDefault(File.Exists) is { } file && IsLibrary(file)) files.Add(file);
    }

    private static bool IsHere(string rid)
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        return rid == RuntimeInformation.RuntimeIdentifier || rid == system || rid == $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}" || rid == "unix" && system != "win";
    }

    private static bool IsLibrary(string file) =>
        !file.EndsWith(".resources.dll", StringComparison.OrdinalIgnoreCase)
        && (Path.GetExtension(file).ToLowerInvariant() is ".dll" or ".so" or ".dylib" || Path.GetFileName(file).Contains(".so.", StringComparison.Ordinal));

    private static bool IsManaged(string file) => file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && Build(file) is not null;

    /// <summary>Which build an assembly is; null where the file is none.</summary>
    private static Guid? Build(string file)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(file));
            if (!image.HasMetadata) return null;
            var metadata = image.GetMetadataReader();
            return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private static bool IsFramework(string path) => path.StartsWith(RuntimeEnvironment.GetRuntimeDirectory(), StringComparison.Ordinal);

    private static Dictionary<string, string> OwnFiles()
    {
        var own = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(File.Exists))
            own.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        return own;
    }

    private static void Hook()
    {
        if (Interlocked.Exchange(ref s_hooked, 1) == 1) return;
        AssemblyLoadContext.Default.Resolving += (context, name) => name.Name is { } simple && s_managed.TryGetValue(simple, out var path) ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
        {
            foreach (var file in new[] { name, $"lib{name}.so", $"{name}.so", $"{name}.dll", $"lib{name}.dylib", $"{name}.dylib" })
                if (s_native.TryGetValue(file, out var path) && NativeLibrary.TryLoad(path, out var handle)) return handle;
            return 0;
        };
    }
}
