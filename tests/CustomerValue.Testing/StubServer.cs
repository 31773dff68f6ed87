using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace CustomerValue.Testing;

/// <summary>A request as it came over the wire: the target not unescaped, headers by name in any case.</summary>
public sealed record StubRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The target without its query.</summary>
    public string Path => Target.Split('?')[0];

    /// <summary>The body as a document.</summary>
    public JsonNode? Json => JsonNode.Parse(Body);
}

/// <summary>An answer, byte for byte.</summary>
public sealed record StubAnswer(int Status, string? ContentType = null, byte[]? Body = null)
{
    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Only so many bytes of the body are sent, then the connection is cut.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Nothing is answered before the server is disposed.</summary>
    public bool Hangs { get; init; }

    /// <summary>The connection is cut without an answer.</summary>
    public bool Drops { get; init; }

    /// <summary>A document.</summary>
    public static StubAnswer Json(int status, string json) => new(status, "application/json", Encoding.UTF8.GetBytes(json));

    /// <summary>A page, or plain text.</summary>
    public static StubAnswer Text(int status, string text, string type = "text/html; charset=utf-8") => new(status, type, Encoding.UTF8.GetBytes(text));
}

/// <summary>A small HTTP server on the loopback address, one connection a request, that answers what a test says.</summary>
public sealed class StubServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ManualResetEventSlim _disposed = new();
    private readonly List<StubRequest> _requests = [];
    private readonly Thread _thread;

    /// <param name="answer">Called for every request, perhaps for several at once.</param>
    public StubServer(Func<StubRequest, StubAnswer> answer)
    {
        _listener.Start();
        _thread = new Thread(() =>
        {
            while (!_disposed.IsSet)
            {
                try
                {
                    var client = _listener.AcceptTcpClient();
                    // A thread each: one that hangs holds up no other.
                    new Thread(() => Serve(client, answer)) { IsBackground = true }.Start();
                }
                catch (Exception error) when (error is SocketException or InvalidOperationException) { return; }        // stopped
            }
        }) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>http://127.0.0.1:PORT.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>What was asked so far.</summary>
    public IReadOnlyList<StubRequest> Requests { get { lock (_requests) return [.. _requests]; } }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed.Set();
        _listener.Stop();
        _thread.Join();
    }

    /// <summary>An address where nothing listens.</summary>
    public static string Nowhere()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
    }

    private void Serve(TcpClient client, Func<StubRequest, StubAnswer> answer)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                if (Read(stream) is not { } request) return;
                lock (_requests) _requests.Add(request);
                Write(stream, request, Answered(request, answer));
            }
        }
        catch (Exception error) when (error is IOException or SocketException or InvalidOperationException) { }          // the client went away
    }

    // What goes wrong in a test's own answer is an answer too, so that the test fails instead of the process.
    private static StubAnswer Answered(StubRequest request, Func<StubRequest, StubAnswer> answer)
    {
        try
        {
            return answer(request);
        }
#pragma warning disable CA1031 // whatever it is, it is shown to the test
        catch (Exception error)
#pragma warning restore CA1031
        {
            return StubAnswer.Text(500, $"The stub's answer to {request.Method} {request.Target} failed: {error}", "text/plain");
        }
    }

    private static StubRequest? Read(NetworkStream stream)
    {
        var head = new List<byte>();
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (stream.ReadByte() is not (>= 0 and var next)) return null;
            head.Add((byte)next);
        }
        var lines = Encoding.Latin1.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(l => l.Split(':', 2)).ToDictionary(p => p[0], p => p[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        stream.ReadExactly(body);
        return new(first[0], first[1], headers, body);
    }

    private void Write(NetworkStream stream, StubRequest request, StubAnswer answer)
    {
        if (answer.Hangs) _disposed.Wait();
        if (answer.Hangs || answer.Drops) return;
        var body = answer.Body ?? [];
        var head = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} Answer\r\nConnection: close\r\nContent-Length: {body.Length}\r\n"));
        if (answer.ContentType is not null) head.Append(CultureInfo.InvariantCulture, $"Content-Type: {answer.ContentType}\r\n");
        foreach (var (name, value) in answer.Headers) head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        stream.Write(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()));
        if (request.Method != "HEAD") stream.Write(body.AsSpan(0, answer.CutAfter ?? body.Length));
    }
}
