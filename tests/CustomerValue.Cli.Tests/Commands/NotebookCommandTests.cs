using CustomerValue.Notebooks;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

public class NotebookCommandTests
{
    [Fact]
    public void A_notebook_runs_with_parameters_in_its_own_folder_and_with_every_native_library()
    {
        using var folder = new TemporaryFolder();
        folder.Write("beside.txt", "found");
        var (file, target) = (folder.In("a.ipynb"), folder.In("out", "a.ipynb"));
        new NotebookFile(
        [
            new(CellKind.Code, "p", "var n = 1;", NotebookCell.Parameters),
            new(CellKind.Code, "folder", "File.ReadAllText(\"beside.txt\") + n"),
            new(CellKind.Code, "torch", "#r \"customervalue\"\nTorchSharp.torch.ones(3).sum().item<float>()"),
            new(CellKind.Code, "onnx", "new Microsoft.ML.OnnxRuntime.SessionOptions().ExecutionMode"),
            new(CellKind.Code, "lightgbm", """
                using CustomerValue.LightGbm;
                double[] x = [.. Enumerable.Range(0, 200).Select(i => (double)i)];
                var rows = BoostingDataset.Create(x, [.. x.Select(v => v < 100 ? 0f : 1f)], ["x"], new());
                var training = new BoosterTraining(rows, BoostingObjective.Binary, new(), seed: 1);
                for (var i = 0; i < 50; i++) training.Grow();
                var booster = training.Model();
                $"{booster.Predict([10.0]) is [< 0.5]} {booster.Predict([190.0]) is [> 0.5]}"
                """),
            new(CellKind.Code, "duckdb", "var duck = new DuckDB.NET.Data.DuckDBConnection(\"DataSource=:memory:\");\nduck.Open();\nvar command = duck.CreateCommand();\ncommand.CommandText = \"SELECT 6 * 7\";\ncommand.ExecuteScalar()"),
            new(CellKind.Code, "sql", "#!sql\nSELECT $n + 41 AS answer"),
        ]).Write(file);
        var run = CommandRun.Of("notebook", "run", file, "-p", "n=2", "--out", target);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Contains("[8/8] cell 7: done", run.Output, StringComparison.Ordinal);
        var ran = NotebookFile.Read(target);
        Assert.Equal(["found2", "3", "ORT_SEQUENTIAL", "True True", "42"], new[] { 2, 3, 4, 5, 6 }.Select(i => ran.Cells[i].Outputs.Last()!["data"]!["text/plain"]![0]!.GetValue<string>()));
        Assert.Contains("43", ran.Cells[7].Outputs.ToJsonString(), StringComparison.Ordinal);

        var check = CommandRun.Of("notebook", "check", target);
        Assert.Equal(1, check.ExitCode);
        Assert.Contains("a.ipynb: cell 3 (folder) has outputs", check.Errors, StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.Of("notebook", "strip", target).ExitCode);
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(target));
        Assert.Equal(0, CommandRun.Of("notebook", "check", target, file).ExitCode);
    }

    [Fact]
    public void The_first_error_ends_with_1_its_place_and_what_was_shown()
    {
        using var folder = new TemporaryFolder();
        var (file, target) = (folder.In("a.ipynb"), folder.In("ran.ipynb"));
        new NotebookFile([new(CellKind.Code, "one", "Console.Write(\"shown\");"), new(CellKind.Code, "two", "\nthrow new InvalidOperationException(\"no luck\");"), new(CellKind.Code, "three", "1")]).Write(file);
        var run = CommandRun.Of("notebook", "run", file, "--out", target, "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("a.ipynb, cell 2 (two), line 2: System.InvalidOperationException: no luck", run.Errors, StringComparison.Ordinal);
        Assert.Equal(2, run.Json.GetProperty("cells").GetInt32());
        Assert.Contains("shown", File.ReadAllText(target), StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_that_may_fail_are_told_and_fail_nothing()
    {
        using var folder = new TemporaryFolder();
        var file = folder.In("a.ipynb");
        new NotebookFile([new(CellKind.Code, "one", "missing", NotebookCell.RaisesException), new(CellKind.Code, "two", "1")]).Write(file);
        var run = CommandRun.Of("notebook", "run", file);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("[1/2] cell 1: failed", run.Output, StringComparison.Ordinal);
        Assert.Contains("[2/2] cell 2: done", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_parameters_and_limits_end_with_2_and_write_nothing()
    {
        using var folder = new TemporaryFolder();
        var (file, target) = (folder.In("a.ipynb"), folder.In("ran.ipynb"));
        new NotebookFile([new(CellKind.Code, "p", "int weeks = 1;", NotebookCell.Parameters)]).Write(file);
        var run = CommandRun.Of("notebook", "run", file, "-p", "month=1", "--out", target);
        Assert.Equal((2, "The notebook has no parameter 'month'. It has: int weeks."), (run.ExitCode, run.Errors.Trim()));
        Assert.False(File.Exists(target));
        Assert.Equal(2, CommandRun.Of("notebook", "run", file, "-p", "weeks").ExitCode);
        Assert.Equal(2, CommandRun.Of("notebook", "run", file, "--timeout", "0").ExitCode);
    }

    [Fact]
    public void Notebooks_become_pages_alone_or_in_a_folder()
    {
        using var folder = new TemporaryFolder();
        var (one, two) = (folder.In("one.ipynb"), folder.In("two.ipynb"));
        new NotebookFile([new(CellKind.Markdown, "m", "# First\n")]).Write(one);
        new NotebookFile([new(CellKind.Code, "c", "1 + 1")]).Write(two);
        var run = CommandRun.Of("notebook", "render", one, "--out", folder.In("page.html"), "--title", "A <title>");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Contains("<title>A &lt;title&gt;</title>", File.ReadAllText(folder.In("page.html")), StringComparison.Ordinal);

        Assert.Equal(0, CommandRun.Of("notebook", "render", one, two, "--out", folder.In("pages")).ExitCode);
        Assert.Contains("<title>First</title>", File.ReadAllText(folder.In("pages", "one.html")), StringComparison.Ordinal);
        Assert.True(File.Exists(folder.In("pages", "two.html")));

        Assert.Equal((2, "--out takes a folder for more than one notebook."), CommandRun.Of("notebook", "render", one, two, "--out", folder.In("both.html")) is var both ? (both.ExitCode, both.Errors.Trim()) : default);
        Assert.Equal(2, CommandRun.Of("notebook", "render", one, one, "--out", folder.In("pages")).ExitCode);
    }

    [Fact]
    public void Notebooks_become_a_site()
    {
        using var folder = new TemporaryFolder();
        var (one, two, index) = (folder.In("one.ipynb"), folder.In("two.ipynb"), folder.In("index.ipynb"));
        foreach (var file in new[] { one, two, index }) new NotebookFile([new(CellKind.Markdown, "m", "# First\n\nWho buys?\n")]).Write(file);
        var run = CommandRun.Of("notebook", "site", one, two, "--out", folder.In("site"), "--title", "A <site>");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.EndsWith($"Written: {folder.In("site", "index.html")}", run.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(["index.html", "one.html", "two.html"], Directory.GetFiles(folder.In("site")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("<title>A &lt;site&gt;</title>", File.ReadAllText(folder.In("site", "index.html")), StringComparison.Ordinal);

        Assert.Equal((2, "Two of the site's pages would be called index.html."), CommandRun.Of("notebook", "site", index, "--out", folder.In("site")) is var taken ? (taken.ExitCode, taken.Errors.Trim()) : default);
        Assert.Equal(2, CommandRun.Of("notebook", "site", one, one, "--out", folder.In("site")).ExitCode);
    }

    [Fact]
    public void A_notebook_is_stripped_on_its_way_into_git()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes by a shell");
        using var folder = new TemporaryFolder();
        var notebook = folder.In("ran.ipynb");
        new NotebookFile([new(CellKind.Code, "a", "1 + 1")]).Write(notebook);
        Assert.Equal(0, CommandRun.Of("notebook", "run", notebook, "--out", notebook).ExitCode);
        Assert.NotEmpty(NotebookFile.Read(notebook).Leftovers());
        using var running = RunningCommand.StartWords(["bash", "-c", "dotnet \"$0\" notebook strip - < \"$1\"", Path.Combine(AppContext.BaseDirectory, "customervalue.dll"), notebook], new Dictionary<string, string>());
        var run = running.Ended();
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Empty(NotebookFile.Parse(run.Output, "filtered").Leftovers());
        Assert.EndsWith("}\n", run.Output, StringComparison.Ordinal);
        Assert.NotEmpty(NotebookFile.Read(notebook).Leftovers());                   // the file itself is as it was
        Assert.Equal(2, CommandRun.Of("notebook", "strip", "-", notebook).ExitCode);
    }
}
