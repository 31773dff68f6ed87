using System.Net.Http.Headers;
using System.Text;

namespace CustomerValue.Mlflow;

/// <summary>A tracking server's address, and what it is told to let us in. Printing it prints the address only.</summary>
public sealed class MlflowServer
{
    private readonly string[] _secrets;

    private MlflowServer(Uri address, AuthenticationHeaderValue? authorization, string[] secrets) => (Address, Authorization, _secrets) = (address, authorization, secrets);

    /// <summary>The address, without user, password and query.</summary>
    public Uri Address { get; }

    internal AuthenticationHeaderValue? Authorization { get; }

    /// <summary>How long one request may take; more where a file is sent.</summary>
    public TimeSpan Timeout { get; private init; }

    /// <summary>How often a request is tried where the server is busy or can't be reached.</summary>
    internal const int Attempts = 4;

    /// <summary>The wait before the second try; it doubles with every further one.</summary>
    public TimeSpan Backoff { get; private init; }

    /// <summary>A server at an address.</summary>
    /// <param name="uri">http or https; user and password may stand in it, and are taken out.</param>
    /// <param name="user">User for basic authentication; null for that of the address.</param>
    /// <param name="password">Password for basic authentication.</param>
    /// <param name="token">Bearer token, where there is no user.</param>
    /// <param name="timeout">How long one request may take; 30 seconds where nothing is said.</param>
    /// <param name="backoff">The wait before a second try, which doubles with every further one; half a second where nothing is said.</param>
    /// <exception cref="ArgumentException">The address is none of HTTP's.</exception>
    public static MlflowServer At(string uri, string? user = null, string? password = null, string? token = null, TimeSpan? timeout = null, TimeSpan? backoff = null)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var full) || full.Scheme is not ("http" or "https"))
            throw new ArgumentException("A tracking server's address begins with http:// or https:// and names a host, such as http://127.0.0.1:5000.", nameof(uri));
        if (string.IsNullOrEmpty(user) && full.UserInfo.Length > 0)
        {
            var parts = full.UserInfo.Split(':', 2);
            (user, password) = (Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        }
        var address = new Uri(full.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + "/");
        var basic = string.IsNullOrEmpty(user) ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        var authorization = basic is not null ? new AuthenticationHeaderValue("Basic", basic) : string.IsNullOrEmpty(token) ? null : new AuthenticationHeaderValue("Bearer", token);
        return new(address, authorization, [.. new[] { password, token, basic }.OfType<string>().Where(s => s.Length > 3)])
        {
            Timeout = timeout ?? TimeSpan.FromSeconds(30), Backoff = backoff ?? TimeSpan.FromMilliseconds(500),
        };
    }

    /// <summary>The page that shows a run.</summary>
    /// <param name="experiment">The experiment's number at the server.</param>
    /// <param name="run">The run's id at the server.</param>
    public string Link(string experiment, string run) => $"{Address}#/experiments/{experiment}/runs/{run}?workflowType=machine_learning";

    /// <inheritdoc/>
    public override string ToString() => Address.ToString().TrimEnd('/');

    /// <summary>A text without our password and token, should a server have repeated them.</summary>
    internal string Clean(string text) => _secrets.Aggregate(text, (t, secret) => t.Replace(secret, "***", StringComparison.Ordinal));
}
