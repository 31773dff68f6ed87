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
        terminal.Show(Stages(result));
        terminal.Line();
        terminal.Line(Verdict(result, "Value", experiment.ValueMetric, result.Winners.Value));
        terminal.Line(Verdict(result, "Churn", experiment.ChurnMetric, result.Winners.Churn));
        terminal.Line($"Winners were chosen by {result.Winners.ChosenBy}.");
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
            table.AddRow([Markup.Escape(candidate.Name == winner ? candidate.Name + "  <- winner" : candidate.Name),
                .. metrics.Select(m => candidate.Metrics.TryGetValue(m.Key, out var figure) ? Figure(m, figure) : "-"), Terminal.Text($"{candidate.FitSeconds:0.00}")]);
        return table;
    }

    private static Table Stages(ExperimentResult result)
    {
        var table = new Table().Border(TableBorder.Simple).Title("Stages");
        table.AddColumn("stage").AddColumn(new TableColumn("seconds").RightAligned()).AddColumn(new TableColumn("peak MB").RightAligned()).AddColumn("");
        foreach (var stage in result.Stages)
            table.AddRow(Markup.Escape(stage.Name), Terminal.Text($"{stage.Seconds:0.00}"), Terminal.Text($"{stage.PeakMb:0}"), stage.Reused ? "reused" : "");
        return table;
    }

    private static string Verdict(ExperimentResult result, string question, Metric metric, string? winner)
    {
        if (winner is null) return $"{question}: no candidate answers.";
        var own = result.Candidates.Single(c => c.Name == winner).Metrics[metric.Key];
        var rivals = result.Candidates.Where(c => c.Name != winner && c.Metrics.ContainsKey(metric.Key)).ToList();
        if (rivals.Count == 0) return Terminal.Text($"{question}: {winner}, {metric.Title} {Figure(metric, own)}; nothing to compare with.");
        var best = rivals.Aggregate((a, b) => metric.IsBetter(b.Metrics[metric.Key], a.Metrics[metric.Key]) ? b : a);
        var against = result.Comparisons.Single(c => c.Metric == metric.Key && c.A == winner && c.B == best.Name);
        var clear = against.Low > 0 || against.High < 0 ? "" : ", within noise";
        return Terminal.Text($"{question}: {winner} wins with {metric.Title} {Figure(metric, own)}; best other: {best.Name} {Figure(metric, best.Metrics[metric.Key])}, difference {against.Difference:+0.0000;-0.0000} [{against.Low:+0.0000;-0.0000}, {against.High:+0.0000;-0.0000}]{clear}.");
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
