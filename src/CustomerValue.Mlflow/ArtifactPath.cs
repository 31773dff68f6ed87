namespace CustomerValue.Mlflow;

/// <summary>Paths inside a run's artifacts.</summary>
internal static class ArtifactPath
{
    /// <summary>The path when it is plain: relative, parts parted by '/', none of them a step up.</summary>
    /// <exception cref="ArgumentException">It isn't.</exception>
    public static string Plain(string path)
    {
        var parts = path.Split('/');
        return path.Length > 0 && !path.Contains('\\') && !path.Any(char.IsControl) && !Path.IsPathRooted(path) && parts.All(p => p is not ("" or "." or ".."))
            ? path
            : throw new ArgumentException($"The artifact path '{path}' leaves the run's folder, or isn't plain. Give a relative path with '/' between its parts and without '..'.", nameof(path));
    }

    /// <summary>Every file under a folder by its plain path, in ordinal order.</summary>
    public static IReadOnlyList<string> Under(string folder) => !Directory.Exists(folder) ? []
        : [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];
}
