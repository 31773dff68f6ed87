using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Jupyter;

/// <summary>Jupyter's client (<c>client.py</c>, over jupyter_client) with a kernel of ours that it started.</summary>
internal sealed class JupyterClient : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly Process _python;
    private readonly Task<string> _errors;

    public JupyterClient(JupyterHome home)
    {
        _python = home.PythonProcess(Path.Combine(RealData.Root, "tests", "CustomerValue.Cli.Tests", "Jupyter", "client.py"), ".net-csharp");
        _errors = _python.StandardError.ReadToEndAsync();
        Kernel = int.Parse(Line(), CultureInfo.InvariantCulture);
    }

    /// <summary>The process of the kernel that was started first.</summary>
    public int Kernel { get; }

    /// <summary>Calls a method of the client's.</summary>
    public JsonNode? Ask(string method, params JsonNode?[] arguments)
    {
        _python.StandardInput.WriteLine(new JsonArray([method, .. arguments]).ToJsonString());
        _python.StandardInput.Flush();
        return JsonNode.Parse(Line());
    }

    /// <summary>Runs a cell: its reply, and what was published for it.</summary>
    public Answer Run(string code) => Ended(Ask("execute", code)!);

    /// <summary>Starts a cell and waits until it has written something.</summary>
    public JsonNode Begin(string code) => Ask("begin", code)!;

    /// <summary>The same of a cell that was begun.</summary>
    public Answer End(JsonNode begun) => Ended(Ask("ended", begun.DeepClone())!);

    /// <summary>Ends the client without a word to the kernel, as a crash does.</summary>
    public void Kill()
    {
        _python.Kill();
        _python.WaitForExit();
    }

    public void Dispose()
    {
        if (!_python.HasExited) Kill();                                 // its kernel follows
        _python.Dispose();
    }

    private static Answer Ended(JsonNode told) =>
        new(told["reply"]!.AsObject(), [.. told["published"]!.AsArray().Select(message => (message!["type"]!.GetValue<string>(), message["content"]!.AsObject()))]);

    private string Line()
    {
        var line = _python.StandardOutput.ReadLineAsync();
        Assert.True(line.Wait(s_limit), "Jupyter's client doesn't answer.");
        if (line.Result is null) Assert.Fail($"Jupyter's client has ended: {_errors.Result}");
        return line.Result;
    }

    /// <summary>What a kernel said of a cell.</summary>
    internal sealed record Answer(JsonObject Reply, IReadOnlyList<(string Type, JsonObject Content)> Published)
    {
        public string Status => Reply["status"]!.GetValue<string>();
    }
}
