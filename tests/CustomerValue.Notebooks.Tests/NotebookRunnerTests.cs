using System.Text.Json.Nodes;
using CustomerValue.Testing;
using DuckDB.NET.Data;

namespace CustomerValue.Notebooks.Tests;

public class NotebookRunnerTests
{
    private static readonly string[] s_shop =
    [
        "#r \"customervalue\"\nusing CustomerValue.LightGbm;",
        "var cutoff = new DateOnly(2024, 7, 1);\nint weeks = 26;\nstring? title = null;",
        "var purchases = PurchaseCsv.Read(Path.Combine(Root, \"purchases.csv\"));\nvar histories = purchases.HistoriesAt(cutoff);\npurchases.Take(3)",
        "var model = new BgNbd().Fit(histories);\nConsole.WriteLine(title ?? \"no title\");\nmodel",
        "var bar = display(\"fitting\");\nvar repeat = model.ExpectedPurchases(histories, weeks);\nbar.Update($\"{repeat.Length} customers\");\nrepeat.Sum().ToString(\"F3\")",
        "var least = 3.0;",
        "#!sql --as busy\nSELECT customer_id, count(*) AS orders FROM read_csv('purchases.csv') GROUP BY customer_id HAVING count(*) >= $least ORDER BY orders DESC, customer_id LIMIT 5",
        "busy",
        "HTML(\"<b>done</b>\")",
    ];

    [Fact]
    public async Task A_notebook_over_the_sample_shop_runs_to_its_end_and_twice_to_the_same_bytes()
    {
        var (notebook, again) = (Shop(), Shop());
        var progress = new List<CellProgress>();
        var run = await Runner().RunAsync(notebook, new Told(progress));
        Assert.True(run.Failure is null, string.Join('\n', run.Failure?.Error.Trace ?? []));
        Assert.Equal((9, 9), (run.Cells, progress.Count));
        Assert.Equal(("cell 10", 9, 9, true), (progress[^1].Cell, progress[^1].Number, progress[^1].Of, progress[^1].Ok));
        Assert.Contains("CustomerId", Plain(notebook.Cells[3].Outputs[0]!));
        Assert.Equal("no title\n", NotebookCell.Text(notebook.Cells[4].Outputs[0]!["text"]));
        Assert.Matches(@"^\d+ customers$", Plain(notebook.Cells[5].Outputs[0]!));
        Assert.Matches(@"^\d+\.\d{3}$", Plain(notebook.Cells[5].Outputs[1]!));
        Assert.Contains("orders", Plain(notebook.Cells[8].Outputs[0]!));
        Assert.Equal([null, 1, 2, 3, 4, 5, 6, 7, 8, 9], notebook.Cells.Select(cell => cell.ExecutionCount));
        Assert.Equal(["data", "execution_count", "metadata", "output_type"], notebook.Cells[9].Outputs[0]!.AsObject().Select(member => member.Key));
        Assert.Equal(notebook.ToString(), NotebookFile.Parse(notebook.ToString(), "run").ToString());

        await Runner().RunAsync(again);
        Assert.Equal(notebook.ToString(), again.ToString());
        await Runner().RunAsync(again);                                            // outputs of a run before are taken away first
        Assert.Equal(notebook.ToString(), again.ToString());
    }

    [Fact]
    public async Task Parameters_are_given_behind_the_cell_that_declares_them()
    {
        var notebook = Shop();
        await Runner(("weeks", "52"), ("title", "Ada \"x\""), ("cutoff", "2024-04-01")).RunAsync(notebook);
        var injected = notebook.Cells[3];
        Assert.Equal(("// Parameters\ncutoff = new System.DateOnly(2024, 4, 1);\nweeks = 52;\ntitle = \"Ada \\\"x\\\"\";", "injected-parameters"), (injected.Source, injected.Id));
        Assert.Equal([NotebookCell.InjectedParameters], injected.Tags);
        Assert.Equal("Ada \"x\"\n", NotebookCell.Text(notebook.Cells[5].Outputs[0]!["text"]));

        await Runner(("weeks", "13")).RunAsync(notebook);
        Assert.Equal("// Parameters\nweeks = 13;", Assert.Single(notebook.Cells, cell => cell.Tags.Contains(NotebookCell.InjectedParameters)).Source);
        notebook.Strip();
        Assert.Equal(Shop().ToString(), notebook.ToString());
    }

    [Theory]
    [InlineData("wekes", "1", "no parameter 'wekes'. It has: DateOnly cutoff, int weeks, string? title.")]
    [InlineData("weeks", "1.5", "'weeks' is of type int, and '1.5' is none")]
    [InlineData("weeks", "99999999999", "is none")]
    [InlineData("weeks", "1; System.IO.File.Delete(\"x\")", "is none")]
    [InlineData("cutoff", "July", "write it as 2024-07-01")]
    public async Task A_parameter_that_does_not_fit_is_refused_before_anything_runs(string name, string value, string because)
    {
        var (notebook, before) = (Shop(), Shop().ToString());
        var error = await Assert.ThrowsAsync<NotebookParameterException>(() => Runner((name, value)).RunAsync(notebook));
        Assert.Contains(because, error.Message);
        Assert.Equal(before, notebook.ToString());
    }

