using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomerValue.Mlflow;

/// <summary>A request to a server.</summary>
/// <param name="Method">GET, POST, PUT, ...</param>
/// <param name="Path">Path and query below the server's address, escaped, without a '/' in front.</param>
internal sealed record MlflowRequest(HttpMethod Method, string Path)
{
    /// <summary>The document sent; null for none.</summary>
    public object? Body { get; init; }

    /// <summary>Opens the bytes sent, anew for every try, in the place of a document.</summary>
    public Func<Stream>? Bytes { get; init; }

    /// <summary>The media type of what is sent.</summary>
    public string? MediaType { get; init; } = "application/json";

    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether sending it twice does no harm.</summary>
    public bool IsRepeatable { get; init; } = true;
}

/// <summary>What came back, where it wasn't an error.</summary>
internal sealed record MlflowAnswer(MlflowRequest Request, MlflowServer Server, int Status, string? MediaType, byte[] Body)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The body as a document.</summary>
    /// <exception cref="MlflowException">It is none, or was cut.</exception>
    public T Json<T>()
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Body, MlflowHttp.Json)
                ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            var what = MediaType != "application/json" ? $"{MediaType ?? "no content type"}, which isn't MLflow's API: perhaps a login page, or another program" : "JSON that breaks off or isn't any";
            throw new MlflowException($"{Server} answered {Request.Path.Split('?')[0]} with {what}. Check the address (MLFLOW_TRACKING_URI).", error) { Status = Status };
        }
    }
}

