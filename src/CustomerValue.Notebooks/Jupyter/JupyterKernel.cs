using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace CustomerValue.Notebooks.Jupyter;

/// <summary>A C# session behind Jupyter's wire protocol: cells one after another; meanwhile questions about code are answered from what cells before declared, and
/// interrupts and shutdown are heeded at any time.</summary>
public sealed class JupyterKernel : IDisposable
{
    /// <summary>The version of the wire protocol.</summary>
    public const string Protocol = "5.3";

    private static readonly TimeSpan s_underway = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly CSharpSession _session;
    private readonly CodeAid _aid;
    private readonly KernelSockets _sockets;
    private readonly BlockingCollection<(WireMessage Request, DateTimeOffset Came)> _cells = [], _questions = [];
    private readonly Lock _gate = new();
    private CancellationTokenSource? _running;
    private DateTimeOffset _failed = DateTimeOffset.MinValue;
    private int _count, _unnumbered;
    private volatile bool _isEnding;

    /// <param name="connection">Where to listen; the ports are taken at once.</param>
    /// <param name="options">What the session has at hand; null for the defaults.</param>
    public JupyterKernel(ConnectionFile connection, SessionOptions? options = null)
    {
        options ??= new();
        _clock = options.Clock;
        _session = new(options);
        _aid = new(_session);
        _sockets = new(connection, _clock, request => (IsOfCells(request) ? _cells : _questions).Add((request, _clock.GetUtcNow())), OnControl);
    }

    /// <summary>Serves until a client asks it to shut down, or <see cref="Stop"/>. A cell that runs then is interrupted, and not waited for.</summary>
    public void Run()
    {
        new Thread(Warm) { IsBackground = true, Name = "compiler" }.Start();
        new Thread(() => Work(_cells)) { IsBackground = true, Name = "cells" }.Start();
        new Thread(() => Work(_questions)) { IsBackground = true, Name = "questions" }.Start();
        _sockets.Publish(null, "status", new() { ["execution_state"] = "starting" });
        _sockets.Run();
        _isEnding = true;
        _cells.CompleteAdding();
        _questions.CompleteAdding();
        Interrupt();
    }

    /// <summary>Ends <see cref="Run"/>.</summary>
    public void Stop() => _sockets.Stop();

