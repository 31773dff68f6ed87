namespace CustomerValue.Mlflow;

/// <summary>Where the artifacts of a store in a file lie: <c>mlartifacts/EXPERIMENT/RUN/artifacts</c> beside the database.</summary>
/// <remarks>The database holds the absolute path, which MLflow's pages follow wherever they are started; where that is longer than MLflow takes, it holds
/// <c>mlflow-artifacts:/EXPERIMENT/RUN/artifacts</c>, which they follow when started in the database's folder. A folder that was moved with its database is found again.</remarks>
internal static class SqliteArtifacts
{
    private const string Folder = "mlartifacts", Proxied = "mlflow-artifacts:/";
    private const int LongestUri = 200;

    /// <summary>What the experiment's row says.</summary>
    public static string Location(string database, long experiment)
    {
        var absolute = Plain(Path.Combine(Path.GetDirectoryName(database)!, Folder, FormattableString.Invariant($"{experiment}")));
        return absolute.Length + 44 <= LongestUri ? absolute : FormattableString.Invariant($"{Proxied}{experiment}");     // 44: "/", 32 digits, "/artifacts" and a little
    }

    /// <summary>The folder that an artifact URI names; null where it is none of this machine's.</summary>
    public static string? Resolve(string database, string uri)
    {
        var beside = Path.Combine(Path.GetDirectoryName(database)!, Folder);
        if (uri.StartsWith(Proxied, StringComparison.Ordinal)) return Path.Combine(beside, uri[Proxied.Length..].TrimStart('/'));
        if (uri.StartsWith("file:", StringComparison.Ordinal)) uri = new Uri(uri).LocalPath;
        else if (uri.Contains("://", StringComparison.Ordinal)) return null;
        if (Directory.Exists(uri) || uri.LastIndexOf($"/{Folder}/", StringComparison.Ordinal) is not (>= 0 and var at)) return Path.GetFullPath(uri, Path.GetDirectoryName(database)!);
        return Path.Combine(beside, uri[(at + Folder.Length + 2)..]);
    }

    /// <summary>Writes a file whole and then moves it to its place, so that a reader never meets half of one.</summary>
    public static void Write(string database, string folder, string path, Stream content)
    {
        var target = Path.Combine(folder, ArtifactPath.Plain(path));
        var part = Path.Combine(Path.GetDirectoryName(database)!, Folder, ".part", FormattableString.Invariant($"{Environment.ProcessId}-{MlflowDataset.Id(target)}"));
        Directory.CreateDirectory(Path.GetDirectoryName(part)!);
        using (var file = File.Create(part)) content.CopyTo(file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(part, target, overwrite: true);
    }

    private static string Plain(string path) => Path.DirectorySeparatorChar == '/' ? path : new Uri(path).AbsoluteUri;
}
