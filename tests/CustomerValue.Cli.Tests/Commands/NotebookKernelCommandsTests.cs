using System.Diagnostics;
using System.Text.Json.Nodes;
using CustomerValue.Notebooks.Jupyter;
using CustomerValue.Notebooks.Tests.Jupyter;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

public sealed class NotebookKernelCommandsTests : IDisposable
{
    private static readonly Dictionary<string, string> s_none = [];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Installed_it_lies_where_Jupyter_looks_starts_as_written_there_and_goes_away_again()
    {
        var jupyter = new Dictionary<string, string> { ["JUPYTER_DATA_DIR"] = _folder.In("jupyter") };
        var installed = Done(RunningCommand.StartWith(jupyter, "notebook", "install-kernel", "--json"));
        var file = _folder.In("jupyter", "kernels", ".net-csharp", "kernel.json");
        Assert.Equal(file, installed.Json.GetProperty("file").GetString());

        var (connection, path) = Connection();
        string[] words = [.. JsonNode.Parse(File.ReadAllText(file))!["argv"]!.AsArray().Select(word => word!.GetValue<string>().Replace("{connection_file}", path, StringComparison.Ordinal))];
        using var kernel = RunningCommand.StartWords(words, s_none);
        using var client = new KernelClient(connection);
        Assert.Equal("42", Value(client, "6 * 7"));
        Assert.Equal("ok", client.Ask("shutdown_request", new() { ["restart"] = false }, onControl: true).Reply["status"]!.GetValue<string>());
        var ended = kernel.Ended();
        Assert.Equal((0, "", ""), (ended.ExitCode, ended.Output, ended.Errors));

        Assert.StartsWith("Removed: ", Done(RunningCommand.StartWith(jupyter, "notebook", "uninstall-kernel")).Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.In("jupyter", "kernels", ".net-csharp")));
        Assert.StartsWith("There was none: ", Done(RunningCommand.StartWith(jupyter, "notebook", "uninstall-kernel")).Output, StringComparison.Ordinal);
        Assert.Equal((2, "Give --prefix or --user, not both."), CommandRun.Of("notebook", "install-kernel", "--user", "--prefix", _folder.In("env")) is var both ? (both.ExitCode, both.Errors.Trim()) : default);
    }

    [Fact]
    public void An_interrupt_by_signal_stops_the_cell_that_runs_and_not_the_kernel()
    {
        var (connection, path) = Connection();
        using var kernel = RunningCommand.StartWith(s_none, "notebook", "kernel", "--connection", path);
        using var client = new KernelClient(connection);
        Assert.Equal("1", Value(client, "var kept = 1;\nkept"));
        kernel.Interrupt();                                             // while nothing runs
        foreach (var forEver in new[] { "while (true) { }", "Thread.Sleep(Timeout.Infinite);", "await Task.Delay(Timeout.Infinite);" })
        {
            var running = client.SendCode($"Console.WriteLine(\"on\"); {forEver}");
            client.UntilText();
            kernel.Interrupt();
            Assert.Equal("Interrupted", client.Reply(running)["ename"]!.GetValue<string>());
        }
        Assert.Equal("2", Value(client, "kept + 1"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("Console.WriteLine(\"on\"); while (true) { }")]
    public void A_kernel_ends_with_the_process_that_started_it(string code)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a client's process isn't looked after on Windows");
        using var starter = Process.Start(new ProcessStartInfo("sleep", ["600"]))!;
        var (connection, path) = Connection();
        using var kernel = RunningCommand.StartWith(new Dictionary<string, string> { ["JPY_PARENT_PID"] = $"{starter.Id}" }, "notebook", "kernel", "--connection", path);
        using var client = new KernelClient(connection);
        client.SendCode(code);
        if (code != "1") client.UntilText();
        starter.Kill();
        starter.WaitForExit();
        Assert.True(SpinWait.SpinUntil(() => KernelProcess.Started(kernel.Id) is null, TimeSpan.FromSeconds(30)), "The kernel still runs.");
    }

    [Fact]
    public void A_connection_that_can_not_be_served_ends_in_words()
    {
        var file = _folder.Write("open.json", """{ "ip": "0.0.0.0", "key": "k", "shell_port": 1, "control_port": 2, "stdin_port": 3, "hb_port": 4, "iopub_port": 5 }""");
        var run = CommandRun.Of("notebook", "kernel", "--connection", file);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("it listens on the loopback (127.0.0.1) only", run.Errors, StringComparison.Ordinal);
        Assert.Equal(2, CommandRun.Of("notebook", "kernel", "--connection", _folder.In("none.json")).ExitCode);
        Assert.Equal(2, CommandRun.Of("notebook", "kernel").ExitCode);
    }

    private (ConnectionFile Connection, string Path) Connection()
    {
        var connection = KernelClient.FreeConnection();
        return (connection, _folder.Write("connection.json", KernelClient.Text(connection)));
    }

    private static string Value(KernelClient client, string code)
    {
        var (reply, published) = client.Run(code);
        Assert.True(reply["status"]!.GetValue<string>() == "ok", reply.ToJsonString());
        return published[^1].Content["data"]!["text/plain"]!.GetValue<string>();
    }

    private static CommandRun Done(RunningCommand running)
    {
        using (running)
        {
            var run = running.Ended();
            Assert.True(run.ExitCode == 0, run.Errors);
            return run;
        }
    }
}