    /// <summary>Stops the cell that runs, if one does.</summary>
    public void Interrupt()
    {
        lock (_gate) _running?.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose() => _sockets.Dispose();

    /// <summary>Comes on the sockets' own thread, so that a cell that runs doesn't keep it.</summary>
    private void OnControl(WireMessage request) => Serve(request, (type, content) => _sockets.ReplyOnControl(request, type, content), reply =>
    {
        switch (request.Type)
        {
            case "interrupt_request":
                Interrupt();
                reply("interrupt_reply", Ok());
                break;
            case "kernel_info_request":
                reply("kernel_info_reply", Info());
                break;
            case "shutdown_request":
                Shutdown(request, reply);
                break;
        }
    });

    private void Warm()
    {
        try
        {
            _session.Warm();
        }
#pragma warning disable CA1031 // what goes wrong here goes wrong in the first cell too, which says so
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>Whether a request waits its turn among the cells.</summary>
    private static bool IsOfCells(WireMessage request) => request.Type is "execute_request" or "shutdown_request";

    private void Work(BlockingCollection<(WireMessage Request, DateTimeOffset Came)> requests)
    {
        foreach (var (request, came) in requests.GetConsumingEnumerable())
        {
            if (_isEnding) return;
            Serve(request, (type, content) => _sockets.ReplyOnShell(request, type, content), reply => OnShell(request, came, reply));
        }
    }

    private void OnShell(WireMessage request, DateTimeOffset came, Action<string, JsonObject> reply)
    {
        var code = WireMessage.Text(request.Content, "code");
        switch (request.Type)
        {
            case "execute_request":
                if (WasUnderway(request, came)) reply("execute_reply", new() { ["status"] = "aborted", ["execution_count"] = _count });
                else Execute(request, code, reply);
                break;
            case "kernel_info_request":
                reply("kernel_info_reply", Info());
                break;
            case "is_complete_request":
                reply("is_complete_reply", new() { ["status"] = CodeAid.Completeness(code), ["indent"] = "" });
                break;
            case "complete_request":
                reply("complete_reply", Completions(code, Place(request, code)));
                break;
            case "inspect_request":
                var about = _aid.About(code, Place(request, code));
                reply("inspect_reply", Ok(("found", about is not null), ("data", about is null ? new JsonObject() : new JsonObject { [MimeBundle.Plain] = about }), ("metadata", new JsonObject())));
                break;
            case "history_request":
                reply("history_reply", Ok(("history", new JsonArray())));
                break;
            case "comm_info_request":
                reply("comm_info_reply", Ok(("comms", new JsonObject())));
                break;
            case "shutdown_request":
                Shutdown(request, reply);
                break;
        }
    }

    private void Execute(WireMessage request, string code, Action<string, JsonObject> reply)
    {
        var isSilent = request.Says("silent", false);
        var isNumbered = !isSilent && request.Says("store_history", true);
        if (isNumbered) _count++;
        if (!isSilent) _sockets.Publish(request, "execute_input", new() { ["code"] = code, ["execution_count"] = _count });
        var output = new PublishedOutput((type, content) => _sockets.Publish(request, type, content), _clock);
        var result = Result(code, isNumbered ? $"cell {_count}" : $"unnumbered cell {++_unnumbered}", output);
        output.End();
        if (result.Error is { } error)
        {
            var said = new JsonObject { ["ename"] = error.Kind, ["evalue"] = error.Message, ["traceback"] = new JsonArray([.. error.Trace.Select(line => (JsonNode)line)]) };
            _sockets.Publish(request, "error", said.DeepClone().AsObject());
            (said["status"], said["execution_count"]) = ("error", _count);
            if (request.Says("stop_on_error", true)) _failed = _clock.GetUtcNow();
            reply("execute_reply", said);
            return;
        }
        if (result.Shown is { } shown && !isSilent)
            _sockets.Publish(request, "execute_result", new() { ["execution_count"] = _count, ["data"] = PublishedOutput.Forms(shown), ["metadata"] = new JsonObject() });
        reply("execute_reply", Ok(("execution_count", _count), ("user_expressions", new JsonObject()), ("payload", new JsonArray())));
    }

    private CellResult Result(string code, string label, ICellOutput output)
    {
        using var stop = new CancellationTokenSource();
        lock (_gate) _running = stop;
        try
        {
            return _session.RunAsync(code, label, output, cancellation: stop.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return new(null, new(CellError.Interrupted, $"{label} was interrupted.", 0, [$"{label} was interrupted."]));
        }
        catch (InvalidOperationException error)
        {
            return new(null, new("SessionLost", error.Message, 0, [error.Message]));
        }
        finally
        {
            lock (_gate) _running = null;
        }
    }

    /// <summary>Whether a request was sent before a cell's failure could be known: waiting here, or on its way.</summary>
    private bool WasUnderway(WireMessage request, DateTimeOffset came)
    {
        if (came <= _failed) return true;
        return came - _failed < s_underway
            && DateTimeOffset.TryParse(WireMessage.Text(request.Header, "date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var sent) && sent <= _failed;
    }

    private JsonObject Completions(string code, int at)
    {
        var (start, found) = _aid.Completions(code, at);
        return Ok(("matches", new JsonArray([.. found.Select(name => (JsonNode)name)])), ("cursor_start", Points(code[..start])), ("cursor_end", Points(code[..at])), ("metadata", new JsonObject()));
    }

    private void Shutdown(WireMessage request, Action<string, JsonObject> reply)
    {
        var said = Ok(("restart", request.Says("restart", false)));
        _sockets.Publish(request, "shutdown_reply", said.DeepClone().AsObject());
        reply("shutdown_reply", said);
        _isEnding = true;
    }

    /// <summary>Busy before, idle after, whatever happens between.</summary>
    private void Serve(WireMessage request, Action<string, JsonObject> reply, Action<Action<string, JsonObject>> serve)
    {
        _sockets.Publish(request, "status", new() { ["execution_state"] = "busy" });
        try
        {
            serve(reply);
        }
#pragma warning disable CA1031 // a request that can't be served must not end the kernel
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (request.Type.EndsWith("_request", StringComparison.Ordinal))
                reply(request.Type.Replace("_request", "_reply", StringComparison.Ordinal), new() { ["status"] = "error", ["ename"] = error.GetType().FullName, ["evalue"] = error.Message, ["traceback"] = new JsonArray() });
        }
        _sockets.Publish(request, "status", new() { ["execution_state"] = "idle" });
        if (_isEnding) Stop();
    }

    private static JsonObject Ok(params (string Name, JsonNode? Value)[] members)
    {
        var content = new JsonObject { ["status"] = "ok" };
        foreach (var (name, value) in members) content[name] = value;
        return content;
    }

    private static JsonObject Info() => Ok(
        ("protocol_version", Protocol), ("implementation", "customervalue"), ("implementation_version", typeof(JupyterKernel).Assembly.GetName().Version!.ToString(3)),
        ("banner", $"{NotebookFile.KernelTitle} on .NET {Environment.Version}"), ("help_links", new JsonArray()),
        ("language_info", new JsonObject
        {
            ["name"] = "C#", ["version"] = "14.0", ["mimetype"] = "text/x-csharp", ["file_extension"] = ".cs", ["pygments_lexer"] = "csharp", ["codemirror_mode"] = "text/x-csharp",
        }));

    /// <summary>Where the cursor stands, in UTF-16; the protocol counts code points.</summary>
    private static int Place(WireMessage request, string code)
    {
        var points = request.Content["cursor_pos"] is JsonValue value && value.TryGetValue<int>(out var given) ? given : int.MaxValue;
        var at = 0;
        foreach (var rune in code.EnumerateRunes())
        {
            if (points-- <= 0) break;
            at += rune.Utf16SequenceLength;
        }
        return at;
    }

    private static int Points(string text) => text.EnumerateRunes().Count();
}
