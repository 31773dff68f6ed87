using System.CommandLine;
using CustomerValue.Mlflow;
using Spectre.Console;

namespace CustomerValue.Cli.Commands;

/// <summary>Shows one logged run.</summary>
internal static class RunsShowCommand
{
    private static readonly Argument<string> s_id = new("ID") { Description = "The run's id, or so much of its beginning that it is the only one." };

    public static Command Create() => new Command("show",
        """
        Show a logged run: settings, figures, tags, data sets, files, registered models, and the runs inside it.

        Example:
          customervalue runs show 3f9a1c
        """) { s_id, RunsCommand.Store }.Does((parsed, terminal, _) => Task.Run<object>(() =>
    {
        var store = RunPlaces.Read(parsed.GetValue(RunsCommand.Store));
        var run = store.Read(RunPlaces.Id(store, parsed.GetValue(s_id)!));
        Show(run, store, terminal);
        return run;
    }, CancellationToken.None));

    private static void Show(StoredRun run, MlflowSqliteStore store, Terminal terminal)
    {
        terminal.Line($"Run {run.Run.Id} of {run.Run.Experiment}: {run.Run.Status.ToString().ToLowerInvariant()}, began {RunsCommand.When(run.Run.StartedAt)} UTC, took {RunsCommand.Took(run.Run)}");
        if (run.Run.ParentId is { } parent) terminal.Line($"'{run.Run.Name}', inside run {parent}");
        Pairs(terminal, "Settings", run.Parameters);
        foreach (var times in run.Metrics.GroupBy(m => RunsCommand.IsTime(m.Key)).OrderBy(g => g.Key))
            Pairs(terminal, times.Key ? "Times, in seconds" : "Figures", times.Select(m => KeyValuePair.Create(m.Key, RunsCommand.Figure(m.Value))));
        Pairs(terminal, "Tags", run.Tags);
        Pairs(terminal, "Data", run.Inputs.Select(i => KeyValuePair.Create(i.Name, $"{i.Context}, digest {i.Digest}")));
        Pairs(terminal, "Registered models", store.VersionsOf(run.Run.Id).Select(v => KeyValuePair.Create($"{v.Name}, version {v.Version}", v.Aliases.Count == 0 ? "" : string.Join(", ", v.Aliases))));
        if (run.Nested.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple).Title("Runs inside").AddColumns("run", "name", "status", "figures");
            foreach (var nested in run.Nested)
                table.AddRow(nested.Run.Id[..8], Markup.Escape(nested.Run.Name), RunsListCommand.Status(nested.Run),
                    Markup.Escape(string.Join(", ", nested.Metrics.Where(m => !m.Key.Contains('.') && !RunsCommand.IsTime(m.Key)).Select(m => $"{m.Key} {RunsCommand.Figure(m.Value)}"))));
            terminal.Show(table);
        }
        Pairs(terminal, "Files", run.Artifacts.Select(a => KeyValuePair.Create(a, "")));
    }

    private static void Pairs(Terminal terminal, string title, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var rows = pairs.ToList();
        if (rows.Count == 0) return;
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn(new TableColumn("").NoWrap()).AddColumn("");
        foreach (var (name, value) in rows) table.AddRow(Markup.Escape("  " + name), Markup.Escape(value.ReplaceLineEndings(" ")));
        terminal.Line();
        terminal.Line(title);
        terminal.Show(table);
    }
}
