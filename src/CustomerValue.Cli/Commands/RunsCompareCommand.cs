using System.CommandLine;
using CustomerValue.Mlflow;
using Spectre.Console;

namespace CustomerValue.Cli.Commands;

/// <summary>Sets two logged runs side by side.</summary>
internal static class RunsCompareCommand
{
    private static readonly Argument<string> s_a = new("A") { Description = "One run's id, or the beginning of it." };
    private static readonly Argument<string> s_b = new("B") { Description = "The other's." };
    private static readonly Option<bool> s_all = new("--all") { Description = "Also what always differs: times, and the tags that MLflow's pages read." };

    public static Command Create() => new Command("compare",
        """
        Set two runs side by side: settings, tags, data sets and figures that differ. Runs inside them are matched by name.

        Example:
          customervalue runs compare 3f9a1c 77e0b2
        """) { s_a, s_b, s_all, RunsCommand.Store }.Does((parsed, terminal, _) => Task.Run<object>(() =>
    {
        var store = RunPlaces.Read(parsed.GetValue(RunsCommand.Store));
        var (a, b) = (store.Read(RunPlaces.Id(store, parsed.GetValue(s_a)!)), store.Read(RunPlaces.Id(store, parsed.GetValue(s_b)!)));
        var all = parsed.GetValue(s_all);
        var comparison = RunComparison.Of(a, b, all ? null : Counts);
        Show(comparison, all, terminal);
        return comparison;
    }, CancellationToken.None));

    private static bool Counts(string name) => !RunsCommand.IsTime(name)
        && !name.StartsWith("mlflow.", StringComparison.Ordinal) && !name.StartsWith("customervalue.", StringComparison.Ordinal);

    private static void Show(RunComparison comparison, bool all, Terminal terminal)
    {
        foreach (var (letter, run) in new[] { ("A", comparison.A), ("B", comparison.B) })
            terminal.Line($"{letter}: {run.Id[..8]}  {run.Experiment}  {RunsCommand.When(run.StartedAt)} UTC  {run.Status.ToString().ToLowerInvariant()}");
        if (comparison.Texts.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple).Title("Settings, tags and data that differ").AddColumns("of", "", "name", "A", "B");
            foreach (var d in comparison.Texts) table.AddRow(Markup.Escape(d.Inside ?? "the run"), d.Kind, Markup.Escape(d.Name), Text(d.A), Text(d.B));
            terminal.Show(table);
        }
        if (comparison.Figures.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple).Title("Figures that differ").AddColumns("of", "name");
            foreach (var column in new[] { "A", "B", "B - A" }) table.AddColumn(new TableColumn(column).RightAligned());
            foreach (var d in comparison.Figures)
                table.AddRow(Markup.Escape(d.Inside ?? "the run"), Markup.Escape(d.Name), RunsCommand.Figure(d.A), RunsCommand.Figure(d.B), d.Difference is { } by ? Terminal.Text($"{by:+0.######;-0.######;0}") : "-");
            terminal.Show(table);
        }
        terminal.Line(Terminal.Text($"Differing: settings, tags and data sets {comparison.Texts.Count}, figures {comparison.Figures.Count}; the same in both: {comparison.Same}.{(all ? "" : " Times and MLflow's own tags are left out; --all shows them.")}"));
    }

    private static string Text(string? value) => value is null ? "-" : Markup.Escape(value.Length == 0 ? "\"\"" : value);
}