/// <summary>Sends requests: with our credentials, a limit of time, and further tries where a server is busy or can't be reached.</summary>
/// <remarks>Errors of the server's own (500) aren't tried again: MLflow answers so to requests that it will never take.</remarks>
internal sealed class MlflowHttp : IDisposable
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);
    private const int LongestMessage = 600, BytesPerSecond = 1_000_000, LongestAnswer = 256 << 20;

    private readonly MlflowServer _server;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellation;
    private readonly HttpClient _client;

    public MlflowHttp(MlflowServer server, TimeProvider time, CancellationToken cancellation)
    {
        (_server, _time, _cancellation) = (server, time, cancellation);
        // A redirect isn't followed: credentials would go along to wherever it points.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = server.Timeout })
        {
            BaseAddress = server.Address, Timeout = System.Threading.Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer,
        };
        _client.DefaultRequestHeaders.Authorization = server.Authorization;
        _client.DefaultRequestHeaders.UserAgent.Add(new("customervalue", typeof(MlflowHttp).Assembly.GetName().Version!.ToString(3)));
    }

    /// <summary>Numbers that JSON has no digits for are strings, as MLflow takes and gives them; what is null isn't sent.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals | JsonNumberHandling.AllowReadingFromString,
    };

    /// <summary>Sends, and tries again where that may help.</summary>
    /// <exception cref="MlflowException">The server refused, or couldn't be reached in any try.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public MlflowAnswer Send(MlflowRequest request)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Once(request);
            }
            catch (MlflowException error) when (error.IsTransient && request.IsRepeatable && attempt < MlflowServer.Attempts)
            {
                Wait(attempt, error);
            }
        }
    }

    /// <summary>Waits before a further try: twice as long each time, or as long as the server asked for.</summary>
    public void Wait(int attempt, MlflowException error)
    {
        var wait = error.Data["wait"] is TimeSpan asked ? asked : _server.Backoff * Math.Pow(2, attempt - 1);
        Task.Delay(wait < s_longestWait ? wait : s_longestWait, _time, _cancellation).GetAwaiter().GetResult();
    }

    public void Dispose() => _client.Dispose();

    private MlflowAnswer Once(MlflowRequest request)
    {
        _cancellation.ThrowIfCancellationRequested();
        using var message = new HttpRequestMessage(request.Method, Target(request.Path)) { Content = Content(request) };
        foreach (var (name, value) in request.Headers) message.Headers.TryAddWithoutValidation(name, value);
        var limit = _server.Timeout + TimeSpan.FromSeconds((message.Content?.Headers.ContentLength ?? 0) / BytesPerSecond);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        stop.CancelAfter(limit);
        try
        {
            using var response = _client.Send(message, HttpCompletionOption.ResponseContentRead, stop.Token);
            using var memory = new MemoryStream();
            response.Content.ReadAsStream(stop.Token).CopyTo(memory);
            var answer = new MlflowAnswer(request, _server, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, memory.ToArray());
            return response.IsSuccessStatusCode ? answer : throw Refusal(answer, response.Headers);
        }
        catch (OperationCanceledException error) when (!_cancellation.IsCancellationRequested)
        {
            throw new MlflowException(string.Create(CultureInfo.InvariantCulture, $"{_server} didn't answer within {limit.TotalSeconds:0.#} s. It may be overloaded, or the address another program's (MLFLOW_TRACKING_URI)."), error) { IsTransient = true };
        }
        catch (Exception error) when (error is IOException or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse })
        {
            throw new MlflowException($"{_server} broke its answer off. It may have been stopped, or be no server of HTTP's.", error) { IsTransient = true };
        }
        catch (HttpRequestException error)
        {
            throw new MlflowException($"{_server} can't be reached ({_server.Clean(error.Message)}). Is it running, and is the address right (MLFLOW_TRACKING_URI)?", error) { IsTransient = true };
        }
    }

    // Paths reach the server as they are escaped here, '%2e' and all.
    private Uri Target(string path) => new(_server.Address + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private static HttpContent? Content(MlflowRequest request)
    {
        HttpContent? content = request switch
        {
            { Bytes: { } open } => new StreamContent(open()),
            { Body: not null } => new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request.Body, request.Body.GetType(), Json)),
            _ => null,
        };
        if (content is not null && request.MediaType is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.MediaType);
        return content;
    }

    private MlflowException Refusal(MlflowAnswer answer, HttpResponseHeaders headers)
    {
        var (code, said) = Said(answer);
        var status = answer.Status;
        var cure = status switch
        {
            >= 300 and < 400 => $" It points to {Plain(headers.Location)}; if that is the server, set MLFLOW_TRACKING_URI to it.",
            401 => " Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, to what it knows.",
            403 when said.Contains("Host header", StringComparison.OrdinalIgnoreCase) => $" It doesn't know itself by that name: start it with --allowed-hosts {_server.Address.Host}, or use an address that it takes.",
            403 => " This user may not do that; ask its administrator for the right to edit the experiment.",
            404 or 405 when code is null => " Check the address (MLFLOW_TRACKING_URI): it may be another program's, or lack a path.",
            413 => " It, or a proxy before it, takes no bodies of that size; have the limit raised.",
            507 => " Its disk is full.",
            408 or 429 or 502 or 503 or 504 => " It is busy, or starting.",
            _ => "",
        };
        var error = new MlflowException(string.Create(CultureInfo.InvariantCulture, $"{_server} answered {status}{(code is null ? "" : $" {code}")} to {answer.Request.Path.Split('?')[0]}{(said.Length == 0 ? "." : $": {said}")}{cure}"))
        {
            Status = status, ErrorCode = code, IsTransient = status is 408 or 429 or 502 or 503 or 504,
        };
        if (headers.RetryAfter is { } after) error.Data["wait"] = after.Delta ?? (after.Date is { } date && date > _time.GetUtcNow() ? date - _time.GetUtcNow() : TimeSpan.Zero);
        return error;
    }

    // MLflow's own errors are {"error_code", "message"}; its frameworks' are {"detail"}, HTML or plain text.
    private (string? Code, string Said) Said(MlflowAnswer answer)
    {
        if (answer.MediaType == "application/json")
        {
            try
            {
                var document = JsonSerializer.Deserialize<ErrorBody>(answer.Body, Json);
                return (document?.ErrorCode, Short(document?.Message ?? document?.Detail?.ToString() ?? ""));
            }
            catch (JsonException) { }       // cut, or no error of MLflow's: shown as the text that it is
        }
        return (null, Short(answer.MediaType == "text/html" && answer.Text.Contains('<') ? MlflowHtml.Text(answer.Text) : answer.Text));
    }

    private string Short(string text) => _server.Clean(MlflowLimits.Text(text.Trim(), LongestMessage));

    private static string Plain(Uri? location) => location is null ? "no place" : location.IsAbsoluteUri ? location.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : location.ToString().Split('?')[0];

    private sealed record ErrorBody(string? ErrorCode, string? Message, JsonElement? Detail);
}
