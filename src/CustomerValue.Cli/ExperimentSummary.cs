using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using Spectre.Console;

namespace CustomerValue.Cli;

/// <summary>A finished experiment in the terminal: the tables, what it cost, and in the last lines who won, by how much, and where to look.</summary>
internal static class ExperimentSummary
{
    public static void Show(ExperimentResult result, Experiment experiment, string folder, Terminal terminal)
    {
        terminal.Line();
        terminal.Line(result.Question);
        terminal.Line(Terminal.Text($"{result.Rows.Test:#,0} customers at {result.Split.TestCutoff:yyyy-MM-dd}, next {result.Split.HorizonDays} days: churn {result.Labels.ChurnRate:0.0000}, mean net spend {result.Labels.SpendMean:0.00}, sum {result.Labels.SpendSum:#,0.00}. Trained on {result.Rows.Train:#,0} rows."));
        terminal.Line();
        terminal.Show(Figures(result, Target.Value, experiment.Metrics, result.Winners.Value));
        terminal.Show(Figures(result, Target.Churn, experiment.Metrics, result.Winners.Churn));
        terminal.Show(Stages(result.Stages));
        TextGainSummary.Show(result, terminal);
        terminal.Line();
        terminal.Line(Verdict(result, "Value", experiment.ValueMetric, result.Winners.Value));
        terminal.Line(Verdict(result, "Churn", experiment.ChurnMetric, result.Winners.Churn));
        terminal.Line($"They were chosen by {result.Winners.ChosenBy}.");
        terminal.Line($"Look: {Path.Combine(folder, "result.json")}, {Path.Combine(folder, "predictions.parquet")}");
    }

    internal static Table Figures(ExperimentResult result, Target target, IReadOnlyList<Metric> all, string? winner)
    {
        var metrics = all.Where(m => m.Target == target).ToList();
        var table = new Table().Border(TableBorder.Simple).Title(target == Target.Value ? "Value: net spend over the horizon" : "Churn: no order over the horizon");
        table.AddColumn("candidate");
        foreach (var metric in metrics) table.AddColumn(new TableColumn(Markup.Escape(metric.Title)).RightAligned());
        table.AddColumn(new TableColumn("fit s").RightAligned());
        foreach (var candidate in result.Candidates.Where(c => metrics.Any(m => c.Metrics.ContainsKey(m.Key))))
            table.AddRow([Markup.Escape(candidate.Name == winner ? candidate.Name + "  <- chosen" : candidate.Name),
                .. metrics.Select(m => candidate.Metrics.TryGetValue(m.Key, out var figure) ? Figure(m, figure) : "-"), Terminal.Text($"{candidate.FitSeconds:0.00}")]);
        return table;
    }

    internal static Table Stages(IEnumerable<StageCost> stages)
    {
        var table = new Table().Border(TableBorder.Simple).Title("Stages");
        table.AddColumn("stage").AddColumn(new TableColumn("seconds").RightAligned()).AddColumn(new TableColumn("peak MB").RightAligned()).AddColumn("");
        foreach (var stage in stages)
            table.AddRow(Markup.Escape(stage.Name), Terminal.Text($"{stage.Seconds:0.00}"), Terminal.Text($"{stage.PeakMb:0}"), stage.Reused ? "reused" : "");
        return table;
    }

    /// <summary>Who was chosen, how good the choice is on the test rows, and how it stands there against the best of the others, direction in words:
    /// winners are chosen before a test row is read, so another one may be better on the test rows.</summary>
    internal static string Verdict(ExperimentResult result, string question, Metric metric, string? winner)
    {
        if (winner is null) return $"{question}: no candidate answers.";
        var own = result.Candidates.Single(c => c.Name == winner).Metrics[metric.Key];
        var chosen = $"{question}: chosen {winner}, {metric.Title} {Figure(metric, own)} on test";
        var rivals = result.Candidates.Where(c => c.Name != winner && c.Metrics.ContainsKey(metric.Key)).ToList();
        if (rivals.Count == 0) return $"{chosen}; nothing to compare with.";
        var best = rivals.Aggregate((a, b) => metric.IsBetter(b.Metrics[metric.Key], a.Metrics[metric.Key]) ? b : a);
        var other = best.Metrics[metric.Key];
        return $"{chosen}; best other: {best.Name}, {Figure(metric, other)}; {winner} is {Standing(metric, own, other, result.Comparisons.Single(c => c.Metric == metric.Key && c.A == winner && c.B == best.Name))}.";
    }

    private static string Standing(Metric metric, double own, double other, ModelComparison against)
    {
        if (own == other) return "just as good";
        var better = metric.IsBetter(own, other);
        // Of two figures on either side of 0 the interval tells which is higher, not which is nearer.
        if (metric.Order == Better.NearZero)
            return $"{(better ? "nearer to" : "farther from")} 0; the difference is {Figure(metric, against.Difference)} [{Figure(metric, against.Low)}, {Figure(metric, against.High)}]";
        var (low, high) = better == (metric.Order == Better.Higher) ? (against.Low, against.High) : (-against.High, -against.Low);     // as the words have it: more is more so
        var noise = low > 0 ? "" : ", within noise";
        return $"{(better ? "better" : "worse")} by {Figure(metric, Math.Abs(own - other))} [{Figure(metric, low)}, {Figure(metric, high)}]{noise}";
    }

    private static string Figure(Metric metric, double figure) => metric.Key switch
    {
        "mae" => Terminal.Text($"{figure:0.00}"),
        "rmse" => Terminal.Text($"{figure:0.0}"),
        "bias" => Terminal.Text($"{100 * figure:+0.0;-0.0} %"),
        "decile_error" or "capture10" => Terminal.Text($"{100 * figure:0.0} %"),
        _ => Terminal.Text($"{figure:0.0000}"),
    };
}