    [Theory]
    [InlineData("bool p = true;", "false", "p = false;")]
    [InlineData("var p = 1L;", "7", "p = 7L;")]
    [InlineData("var p = .5;", "1e-3", "p = 0.001d;")]
    [InlineData("decimal p = 1m;", "1.50", "p = 1.50m;")]
    [InlineData("int? p = 1;", "null", "p = null;")]
    [InlineData("int? p = 1;", "2", "p = 2;")]
    [InlineData("var p = DayOfWeek.Monday;", "Friday", "p = global::System.DayOfWeek.Friday;")]
    [InlineData("var p = \"\";", "\\\"; x", "p = \"\\\\\\\"; x\";")]
    public async Task Values_are_written_in_the_type_of_their_variable(string declared, string value, string assigned)
    {
        var notebook = new NotebookFile([new(CellKind.Code, "p", declared, NotebookCell.Parameters)]);
        var run = await new NotebookRunner(new() { Parameters = new Dictionary<string, string> { ["p"] = value } }).RunAsync(notebook);
        Assert.Null(run.Failure);
        Assert.EndsWith(assigned, notebook.Cells[1].Source);
    }

    [Fact]
    public async Task A_parameter_may_be_of_a_type_that_cells_before_bring()
    {
        NotebookFile Notebook() => new([new(CellKind.Code, "library", "using System.Globalization;\nConsole.Write(1);"), new(CellKind.Code, "p", "var kind = UnicodeCategory.Control;", "parameters"), new(CellKind.Code, "shows", "kind.ToString()")]);
        var notebook = Notebook();
        Assert.Null((await Runner(("kind", "MathSymbol")).RunAsync(notebook)).Failure);
        Assert.Contains("MathSymbol", notebook.Cells[3].Outputs.ToJsonString());
        Assert.Contains("'Sum' is none; there are UppercaseLetter", (await Assert.ThrowsAsync<NotebookParameterException>(() => Runner(("kind", "Sum")).RunAsync(Notebook()))).Message);
    }

    [Fact]
    public async Task A_notebook_without_declared_parameters_takes_none() =>
        Assert.Contains("no cell tagged 'parameters'", (await Assert.ThrowsAsync<NotebookParameterException>(() => Runner(("p", "1")).RunAsync(new NotebookFile([new(CellKind.Code, "a", "var p = 1;")])))).Message);

    [Fact]
    public async Task The_first_error_ends_the_run_with_its_place_and_keeps_what_was_shown()
    {
        var notebook = new NotebookFile([new(CellKind.Markdown, "t", "# T"), new(CellKind.Code, "p", "var n = 0;", "parameters"), new(CellKind.Code, "fails", "Console.Write(\"on\");\n\nvar x = 1 / n;"), new(CellKind.Code, "never", "1")]);
        var run = await new NotebookRunner(new() { Parameters = new Dictionary<string, string> { ["n"] = "0" } }).RunAsync(notebook);
        Assert.Equal(("cell 3 (fails), line 3", "System.DivideByZeroException", 3), (run.Failure!.Place, run.Failure.Error.Kind, run.Cells));
        Assert.Equal(["stream", "error"], notebook.Cells[3].Outputs.Select(output => output!["output_type"]!.GetValue<string>()));
        Assert.Equal(["ename", "evalue", "output_type", "traceback"], notebook.Cells[3].Outputs[1]!.AsObject().Select(member => member.Key));
        Assert.Null(notebook.Cells[4].ExecutionCount);
        NotebookFile.Parse(notebook.ToString(), "run");
    }

    [Fact]
    public async Task A_cell_that_says_so_may_fail_and_the_run_goes_on()
    {
        var notebook = new NotebookFile(
        [
            new(CellKind.Code, "throws", "int.Parse(\"x\")", NotebookCell.RaisesException), new(CellKind.Code, "mistake", "1 +", NotebookCell.RaisesException),
            new(CellKind.Code, "fine", "2", NotebookCell.RaisesException), new(CellKind.Code, "after", "3"),
        ]);
        var told = new List<CellProgress>();
        var run = await new NotebookRunner().RunAsync(notebook, new Told(told));
        Assert.Equal((4, null), (run.Cells, run.Failure));
        Assert.Equal([false, false, true, true], told.Select(cell => cell.Ok));
        Assert.Equal(["System.FormatException", "CompilationError"], notebook.Cells.Take(2).Select(cell => cell.Outputs.Single()!["ename"]!.GetValue<string>()));
        Assert.Equal(["2", "3"], notebook.Cells.Skip(2).Select(cell => Plain(cell.Outputs.Single()!)));

        var late = new NotebookFile([new(CellKind.Code, "late", "while (true) { }", NotebookCell.RaisesException), new(CellKind.Code, "never", "1")]);
        Assert.Equal("cell 1 (late)", (await new NotebookRunner(new() { CellLimit = TimeSpan.FromSeconds(1) }).RunAsync(late)).Failure?.Place);
    }

