namespace CustomerValue.Experiments;

/// <summary>Tells one build of the program from another: results kept by an older build aren't taken by a newer one.</summary>
internal static class ProgramVersion
{
    /// <summary>A digest over the contents of the program's own assemblies that are loaded. Builds are deterministic, so the same sources give the same digest.</summary>
    public static string Current { get; } = StageStore.Digest(
        AppDomain.CurrentDomain.GetAssemblies()
            .Where(a => a.GetName().Name is { } name && name.StartsWith("CustomerValue", StringComparison.OrdinalIgnoreCase))
            .Select(a => $"{a.GetName().Name} {a.ManifestModule.ModuleVersionId}")
            .Order(StringComparer.Ordinal));
}
