using System.Reflection;

namespace CustomerValue.Experiments;

/// <summary>Tells one build of the program from another: results kept by an older build aren't taken by a newer one. Builds are deterministic, so the same sources give the same digest.</summary>
public static class ProgramVersion
{
    /// <summary>A digest over the contents of the program's own assemblies that are loaded.</summary>
    public static string Current { get; } = Digest(AppDomain.CurrentDomain.GetAssemblies().Where(IsOurs));

    /// <summary>A digest over the contents of the program's own assemblies that an object's class stands in or builds on: a change to others, such as the command
    /// line, leaves what it computes as it was.</summary>
    public static string Behind(object worker)
    {
        var reached = new Dictionary<string, Assembly>(StringComparer.Ordinal);
        var left = new Stack<Assembly>([worker.GetType().Assembly, typeof(ProgramVersion).Assembly]);
        while (left.TryPop(out var assembly))
        {
            if (!reached.TryAdd(assembly.FullName!, assembly)) continue;
            foreach (var name in assembly.GetReferencedAssemblies().Where(IsOurs)) left.Push(Assembly.Load(name));
        }
        return Digest(reached.Values);
    }

    private static bool IsOurs(Assembly assembly) => IsOurs(assembly.GetName());

    private static bool IsOurs(AssemblyName name) => name.Name?.StartsWith("CustomerValue", StringComparison.OrdinalIgnoreCase) == true;

    private static string Digest(IEnumerable<Assembly> assemblies) => StageStore.Digest(
        assemblies.Select(a => $"{a.GetName().Name} {a.ManifestModule.ModuleVersionId}").Order(StringComparer.Ordinal));
}
