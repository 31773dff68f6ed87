using System.Net;
using System.Text.Json.Nodes;
using CustomerValue.Notebooks.Jupyter;
using CustomerValue.Testing;
using NetMQ;
using NetMQ.Sockets;

namespace CustomerValue.Notebooks.Tests.Jupyter;

public class JupyterKernelTests
{
    [Fact]
    public void A_cell_streams_shows_updates_and_gives_its_value()
    {
        using var kernel = new KernelHere();
        var client = kernel.Client;
        Assert.Equal("5.3", client.Ask("kernel_info_request", []).Reply["protocol_version"]!.GetValue<string>());
        var (reply, published) = client.Run("Console.Write(\"said\"); var bar = display(\"half\"); bar.Update(\"whole\"); 6 * 7");
        Assert.Equal("ok", Text(reply, "status"));
        Assert.Equal(1, reply["execution_count"]!.GetValue<int>());
        Assert.Equal(["execute_input", "stream", "display_data", "update_display_data", "execute_result"], published.Select(message => message.Type));
        Assert.Equal("said", Text(published[1].Content, "text"));
        Assert.Equal(["half", "whole", "42"], published.Skip(2).Select(message => Text(message.Content["data"]!.AsObject(), "text/plain")));
        Assert.Equal(Text(published[2].Content["transient"]!.AsObject(), "display_id"), Text(published[3].Content["transient"]!.AsObject(), "display_id"));

        Assert.Equal("whole!", Text(client.Run("bar.Update(\"whole!\")").Published[1].Content["data"]!.AsObject(), "text/plain"));
        var (silent, quiet) = client.Ask("execute_request", new() { ["code"] = "1", ["silent"] = true });
        Assert.Empty(quiet);
        Assert.Equal(2, silent["execution_count"]!.GetValue<int>());
    }

    [Fact]
    public void An_error_names_the_users_lines_and_aborts_what_waits_unless_told_otherwise()
    {
        using var kernel = new KernelHere();
        var client = kernel.Client;
        client.Run("int Half(int n)\n{\n    return 10 / n;\n}");
        var failing = client.SendCode("Thread.Sleep(500);\nHalf(0)");
        var waiting = client.SendCode("var never = 1;");
        var (reply, published) = client.Answer(failing);
        Assert.Equal(("error", "System.DivideByZeroException"), (Text(reply, "status"), Text(reply, "ename")));
        var trace = reply["traceback"]!.AsArray().Select(line => line!.GetValue<string>()).ToList();
        Assert.Equal(3, trace.Count);
        Assert.Equal(["    at cell 1, line 3, in Half", "    at cell 2, line 2"], trace[1..]);
        Assert.Equal("error", published[^1].Type);
        Assert.Equal("aborted", Text(client.Answer(waiting).Reply, "status"));
        Assert.Equal("CompilationError", Text(client.Run("never").Reply, "ename"));

        failing = client.Send("execute_request", new() { ["code"] = "Thread.Sleep(200); Half(0)", ["stop_on_error"] = false });
        waiting = client.SendCode("1");
        client.Answer(failing);
        Assert.Equal("ok", Text(client.Answer(waiting).Reply, "status"));
    }

    [Fact]
    public async Task The_same_cells_show_what_they_show_without_Jupyter()
    {
        string[] cells =
        [
            "Console.Write(\"a\"); Console.Error.WriteLine(\"b\"); display(new[] { new { N = 1 } }); HTML(\"<b>c</b>\")", "#!markdown\n*d*", "Console.Write(new string('x', 1_100_000));",
            "\"e\\nf\"", "throw new InvalidDataException(\"g\");",
        ];
        var notebook = new NotebookFile([.. cells.Select((code, i) => new NotebookCell(CellKind.Code, $"c{i}", code))]);
        await new NotebookRunner().RunAsync(notebook, cancellation: TestContext.Current.CancellationToken);
        using var kernel = new KernelHere();
        var client = kernel.Client;
        foreach (var cell in notebook.Cells)
        {
            var kept = new CellOutputs();
            foreach (var message in client.Run(cell.Source).Published)
            {
                var content = message.Content;
                if (message.Type == "stream") kept.Stream(Text(content, "name"), Text(content, "text"));
                if (message.Type == "display_data") kept.Display(Bundle(content), Text(content["transient"]!.AsObject(), "display_id"));
                if (message.Type == "execute_result") kept.Result(Bundle(content), content["execution_count"]!.GetValue<int>());
                if (message.Type == "error") kept.Failure(new(Text(content, "ename"), Text(content, "evalue"), 0, [.. content["traceback"]!.AsArray().Select(line => line!.GetValue<string>())]));
            }
            Assert.Equal(cell.Outputs.ToJsonString(), kept.Take().ToJsonString());
        }

        static MimeBundle Bundle(JsonObject content) => new(content["data"]!.AsObject().ToDictionary(form => form.Key, form => form.Value));
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("Thread.Sleep(Timeout.Infinite);")]
    [InlineData("await Task.Delay(Timeout.Infinite);")]
    public void An_interrupt_stops_a_cell_and_keeps_the_state_before_it(string code)
    {
        using var kernel = new KernelHere();
        var client = kernel.Client;
        client.Run("var kept = 1;");
        var endless = client.SendCode($"Console.WriteLine(\"started\"); {code}");
        client.UntilText();
        Assert.Equal("ok", Text(client.Ask("interrupt_request", [], onControl: true).Reply, "status"));
        var reply = client.Reply(endless);
        Assert.Equal("Interrupted", Text(reply, "ename"));
        Assert.Equal("ok", Text(client.Run("kept").Reply, "status"));
    }

