using System.CommandLine;

namespace CustomerValue.Cli.Commands;

/// <summary>Looks at logged runs, without MLflow.</summary>
internal static class RunsCommand
{
    public static readonly Option<string?> Store = new("--store") { Description = "The database file (default: that of MLFLOW_TRACKING_URI=sqlite:///FILE, or artifacts/mlflow/mlflow.db).", HelpName = "FILE" };

    public static Command Create() => new Command("runs",
        """
        Look at the runs logged here: a list, one run, two side by side. Needs no MLflow and no server.

        Examples:
          customervalue runs list
          customervalue runs show 3f9a1c
          customervalue runs compare 3f9a1c 77e0b2
        """) { RunsListCommand.Create(), RunsShowCommand.Create(), RunsCompareCommand.Create() };

    /// <summary>A moment in every table alike.</summary>
    public static string When(DateTimeOffset at) => Terminal.Text($"{at.UtcDateTime:yyyy-MM-dd HH:mm}");

    /// <summary>How long a run took.</summary>
    public static string Took(Mlflow.RunSummary run) => run.EndedAt is not { } end ? "-" : (end - run.StartedAt) is { TotalMinutes: < 2 } brief ? Terminal.Text($"{brief.TotalSeconds:0.0} s") : Terminal.Text($"{(end - run.StartedAt).TotalMinutes:0.0} min");

    /// <summary>Whether a figure is a time, which differs from run to run.</summary>
    public static bool IsTime(string figure) => figure.StartsWith("seconds.", StringComparison.Ordinal) || figure.EndsWith("_seconds", StringComparison.Ordinal);

    /// <summary>A figure to six digits.</summary>
    public static string Figure(double? value) => value is { } figure ? Terminal.Text($"{figure:G6}") : "-";
}
