using System.Globalization;

namespace CustomerValue.Mlflow;

/// <summary>Where runs go: always into a store in a file first, and from there to a server where one is named.</summary>
/// <param name="StoreFile">The database file.</param>
/// <param name="Server">The server; null where there is none.</param>
public sealed record MlflowTracking(string StoreFile, MlflowServer? Server)
{
    /// <summary>As MLflow's own clients are told: <c>MLFLOW_TRACKING_URI</c> is an http or https address, or <c>sqlite:///FILE</c>; unset, the store that comes along is taken.
    /// <c>MLFLOW_TRACKING_USERNAME</c> and <c>MLFLOW_TRACKING_PASSWORD</c>, or <c>MLFLOW_TRACKING_TOKEN</c>, let us in; <c>MLFLOW_HTTP_REQUEST_TIMEOUT</c> is the time for a
    /// request, in seconds.</summary>
    /// <param name="environment">Looks a variable up.</param>
    /// <param name="embedded">The database file taken where none is named.</param>
    /// <param name="uri">Taken in the place of <c>MLFLOW_TRACKING_URI</c> where it isn't null.</param>
    /// <exception cref="ArgumentException">The address is of another kind, or the time is none.</exception>
    public static MlflowTracking Choose(Func<string, string?> environment, string embedded, string? uri = null)
    {
        uri ??= environment("MLFLOW_TRACKING_URI");
        if (string.IsNullOrWhiteSpace(uri)) return new(embedded, null);
        const string Sqlite = "sqlite:///";
        if (uri.StartsWith(Sqlite, StringComparison.OrdinalIgnoreCase) && uri.Length > Sqlite.Length) return new(Path.GetFullPath(uri[Sqlite.Length..].Split('?')[0]), null);
        if (!uri.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !uri.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"A tracking address that begins with '{Kind(uri)}' can't be written to. Give http://HOST:PORT, https://HOST, sqlite:///FILE, or none for {embedded}.", nameof(uri));
        var server = MlflowServer.At(uri, environment("MLFLOW_TRACKING_USERNAME"), environment("MLFLOW_TRACKING_PASSWORD"), environment("MLFLOW_TRACKING_TOKEN"), Timeout(environment("MLFLOW_HTTP_REQUEST_TIMEOUT")));
        return new(embedded, server);
    }

    // The rest of an address may hold a password.
    private static string Kind(string uri) => uri.Split(':')[0] is { Length: < 20 } kind && kind.Length < uri.Length ? kind + ":" : "no scheme";

    private static TimeSpan? Timeout(string? seconds) => string.IsNullOrWhiteSpace(seconds) ? null
        : double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 86_400 ? TimeSpan.FromSeconds(value)
        : throw new ArgumentException("MLFLOW_HTTP_REQUEST_TIMEOUT is a number of seconds between 0 and 86400.", nameof(seconds));
}