    [Fact]
    public void A_message_with_a_wrong_signature_is_dropped_and_the_kernel_lives_on()
    {
        using var kernel = new KernelHere();
        var client = kernel.Client;
        client.Send("execute_request", new() { ["code"] = "var stolen = 1;" }, key: "another key");
        Assert.Equal("CS0103", Text(client.Run("stolen").Reply, "evalue")[..6]);
        using var heart = new RequestSocket(client.Connection.Endpoint(client.Connection.Heartbeat));
        heart.SendFrame("ping");
        Assert.True(heart.TryReceiveFrameString(TimeSpan.FromMinutes(1), out var beat));
        Assert.Equal("ping", beat);
    }

    [Fact]
    public void Shutdown_is_answered_and_ends_the_kernel_whatever_runs()
    {
        using var kernel = new KernelHere();
        var client = kernel.Client;
        client.SendCode("Console.WriteLine(1); while (true) { }");
        client.UntilText();
        Assert.True(client.Ask("shutdown_request", new() { ["restart"] = true }, onControl: true).Reply["restart"]!.GetValue<bool>());
        Assert.True(kernel.HasEnded());
    }

    [Fact]
    public void Code_is_completed_explained_and_told_complete()
    {
        using var kernel = new KernelHere();
        var client = kernel.Client;
        client.Run("var prices = new List<double> { 1 };\n/// <summary>x</summary>\nint Twice(int number) => 2 * number;");
        Assert.Equal(("incomplete", "complete", "invalid"), (Complete("if (true) {"), Complete("1 + 1"), Complete("1 1")));
        Assert.Contains("prices", Names("// 😀\npri"));
        Assert.Contains("RemoveAt", Names("prices.Rem"));
        Assert.Contains("Where", Names("prices.Wh"));
        Assert.Contains("WriteLine", Names("Console.WriteL"));
        Assert.Empty(Names("#!sql\nsel"));
        var reply = client.Ask("complete_request", new() { ["code"] = "// 😀\npri", ["cursor_pos"] = 8 }).Reply;
        Assert.Equal((5, 8), (reply["cursor_start"]!.GetValue<int>(), reply["cursor_end"]!.GetValue<int>()));
        var about = client.Ask("inspect_request", new() { ["code"] = "Twice(3)", ["cursor_pos"] = 2 }).Reply;
        Assert.Contains("Twice(int number)", Text(about["data"]!.AsObject(), "text/plain"), StringComparison.Ordinal);
        Assert.False(client.Ask("inspect_request", new() { ["code"] = "nothing", ["cursor_pos"] = 2 }).Reply["found"]!.GetValue<bool>());

        string Complete(string code) => Text(client.Ask("is_complete_request", new() { ["code"] = code }).Reply, "status");
        List<string> Names(string code) => [.. client.Ask("complete_request", new() { ["code"] = code }).Reply["matches"]!.AsArray().Select(name => name!.GetValue<string>())];
    }

