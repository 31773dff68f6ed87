using System.CommandLine;
using CustomerValue.Mlflow;
using CustomerValue.Tracking;
using Spectre.Console;

namespace CustomerValue.Cli.Commands;

/// <summary>One run of the list.</summary>
/// <param name="Run">The run in short.</param>
/// <param name="Inside">How many runs lie in it.</param>
/// <param name="Metrics">Its figures.</param>
/// <param name="Tags">Its tags.</param>
internal sealed record RunLine(RunSummary Run, int Inside, IReadOnlyDictionary<string, double> Metrics, IReadOnlyDictionary<string, string> Tags);

/// <summary>Lists logged runs.</summary>
internal static class RunsListCommand
{
    private static readonly Option<string?> s_experiment = new("--experiment") { Description = "Only the runs of this experiment.", HelpName = "NAME" };
    private static readonly Option<int> s_limit = new("--limit") { Description = "At most so many, the newest.", DefaultValueFactory = _ => 20 };

    public static Command Create() => new Command("list",
        """
        List logged runs, newest first: how each ended, and the winners of experiments.

        Example:
          customervalue runs list --experiment 0001-shop --limit 5
        """) { s_experiment, s_limit, RunsCommand.Store }.Does((parsed, terminal, _) => Task.Run<object>(() =>
    {
        var store = RunPlaces.Read(parsed.GetValue(RunsCommand.Store));
        var experiment = parsed.GetValue(s_experiment);
        var all = store.Runs().Where(r => experiment is null || r.Experiment == experiment).ToList();
        var runs = all.Take(parsed.GetValue(s_limit)).Select(r => store.Read(r.Id)).Select(r => new RunLine(r.Run, r.Nested.Count, r.Metrics, r.Tags)).ToList();
        var table = new Table().Border(TableBorder.Simple).AddColumns("run", "experiment", "began (UTC)").AddColumn(new TableColumn("took").RightAligned()).AddColumn("status")
            .AddColumn(new TableColumn("inside").RightAligned()).AddColumns("best at value", "best at churn");
        foreach (var run in runs)
            table.AddRow(run.Run.Id[..8], Markup.Escape(run.Run.Experiment), RunsCommand.When(run.Run.StartedAt), RunsCommand.Took(run.Run), Status(run.Run), Terminal.Text($"{run.Inside}"), Winner(run, "value", "gini"), Winner(run, "churn", "log_loss"));
        terminal.Show(table);
        terminal.Line($"{(runs.Count == all.Count ? $"{all.Count}" : $"{runs.Count} of {all.Count}")} runs in {store.File}. One of them: customervalue runs show ID");
        return runs;
    }, CancellationToken.None));

    /// <summary>How a run stands; one whose process was killed stands as running.</summary>
    public static string Status(RunSummary run) => run.Status switch { RunStatus.Failed => "[red]failed[/]", RunStatus.Killed => "[yellow]stopped[/]", RunStatus.Running => "[yellow]running[/]", _ => "finished" };

    private static string Winner(RunLine run, string question, string figure) => !run.Tags.TryGetValue($"winner.{question}", out var winner) ? "-"
        : Markup.Escape(run.Metrics.TryGetValue(figure, out var value) ? Terminal.Text($"{winner} ({figure} {value:0.0000})") : winner);
}
