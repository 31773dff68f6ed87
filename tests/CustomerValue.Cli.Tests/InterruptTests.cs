using System.Globalization;
using System.Text;
using CustomerValue.DuckDb;
using CustomerValue.Notebooks;
using CustomerValue.Notebooks.Jupyter;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests;

/// <summary>Ctrl-C, sent for real to a command in the middle of its work: it says so, leaves nothing half-written, and the same command goes through afterwards.</summary>
public sealed class InterruptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_stopped_simulation_leaves_no_file_and_begins_anew()
    {
        string[] shop = ["simulate", "--customers", "10000", "--threads", "1", "--out", _folder.In("shop"), "--json"];
        Cancelled(RunningCommand.InterruptedAt(_folder.In("shop"), "purchases.csv.partial", shop));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.In("shop")));

        Assert.Equal(10_000, Done(CommandRun.Of(shop)).Json.GetProperty("customers").GetInt32());
        Assert.Equal(5, Directory.GetFiles(_folder.In("shop"), "*.csv").Length);
    }

    [Fact]
    public void A_stopped_load_changes_nothing_and_the_next_one_loads_everything()
    {
        var records = new StringBuilder("customer_id,order_id,at,quantity,unit_price,currency\n");
        for (var order = 0; order < 500_000; order++)
            records.Append(CultureInfo.InvariantCulture, $"c{order % 9973},{order},2024-{1 + order % 12:00}-{1 + order % 28:00},{1 + order % 5},{1 + order % 97}.25,EUR\n");
        Directory.CreateDirectory(_folder.In("shop"));
        File.WriteAllText(_folder.In("shop", "purchases.csv"), records.ToString());

        string[] load = ["ingest", "--data", _folder.In("shop"), "--warehouse", _folder.In("warehouse"), "--published-ids", "--json"];
        Cancelled(RunningCommand.InterruptedAt(_folder.In("warehouse"), "staging", load));
        Assert.Empty(Warehouse.Open(_folder.In("warehouse")).AllFiles);
        Assert.False(Directory.Exists(_folder.In("warehouse", "staging")));

        Assert.Equal(500_000, Done(CommandRun.Of(load)).Json.GetProperty("kept").GetInt32());
        var files = Warehouse.Open(_folder.In("warehouse")).AllFiles;
        Assert.Equal(500_000, files.Sum(f => f.Rows));
        Assert.Equal(files.Count, Directory.GetFiles(_folder.In("warehouse"), "*.parquet", SearchOption.AllDirectories).Length);
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("Thread.Sleep(Timeout.Infinite);")]
    [InlineData("await Task.Delay(Timeout.Infinite);")]
    public void A_stopped_notebook_keeps_what_was_shown_and_leaves_no_process(string forEver)
    {
        var (file, target) = (_folder.In("a.ipynb"), _folder.In("ran.ipynb"));
        new NotebookFile(
        [
            new(CellKind.Code, "one", "Console.Write(Environment.ProcessId);"), new(CellKind.Code, "two", $"File.WriteAllText(\"begun.txt\", \"\");\n{forEver}"), new(CellKind.Code, "three", "1"),
        ]).Write(file);
        var run = RunningCommand.InterruptedAt(_folder.Path, "begun.txt", "notebook", "run", file, "--out", target);
        Assert.Equal((130, "Cancelled. What was shown until then is kept."), (run.ExitCode, run.Errors.Trim().Split('\n')[^1]));
        var ran = NotebookFile.Read(target);
        Assert.Equal(["stream", "error"], ran.Cells.SelectMany(cell => cell.Outputs).Select(output => output!["output_type"]!.GetValue<string>()));
        Assert.Equal("Interrupted", ran.Cells[1].Outputs[0]!["ename"]!.GetValue<string>());
        Assert.Null(KernelProcess.Started(int.Parse(ran.Cells[0].Outputs[0]!["text"]![0]!.GetValue<string>(), CultureInfo.InvariantCulture)));
    }

    [Fact, Trait("Category", "Nightly")]                                // compiles and runs the main job
    public void A_stopped_experiment_goes_on_from_its_finished_stages()
    {
        string[] experiment = ["experiment", "0001-shop", "--out", _folder.In("out"), "--json"];
        Cancelled(RunningCommand.InterruptedAt(_folder.In("out"), "validate*", experiment));
        Assert.False(File.Exists(_folder.In("out", "result.json")));

        var stages = Done(CommandRun.Of(experiment)).Json.GetProperty("stages").EnumerateArray().ToDictionary(s => s.GetProperty("name").GetString()!, s => s.GetProperty("reused").GetBoolean());
        Assert.True(stages["ingest"]);
        Assert.True(stages["features 2024-07-01"]);
        Assert.False(stages["evaluate"]);
        Assert.True(File.Exists(_folder.In("out", "result.json")));
    }

    private static void Cancelled(CommandRun run)
    {
        Assert.Equal((130, ""), (run.ExitCode, run.Output));
        Assert.Equal("Cancelled. What was finished is kept; the same command goes on from there.", run.Errors.Trim().Split('\n')[^1]);
    }

    private static CommandRun Done(CommandRun run)
    {
        Assert.True(run.ExitCode == 0, run.Errors);
        return run;
    }
}
