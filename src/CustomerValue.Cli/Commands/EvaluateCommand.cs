using System.CommandLine;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using Spectre.Console;

namespace CustomerValue.Cli.Commands;

/// <summary>Judges a file of predictions, ours or anyone's, by the measuring protocol.</summary>
internal static class EvaluateCommand
{
    private static readonly Argument<string> s_file = new("FILE") { Description = "Parquet: customer, actual_spend, actual_churn, and NAME.value and NAME.churn for each candidate; doubles." };
    private static readonly Option<string?> s_reference = new("--against") { Description = "The candidate that all others are set against (default: the best by Gini, and by log loss).", HelpName = "NAME" };
    private static readonly Option<int> s_seed = new("--seed") { Description = "Seed of the bootstrap draws.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> s_draws = new("--draws") { Description = "Bootstrap draws.", DefaultValueFactory = _ => 2000 };

    public static Command Create() => new Command("evaluate",
        """
        Judge predictions: Gini, Spearman, MAE, RMSE, bias, decile error, top-10 % capture for value; AUC, average precision, log loss, Brier and
        calibration error for churn; and a paired bootstrap over customers of each candidate against the best.

        Takes the predictions.parquet of an experiment, or another library's in the same columns.

        Example:
          customervalue evaluate artifacts/experiments/0001-shop/predictions.parquet --json
        """) { s_file, s_reference, s_seed, s_draws }.Does((parsed, terminal, cancellation) => Task.Run<object>(() =>
    {
        var (labels, candidates) = PredictionFile.Read(parsed.GetValue(s_file)!);
        var board = Scoreboard.Of(labels, candidates, Metric.All);
        var bootstrap = new PairedBootstrap(labels.Rows, parsed.GetValue(s_seed), parsed.GetValue(s_draws));
        var wanted = parsed.GetValue(s_reference);
        if (wanted is not null && candidates.All(c => c.Name != wanted))
            throw new UsageException($"--against {wanted}: there is no such candidate in the file. It has: {string.Join(", ", candidates.Select(c => c.Name))}.");

        var comparisons = new List<ModelComparison>();
        foreach (var (target, metric) in new[] { (Target.Value, Metric.NormalizedGini), (Target.Churn, Metric.LogLoss) })
            if ((wanted is not null && board.Candidates.Single(c => c.Name == wanted).Metrics.ContainsKey(metric.Key) ? wanted : board.Best(metric)) is { } reference)
                comparisons.AddRange(Scoreboard.Compare(target, reference, labels, candidates, Metric.All, bootstrap, terminal, cancellation));

        Show(board, comparisons, terminal);
        return new { Rows = labels.Rows, board.Candidates, Comparisons = comparisons };
    }, CancellationToken.None));

    private static void Show(Scoreboard board, List<ModelComparison> comparisons, Terminal terminal)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("candidate");
        foreach (var metric in Metric.All) table.AddColumn(new TableColumn(Markup.Escape(metric.Key)).RightAligned());
        foreach (var candidate in board.Candidates)
            table.AddRow([Markup.Escape(candidate.Name), .. Metric.All.Select(m => candidate.Metrics.TryGetValue(m.Key, out var figure) ? Terminal.Text($"{figure:0.0000}") : "-")]);
        terminal.Show(table);

        var against = new Table().Border(TableBorder.Simple).AddColumn("metric").AddColumn("of").AddColumn("less").AddColumn(new TableColumn("difference").RightAligned()).AddColumn("95 % interval");
        foreach (var c in comparisons)
            against.AddRow(c.Metric, Markup.Escape(c.A), Markup.Escape(c.B), Terminal.Text($"{c.Difference:+0.0000;-0.0000}"), Markup.Escape(Terminal.Text($"[{c.Low:+0.0000;-0.0000}, {c.High:+0.0000;-0.0000}]")));
        terminal.Show(against);
    }
}
