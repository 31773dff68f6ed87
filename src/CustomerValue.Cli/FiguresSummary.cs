using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using Spectre.Console;

namespace CustomerValue.Cli;

/// <summary>A finished experiment on named figures in the terminal: figures on dev and test, what it cost, and who was chosen.</summary>
internal static class FiguresSummary
{
    public static void Show(FiguresResult result, IReadOnlyList<Figure> figures, Figure? chosenBy, Terminal terminal)
    {
        terminal.Line();
        terminal.Line(result.Question);
        if (result.Rows.Count > 0) terminal.Line(Terminal.Text($"{result.Rows["train"]:#,0} texts to learn from, {result.Rows["dev"]:#,0} to choose on, {result.Rows["test"]:#,0} to judge by."));
        terminal.Line();
        terminal.Show(Figures(result, figures));
        terminal.Show(ExperimentSummary.Stages(result.Stages));
        terminal.Line();
        terminal.Line(Verdict(result, chosenBy));
    }

    /// <summary>One row a candidate: its figures on test, those on dev in brackets where they exist.</summary>
    internal static Table Figures(FiguresResult result, IReadOnlyList<Figure> figures)
    {
        var table = new Table().Border(TableBorder.Simple).Title("On test (on dev)").AddColumn("candidate");
        foreach (var figure in figures) table.AddColumn(new TableColumn(Markup.Escape(figure.Title)).RightAligned());
        table.AddColumn(new TableColumn("fit s").RightAligned()).AddColumn("chosen on dev");
        foreach (var candidate in result.Candidates)
            table.AddRow([Markup.Escape(candidate.Name == result.Winner?.Name ? candidate.Name + "  <- chosen" : candidate.Name),
                .. figures.Select(f => Both(candidate, f)), Terminal.Text($"{candidate.FitSeconds:0.0}"),
                Markup.Escape(string.Join(", ", (candidate.Choices ?? new Dictionary<string, string>()).Select(c => $"{c.Key} {c.Value}")))]);
        return table;
    }

    /// <summary>Who was chosen, and how the choice stands against the best of the others on test, direction in words.</summary>
    internal static string Verdict(FiguresResult result, Figure? chosenBy)
    {
        if (result.Winner is not { } winner || chosenBy is null) return "Candidates aren't ranked.";
        var own = result.Candidates.Single(c => c.Name == winner.Name);
        if (!own.Metrics.TryGetValue(chosenBy.Key, out var figure)) return $"Chosen by {winner.ChosenBy}: {winner.Name}; it has no {chosenBy.Title} on test.";
        var chosen = Terminal.Text($"Chosen by {winner.ChosenBy}: {winner.Name}, {chosenBy.Title} {figure:0.0000} on test");
        var rivals = result.Candidates.Where(c => c.Name != winner.Name && c.Metrics.ContainsKey(chosenBy.Key)).ToList();
        if (rivals.Count == 0) return $"{chosen}; nothing to compare with.";
        var best = rivals.Aggregate((a, b) => chosenBy.IsBetter(b.Metrics[chosenBy.Key], a.Metrics[chosenBy.Key]) ? b : a);
        var other = best.Metrics[chosenBy.Key];
        var standing = figure == other ? "just as good" : Terminal.Text($"{(chosenBy.IsBetter(figure, other) ? "better" : "worse")} by {Math.Abs(figure - other):0.0000}");
        return $"{chosen}; best other: {best.Name}, {Terminal.Text($"{other:0.0000}")}; {winner.Name} is {standing}{Interval(result, chosenBy, winner.Name, best.Name)}.";
    }

    // The baseline stands second in its comparisons, the winner first in the others: either way the words are of the winner.
    private static string Interval(FiguresResult result, Figure figure, string winner, string other)
    {
        var found = result.Comparisons.FirstOrDefault(c => c.Metric == figure.Key && (c.A == winner && c.B == other || c.A == other && c.B == winner));
        if (found is null || found.Difference == 0) return "";
        var (low, high) = found.Difference > 0 ? (found.Low, found.High) : (-found.High, -found.Low);
        return Terminal.Text($" [{low:0.0000}, {high:0.0000}]{(low > 0 ? "" : ", within noise")}");
    }

    private static string Both(CandidateResult candidate, Figure figure)
    {
        var dev = candidate.Validation.TryGetValue(figure.Key, out var d) ? Terminal.Text($" ({d:0.0000})") : "";
        return candidate.Metrics.TryGetValue(figure.Key, out var test) ? Terminal.Text($"{test:0.0000}") + dev : "-" + dev;
    }
}
