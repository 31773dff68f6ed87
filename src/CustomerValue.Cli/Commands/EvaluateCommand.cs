using System.CommandLine;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Simulation.Oracle;
using Spectre.Console;

namespace CustomerValue.Cli.Commands;

/// <summary>Judges a file of predictions, ours or anyone's, by the measuring protocol.</summary>
internal static class EvaluateCommand
{
    private static readonly Argument<string> s_file = new("FILE") { Description = "Parquet: customer, actual_spend, actual_churn, and NAME.value and NAME.churn for each candidate; doubles." };
    private static readonly Option<string?> s_reference = new("--against") { Description = "The candidate that all others are set against (default: the best by Gini, and by log loss).", HelpName = "NAME" };
    private static readonly Option<int> s_seed = new("--seed") { Description = "Seed of the bootstrap draws.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> s_draws = new("--draws") { Description = "Bootstrap draws.", DefaultValueFactory = _ => 2000 };

    private static readonly Option<string?> s_truth = new("--truth") { Description = "Of a simulated shop: the folder of its truth, with the oracle's answers ('simulate --oracle'). Adds the regret against the best that could be foreseen.", HelpName = "DIR" };
    private static readonly Option<string?> s_without = new("--without") { Description = "With --truth: the candidate that knows no texts. Adds which share of what texts could give the others have recovered.", HelpName = "NAME" };
    private static readonly Option<DateOnly?> s_cutoff = new("--cutoff") { Description = "With --truth: the cutoff of the predictions, where the oracle was asked about several.", HelpName = "DATE" };
    private static readonly Option<int?> s_horizon = new("--horizon") { Description = "With --truth: the horizon of the predictions in days, where the oracle was asked about several.", HelpName = "DAYS" };

    public static Command Create() => new Command("evaluate",
        """
        Judge predictions: Gini, Spearman, MAE, RMSE, bias, decile error, top-10 % capture for value; AUC, average precision, log loss, Brier and
        calibration error for churn; and a paired bootstrap over customers of each candidate against the best.

        Takes the predictions.parquet of an experiment, or another library's in the same columns.

        Example:
          customervalue evaluate artifacts/experiments/0001-shop/predictions.parquet --json
          customervalue simulate --out artifacts/shop --truth artifacts/shop-truth --oracle 2024-07-01 --horizon 180
          customervalue evaluate artifacts/experiments/0001-shop/predictions.parquet --truth artifacts/shop-truth
        """) { s_file, s_reference, s_seed, s_draws, s_truth, s_without, s_cutoff, s_horizon }.Does((parsed, terminal, cancellation) => Task.Run<object>(() =>
    {
        var (labels, candidates) = PredictionFile.Read(parsed.GetValue(s_file)!);
        var board = Scoreboard.Of(labels, candidates, Metric.All);
        var bootstrap = new PairedBootstrap(labels.Rows, parsed.GetValue(s_seed), parsed.GetValue(s_draws));
        var wanted = parsed.GetValue(s_reference);
        if (wanted is not null && candidates.All(c => c.Name != wanted))
            throw new UsageException($"--against {wanted}: there is no such candidate in the file. It has: {string.Join(", ", candidates.Select(c => c.Name))}.");

        var truth = parsed.GetValue(s_truth) is { } folder ? Truth(folder, parsed, labels, candidates) : [];

        var comparisons = new List<ModelComparison>();
        foreach (var (target, metric) in new[] { (Target.Value, Metric.NormalizedGini), (Target.Churn, Metric.LogLoss) })
            if ((wanted is not null && board.Candidates.Single(c => c.Name == wanted).Metrics.ContainsKey(metric.Key) ? wanted : board.Best(metric)) is { } reference)
                comparisons.AddRange(Scoreboard.Compare(target, reference, labels, candidates, Metric.All, bootstrap, terminal, cancellation));

        Show(board, comparisons, terminal);
        if (truth.Count > 0) Show(truth, parsed.GetValue(s_without) is not null, terminal);
        return new { Rows = labels.Rows, board.Candidates, Comparisons = comparisons, Truth = truth };
    }, CancellationToken.None));

    private static IReadOnlyList<TruthFigures> Truth(string folder, ParseResult parsed, Labels labels, IReadOnlyList<(string Name, Scores Scores)> candidates)
    {
        var (cutoff, horizon) = (parsed.GetValue(s_cutoff), parsed.GetValue(s_horizon));
        var answers = OracleFile.Read(folder).Where(a => (cutoff is null || a.Cutoff == cutoff) && (horizon is null || a.HorizonDays == horizon)).ToList();
        var asked = answers.Select(a => (a.Cutoff, a.HorizonDays)).Distinct().Order().ToArray();
        if (asked.Length != 1)
            throw new UsageException(asked.Length == 0 ? $"--truth {folder}: the oracle wasn't asked about that cutoff and horizon."
                : $"--truth {folder}: the oracle was asked about {string.Join(", ", asked.Select(a => Terminal.Text($"{a.Cutoff:yyyy-MM-dd} for {a.HorizonDays} days")))}. Say with --cutoff and --horizon which the predictions are of.");
        try
        {
            return TruthFigures.Of(PredictionFile.Customers(parsed.GetValue(s_file)!), labels, candidates, answers, parsed.GetValue(s_without));
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message.Split(" (Parameter")[0]);
        }
    }

    private static void Show(IReadOnlyList<TruthFigures> truth, bool recovers, Terminal terminal)
    {
        string[] columns = ["AUC", "regret", "log loss", "regret", "calibration", "Gini", "regret"];
        var table = new Table().Border(TableBorder.Simple).AddColumn("beside the best that could be foreseen");
        foreach (var column in recovers ? [.. columns, "AUC recovered", "Gini recovered"] : columns) table.AddColumn(new TableColumn(column).RightAligned());
        string Told(double? figure) => figure is { } f ? Terminal.Text($"{f:0.0000}") : "-";
        foreach (var row in truth)
        {
            string[] cells = [Markup.Escape(row.Name), Told(row.Auc), Told(row.AucRegret), Told(row.LogLoss), Told(row.LogLossRegret), Told(row.Calibration), Told(row.Gini), Told(row.GiniRegret)];
            table.AddRow(recovers ? [.. cells, Share(row.AucRecovered), Share(row.GiniRecovered)] : cells);
        }
        terminal.Show(table);

        static string Share(double? share) => share is { } s ? Terminal.Text($"{s:0 %}") : "-";
    }

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