    [Fact]
    public async Task A_cell_past_the_limit_ends_the_run()
    {
        var notebook = new NotebookFile([new(CellKind.Code, "a", "1"), new(CellKind.Code, "b", "while (true) { }"), new(CellKind.Code, "c", "1")]);
        var run = await new NotebookRunner(new() { CellLimit = TimeSpan.FromSeconds(3) }).RunAsync(notebook);
        Assert.Equal(("cell 2 (b)", "TimeLimit"), (run.Failure!.Place, run.Failure.Error.Kind));
    }

    [Fact]
    public async Task A_cancelled_run_keeps_what_was_shown()
    {
        var notebook = new NotebookFile([new(CellKind.Code, "a", "Console.Write(\"a\");"), new(CellKind.Code, "b", "await Task.Delay(-1);")]);
        using var cancel = new CancellationTokenSource();
        var progress = new Told([], _ => cancel.CancelAfter(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new NotebookRunner().RunAsync(notebook, progress, cancel.Token));
        Assert.Equal("a", NotebookCell.Text(notebook.Cells[0].Outputs[0]!["text"]));
        Assert.Equal("Interrupted", notebook.Cells[1].Outputs[0]!["ename"]!.GetValue<string>());
    }

    [Fact]
    public async Task Text_of_data_is_escaped_in_the_written_notebook()
    {
        var notebook = new NotebookFile([new(CellKind.Code, "a", "new[] { new { Text = \"<script>alert(1)</script>\" } }")]);
        await new NotebookRunner().RunAsync(notebook);
        var html = NotebookCell.Text(notebook.Cells[0].Outputs[0]!["data"]!["text/html"]);
        Assert.Contains("&lt;script&gt;", html);
        Assert.DoesNotContain("<script", html);
    }

    [Fact]
    public async Task Endless_output_is_cut()
    {
        var notebook = new NotebookFile([new(CellKind.Code, "a", "for (var i = 0; i < 300; i++) Console.Write(new string('x', 10_000));")]);
        await new NotebookRunner().RunAsync(notebook);
        var text = NotebookCell.Text(notebook.Cells[0].Outputs[0]!["text"]);
        Assert.EndsWith("[cut here: a cell's output is kept to 1000000 characters]\n", text);
        Assert.InRange(text.Length, 900_000, 1_100_000);
    }

    [Fact]
    public async Task Older_notebooks_become_4_5_and_those_of_other_kernels_are_refused()
    {
        const string old = "{\"cells\": [{\"cell_type\": \"code\", \"metadata\": {}, \"source\": \"1\", \"outputs\": [], \"execution_count\": null}], \"metadata\": {}, \"nbformat\": 4, \"nbformat_minor\": 2}";
        var notebook = NotebookFile.Parse(old, "old");
        Assert.Null((await new NotebookRunner().RunAsync(notebook)).Failure);
        Assert.Equal("cell-1", NotebookFile.Parse(notebook.ToString(), "new").Cells[0].Id);
        var python = NotebookFile.Parse(old.Replace("\"metadata\": {}, \"nbformat\"", "\"metadata\": {\"kernelspec\": {\"name\": \"python3\"}}, \"nbformat\""), "python");
        Assert.Contains("python3", (await Assert.ThrowsAsync<InvalidDataException>(() => new NotebookRunner().RunAsync(python))).Message);
    }

    private static NotebookFile Shop() => new(
        [new(CellKind.Markdown, "title", "# Who comes back?"),
         .. s_shop.Select((source, i) => new NotebookCell(CellKind.Code, $"c{i}", source.Replace("Root", $"\"{Data}\"").Replace("'purchases.csv'", $"'{Data}/purchases.csv'"), i == 1 ? [NotebookCell.Parameters] : []))]);

    private static string Data => Path.Combine(RealData.Root, "data-samples", "shop");

    private static NotebookRunner Runner(params (string Name, string Value)[] parameters) => new(new()
    {
        Parameters = parameters.ToDictionary(p => p.Name, p => p.Value),
        Session = new() { Database = () => new DuckDBConnection("DataSource=:memory:") },
    });

    private static string Plain(JsonNode output) => NotebookCell.Text(output["data"]!["text/plain"]);

    private sealed class Told(List<CellProgress> told, Action<CellProgress>? then = null) : IProgress<CellProgress>
    {
        public void Report(CellProgress value)
        {
            told.Add(value);
            then?.Invoke(value);
        }
    }
}
