using System.Text.Json.Nodes;
using CustomerValue.Notebooks.Jupyter;

namespace CustomerValue.Cli.Tests.Jupyter;

/// <summary>The kernel, driven by Jupyter's own client.</summary>
[Trait("Category", "Jupyter")]
public class JupyterClientTests(JupyterHome home) : IClassFixture<JupyterHome>
{
    [Fact]
    public void A_cell_streams_shows_updates_and_gives_its_value()
    {
        using var client = new JupyterClient(home);
        var answer = client.Run("Console.Write(\"out\"); Console.Error.Write(\"err\"); var bar = display(HTML(\"<b>half</b>\"));\nbar.Update(HTML(\"<b>whole</b>\")); new[] { new { N = 1, Name = \"<i>\" } }");
        Assert.Equal(("ok", 1), (answer.Status, answer.Reply["execution_count"]!.GetValue<int>()));
        Assert.Equal(["stream", "stream", "display_data", "update_display_data", "execute_result"], answer.Published.Select(message => message.Type));
        var (streams, values) = (answer.Published.Take(2).Select(message => message.Content), answer.Published.Skip(2).Select(message => message.Content).ToList());
        Assert.Equal([("stdout", "out"), ("stderr", "err")], streams.Select(stream => (Text(stream["name"]), Text(stream["text"]))));
        Assert.Equal(["<b>half</b>", "<b>whole</b>"], values.Take(2).Select(value => Text(value["data"]!["text/html"])));
        Assert.Equal(Text(values[0]["transient"]!["display_id"]), Text(values[1]["transient"]!["display_id"]));
        Assert.Contains("<td>&lt;i&gt;</td>", Text(values[2]["data"]!["text/html"]), StringComparison.Ordinal);
        Assert.Contains("Name", Text(values[2]["data"]!["text/plain"]), StringComparison.Ordinal);

        Assert.Equal("2", Text(client.Run("1 + 1").Published[^1].Content["data"]!["text/plain"]));
    }

    [Fact]
    public void A_mistake_and_an_exception_are_told_with_their_lines()
    {
        using var client = new JupyterClient(home);
        var mistake = client.Run("\nvar x = 1 +;");
        Assert.Equal(("error", "CompilationError"), (mistake.Status, Text(mistake.Reply["ename"])));
        Assert.StartsWith("cell 1, line 2, column 12: CS1525", Text(mistake.Reply["traceback"]![0]), StringComparison.Ordinal);
        var thrown = client.Run("Console.Write(\"on\");\nthrow new InvalidOperationException(\"no luck\");");
        Assert.Equal(["stream", "error"], thrown.Published.Select(message => message.Type));
        var error = thrown.Published[1].Content;
        Assert.Equal(("System.InvalidOperationException", "no luck"), (Text(error["ename"]), Text(error["evalue"])));
        Assert.Equal(["System.InvalidOperationException: no luck", "    at cell 2, line 2"], error["traceback"]!.AsArray().Select(Text));
    }

    [Fact]
    public void Code_is_completed_explained_and_told_complete()
    {
        using var client = new JupyterClient(home);
        client.Run("var prices = new List<double> { 1 };");
        Assert.Equal(["complete", "incomplete", "invalid"], new[] { "1 + 1", "if (true) {", "1 1" }.Select(code => Text(client.Ask("is_complete", code))));
        var completed = client.Ask("complete", "/* 😀 */ prices.Rem")!;
        Assert.Contains("RemoveAt", completed["matches"]!.AsArray().Select(Text));
        Assert.Equal((15, 18), (completed["cursor_start"]!.GetValue<int>(), completed["cursor_end"]!.GetValue<int>()));
        var explained = client.Ask("inspect", "prices.Add(2)", 9)!;
        Assert.True(explained["found"]!.GetValue<bool>());
        Assert.Contains("Add(double item)", Text(explained["data"]!["text/plain"]), StringComparison.Ordinal);
        Assert.False(client.Ask("inspect", "nothing", 2)!["found"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("Thread.Sleep(Timeout.Infinite);")]
    [InlineData("await Task.Delay(Timeout.Infinite);")]
    public void An_interrupt_stops_a_cell_and_keeps_the_state_before_it(string forEver)
    {
        using var client = new JupyterClient(home);
        client.Run("var kept = 1;");
        var begun = client.Begin($"Console.WriteLine(\"on\"); {forEver}");
        client.Ask("interrupt");
        var stopped = client.End(begun);
        Assert.Equal(("error", "Interrupted"), (stopped.Status, Text(stopped.Reply["ename"])));
        Assert.Equal("2", Text(client.Run("kept + 1").Published[^1].Content["data"]!["text/plain"]));
    }

    [Fact]
    public void A_restart_forgets_everything_and_a_shutdown_ends_the_process()
    {
        using var client = new JupyterClient(home);
        client.Run("var gone = 1;");
        client.Ask("restart");
        var kernel = client.Ask("process")!.GetValue<int>();
        Assert.NotEqual(client.Kernel, kernel);
        Assert.Null(KernelProcess.Started(client.Kernel));
        var answer = client.Run("gone");
        Assert.Equal((1, "CompilationError"), (answer.Published.Count, Text(answer.Reply["ename"])));
        Assert.Equal(1, answer.Reply["execution_count"]!.GetValue<int>());
        Assert.Equal(0, client.Ask("shutdown")!.GetValue<int>());
        Assert.Null(KernelProcess.Started(kernel));
    }

    [Theory]
    [InlineData("Console.WriteLine(1);")]
    [InlineData("Console.WriteLine(1); while (true) { }")]
    public void A_client_that_is_killed_leaves_no_kernel(string code)
    {
        using var client = new JupyterClient(home);
        client.Begin(code);
        Assert.NotNull(KernelProcess.Started(client.Kernel));
        client.Kill();
        Assert.True(SpinWait.SpinUntil(() => KernelProcess.Started(client.Kernel) is null, TimeSpan.FromSeconds(30)), "The kernel still runs.");
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