    [Fact]
    public void Questions_about_code_are_answered_while_a_cell_runs()
    {
        using var kernel = new KernelHere();
        var client = kernel.Client;
        client.Run("var prices = new List<double>();");
        var endless = client.SendCode("Console.WriteLine(\"on\"); while (true) { }");
        client.UntilText();
        Assert.Contains("prices", client.Ask("complete_request", new() { ["code"] = "pri" }).Reply["matches"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.True(client.Ask("inspect_request", new() { ["code"] = "prices", ["cursor_pos"] = 1 }).Reply["found"]!.GetValue<bool>());
        Assert.Equal("incomplete", Text(client.Ask("is_complete_request", new() { ["code"] = "if (" }).Reply, "status"));
        Assert.Equal("ok", Text(client.Ask("kernel_info_request", []).Reply, "status"));
        client.Ask("interrupt_request", [], onControl: true);
        Assert.Equal("Interrupted", Text(client.Reply(endless), "ename"));
    }

    [Theory]
    [InlineData("CalibrationSplit", "CalibrationSplit", "A split in time: history ends before the cutoff")]                                     // a record's, with its members
    [InlineData("CalibrationSplit", "CalibrationSplit", "\nCutoff: First day of the horizon;")]
    [InlineData("split.HorizonWeeks", "HorizonWeeks", "Length of the horizon, in weeks.")]
    [InlineData("model.ExpectedPurchases(null, 1)", "ExpectedPurchases", "expected purchases in the next weeks weeks, given the history.")]     // an interface's, by inheritance
    [InlineData("new BgNbd()", "BgNbd", "BgNbd\n\nFits the BG/NBD model by maximum likelihood.")]
    [InlineData("Twice(1)", "Twice", "int Twice(int number)\n\nTwo times List.\n\nnumber: Any.\nReturns: The double.")]                        // a cell's own
    [InlineData("Broken(1)", "Broken", "void Broken(int number)")]
    public void What_members_document_is_told_on_inspection(string code, string name, string says)
    {
        using var kernel = new KernelHere();
        var client = kernel.Client;
        client.Run("""
            #r "customervalue"
            var split = new CalibrationSplit(new(2024, 7, 1), 26);
            BgNbdModel model = null;
            /// <summary>Two times
            ///   <see cref="T:System.Collections.Generic.List`1"/>.</summary>
            /// <param name="number">Any.</param><returns>The double.</returns>
            int Twice(int number) => 2 * number;
            /// <summary>Not <well formed.
            void Broken(int number) { }
            """);
        var place = code.IndexOf(name, StringComparison.Ordinal) + 1;
        var about = client.Ask("inspect_request", new() { ["code"] = code, ["cursor_pos"] = place }).Reply;
        Assert.Contains(says, Text(about["data"]!.AsObject(), "text/plain"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"ip\": \"0.0.0.0\", \"key\": \"k\"", "loopback")]
    [InlineData("\"ip\": \"127.0.0.1\", \"key\": \"\"", "no key")]
    [InlineData("\"ip\": \"127.0.0.1\", \"key\": \"k\", \"transport\": \"ipc\"", "transport")]
    [InlineData("\"ip\": \"127.0.0.1\", \"key\": \"k\", \"signature_scheme\": \"hmac-md5\"", "hmac-md5")]
    public void A_connection_that_others_could_use_is_refused(string members, string why)
    {
        using var folder = new TemporaryFolder();
        const string Ports = "\"shell_port\": 1, \"control_port\": 2, \"stdin_port\": 3, \"hb_port\": 4, \"iopub_port\": 5";
        folder.Write("c.json", $"{{{members}, {Ports}}}");
        Assert.Contains(why, Assert.Throws<InvalidDataException>(() => ConnectionFile.Read(folder.In("c.json"))).Message, StringComparison.Ordinal);
        folder.Write("c.json", $"{{\"ip\": \"127.0.0.1\", \"key\": \"k\", {Ports}}}");
        Assert.Equal((IPAddress.Loopback, 4), (ConnectionFile.Read(folder.In("c.json")).Address, ConnectionFile.Read(folder.In("c.json")).Heartbeat));
    }

    [Fact]
    public void The_kernels_file_is_written_and_taken_away()
    {
        using var folder = new TemporaryFolder();
        var file = KernelSpec.Install(["/opt/customervalue"], folder.In("env"));
        Assert.Equal(folder.In("env", "share", "jupyter", "kernels", ".net-csharp", "kernel.json"), file);
        var spec = JsonNode.Parse(File.ReadAllText(file))!;
        Assert.Equal(["/opt/customervalue", "notebook", "kernel", "--connection", "{connection_file}"], spec["argv"]!.AsArray().Select(word => word!.GetValue<string>()));
        Assert.Equal("message", spec["interrupt_mode"]!.GetValue<string>());
        Assert.Contains(spec["display_name"]!.ToJsonString(), new NotebookFile([]).ToString(), StringComparison.Ordinal);      // notebooks name the kernel as editors list it
        Assert.True(KernelSpec.Uninstall(folder.In("env")));
        Assert.False(KernelSpec.Uninstall(folder.In("env")));
        Assert.NotNull(KernelProcess.Started(Environment.ProcessId));
        Assert.Null(KernelProcess.Started(int.MaxValue));
    }

    private static string Text(JsonObject of, string name) => of[name]!.GetValue<string>();
}
