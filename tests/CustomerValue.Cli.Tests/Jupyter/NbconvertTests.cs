using System.Text.Json.Nodes;
using CustomerValue.Notebooks;

namespace CustomerValue.Cli.Tests.Jupyter;

/// <summary>Notebooks, run and judged by Jupyter's own programs.</summary>
[Trait("Category", "Jupyter")]
public class NbconvertTests(JupyterHome home) : IClassFixture<JupyterHome>
{
    private static readonly string[] s_cells =
    [
        "#r \"customervalue\"\nint n = 6;",
        "Console.WriteLine(\"out\"); Console.Error.WriteLine(\"err\");\nvar bar = display(\"half\");\nbar.Update(\"whole\");\nn * 7",
        "new[] { new { Customer = \"<a>\", Spend = 1.5 } }",
        "#!sql\nSELECT $n AS n, 'x' AS text",
        "HTML(\"<b>done</b>\")",
        "display(new { A = 1 }); bar.Update(\"later\");",
        "missing        // may fail",
        "Console.Write(\"after\");",
    ];

    [Fact]
    public void Nbconvert_runs_a_notebook_to_what_our_own_runner_shows()
    {
        var notebook = Write("shows", [.. s_cells]);
        var (theirs, ours) = (home.Folder.In("theirs.ipynb"), home.Folder.In("ours.ipynb"));
        Done(home.Python("-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", notebook, "--output", theirs));
        Done(CommandRun.Of("notebook", "run", notebook, "--out", ours));
        Valid(theirs, ours);
        Assert.Equal(Outputs(ours), Outputs(theirs));
        Assert.Contains("later", Outputs(ours)[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Nbconvert_stops_where_our_own_runner_does()
    {
        var notebook = Write("fails", "Console.Write(\"shown\");", "\nthrow new InvalidOperationException(\"no luck\");", "1");
        var ours = home.Folder.In("failed.ipynb");
        var theirs = home.Python("-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", notebook, "--output", home.Folder.In("never.ipynb"));
        Assert.Equal(1, theirs.ExitCode);
        Assert.Contains("System.InvalidOperationException: no luck", theirs.Errors, StringComparison.Ordinal);
        Assert.Equal(1, CommandRun.Of("notebook", "run", notebook, "--out", ours).ExitCode);
        Valid(notebook, ours);
    }

    /// <summary>Code first, so that a cell's place is its execution count: errors name cells by the one in a run of ours, by the other in a kernel, which knows no places.</summary>
    private string Write(string name, params string[] cells)
    {
        var file = home.Folder.In(name + ".ipynb");
        var code = cells.Select((text, i) => new NotebookCell(CellKind.Code, $"c{i}", text, text.Contains("may fail", StringComparison.Ordinal) ? [NotebookCell.RaisesException] : []));
        new NotebookFile([.. code, new(CellKind.Markdown, "note", "# A note\n")]).Write(file);
        return file;
    }

    /// <summary>Judged by nbformat's own schema.</summary>
    private void Valid(params string[] files) =>
        Done(home.Python(["-c", "import nbformat, sys\nfor file in sys.argv[1:]: nbformat.validate(nbformat.read(file, nbformat.NO_CONVERT))", .. files]));

    private static List<string> Outputs(string file) => [.. NotebookFile.Read(file).Cells.Where(cell => cell.Kind == CellKind.Code).Select(cell => Joined(cell.Outputs).ToJsonString())];

    /// <summary>Texts in one piece, since how they are cut into lines is for each to choose; members by name.</summary>
    private static JsonNode Joined(JsonNode node) => node switch
    {
        JsonArray { Count: > 0 } lines when lines.All(line => line is JsonValue value && value.TryGetValue<string>(out _)) => string.Concat(lines.Select(line => line!.GetValue<string>())),
        JsonArray items => new JsonArray([.. items.Select(item => item is null ? null : Joined(item))]),
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, member.Value is null ? null : Joined(member.Value)))),
        _ => node.DeepClone(),
    };

    private static void Done(CommandRun run) => Assert.True(run.ExitCode == 0, run.Output + run.Errors);
}
