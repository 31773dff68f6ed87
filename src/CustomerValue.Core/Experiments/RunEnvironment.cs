using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace CustomerValue.Experiments;

/// <summary>What a run stood on besides its own program: logged with it as <c>environment.json</c>, and compared when it is repeated.</summary>
/// <param name="Runtime">Version of .NET.</param>
/// <param name="Platform">Operating system and processor architecture.</param>
/// <param name="Processor">The processor's name and widest vectors: last digits of sums in native libraries may depend on them.</param>
/// <param name="Packages">Version of every package that the program was built with.</param>
public sealed record RunEnvironment(string Runtime, string Platform, string Processor, IReadOnlyDictionary<string, string> Packages)
{
    /// <summary>Name of the file that holds it, beside <c>result.json</c>.</summary>
    public const string FileName = "environment.json";

    /// <summary>The environment of this process.</summary>
    public static RunEnvironment Current { get; } = new(
        Environment.Version.ToString(), RuntimeInformation.RuntimeIdentifier, ProcessorName() + Vectors(), BuiltWith());

    private static string Vectors() => string.Create(CultureInfo.InvariantCulture,
        $", {RuntimeInformation.ProcessArchitecture}, {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bit vectors");

    private static string ProcessorName() =>
        File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown processor";

    // The host tells which .deps.json it started from; its libraries are what the build resolved.
    private static SortedDictionary<string, string> BuiltWith()
    {
        var packages = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var manifest = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string)?.Split(';').FirstOrDefault(path => path.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal));
        if (manifest is null || !File.Exists(manifest)) return packages;
        using var document = JsonDocument.Parse(File.ReadAllBytes(manifest));
        foreach (var library in document.RootElement.GetProperty("libraries").EnumerateObject().Where(l => l.Value.GetProperty("type").GetString() == "package"))
        {
            var parts = library.Name.Split('/');
            packages[parts[0]] = parts[1];
        }
        return packages;
    }
}
