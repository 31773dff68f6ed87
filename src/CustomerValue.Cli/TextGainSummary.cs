using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using Spectre.Console;

namespace CustomerValue.Cli;

/// <summary>What text bought, and how candidates did by orders so far, in the terminal: short tables, a sentence that claims a gain or doesn't, and what to look into.</summary>
internal static class TextGainSummary
{
    public static void Show(ExperimentResult result, Terminal terminal)
    {
        if (result.TextGain is { Count: > 0 } gains)
        {
            terminal.Show(Gains(gains));
            foreach (var sentence in Sentences(gains)) terminal.Line(sentence);
        }
        if (result.ByOrders is { Count: > 0 } slices) terminal.Show(ByOrders(slices));
        if (result.Foreseeable is { Count: > 0 } best)
        {
            terminal.Show(Best(best));
            if (best[0].Found < 1) terminal.Line(Terminal.Text($"The truth knows {100 * best[0].Found:0.0} % of the test customers; what could be foreseen, and what texts could give, is told of these alone."));
        }
        foreach (var warning in result.Warnings ?? []) terminal.Line($"Warning: {warning}");
    }

    internal static Table Gains(IReadOnlyList<TextGainRow> gains)
    {
        var table = new Table().Border(TableBorder.Simple).Title("What text bought: with texts less with texts that tell nothing").AddColumn("customers").AddColumn("figure").AddColumn("of");
        foreach (var column in new[] { "without", "with", "difference [95 %]", "others' texts [95 %]", "at best", "recovered" }) table.AddColumn(new TableColumn(Markup.Escape(column)).RightAligned());
        foreach (var g in gains)
            table.AddRow(Terminal.Text($"{OrderSlices.Title(g.Slice)} ({g.Rows:#,0})"), Markup.Escape(Title(g)), Markup.Escape(g.Candidate), Terminal.Text($"{g.Without:0.0000}"), Terminal.Text($"{g.With:0.0000}"),
                Markup.Escape(Interval(g.Difference, g.Low, g.High)), Markup.Escape(Interval(g.Shuffled, g.ShuffledLow, g.ShuffledHigh)),
                g.Oracle is { } best ? Signed(best) : "-", g.Recovered is { } share ? share > 1 ? "> 100 %" : Terminal.Text($"{100 * share:0} %") : "-");
        return table;
    }

    internal static Table ByOrders(IReadOnlyList<SliceResult> slices)
    {
        var table = new Table().Border(TableBorder.Simple).Title("By orders so far").AddColumn("customers").AddColumn("candidate");
        foreach (var metric in TextGain.Metrics) table.AddColumn(new TableColumn(Markup.Escape(metric.Title)).RightAligned());
        foreach (var slice in slices)
            foreach (var candidate in slice.Candidates)
                table.AddRow([Terminal.Text($"{OrderSlices.Title(slice.Slice)} ({slice.Rows:#,0})"), Markup.Escape(candidate.Name),
                    .. TextGain.Metrics.Select(m => candidate.Metrics.TryGetValue(m.Key, out var figure) ? Terminal.Text($"{figure:0.0000}") : "-")]);
        return table;
    }

    internal static Table Best(IReadOnlyList<ForeseeableRow> best)
    {
        var table = new Table().Border(TableBorder.Simple).Title("What could be foreseen at best").AddColumn("customers").AddColumn("knowing");
        foreach (var column in new[] { "AUC", "Gini", "Log loss", "Monte Carlo error" }) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var row in best)
            foreach (var (knowing, figures) in new[] { ("purchases, browsing, campaigns", row.History), ("and texts, read perfectly", row.Read), ("all but chance to come", row.Everything) })
                table.AddRow(Terminal.Text($"{OrderSlices.Title(row.Slice)} ({row.Rows:#,0})"), knowing, Told(figures.Auc), Told(figures.Gini), Told(figures.LogLoss), Told(figures.Error));
        return table;

        static string Told(double? figure) => figure is { } f ? Terminal.Text($"{f:0.0000}") : "-";
    }

    /// <summary>Whether a gain is claimed, on all customers; then the slices whose interval tells of a gain by itself, and what share of the possible was gained.</summary>
    internal static IEnumerable<string> Sentences(IReadOnlyList<TextGainRow> gains)
    {
        foreach (var g in gains.Where(g => g.Slice == OrderSlices.All))
        {
            var claim = g is { Difference: 0, Low: 0, High: 0 } ? "no gain is claimed: its answers are the same without text" : g.IsGain ? "a gain is claimed" : g.IsHarm ? "no gain is claimed: it is worse with text" : "no gain is claimed: the interval holds 0";
            yield return $"Text on {Title(g)} of {g.Candidate}: {Interval(g.Difference, g.Low, g.High)}{(g.Metric == Metric.LogLoss.Key ? " (lower is better)" : "")}; {claim}.{Of(g)}";
        }
        var slices = gains.Where(g => g.Slice != OrderSlices.All).ToList();
        var better = slices.Where(g => g.IsGain).ToList();
        if (slices.Count > 0)
            yield return Terminal.Text($"By slice the interval tells of a gain in {better.Count} of {slices.Count} figures{(better.Count == 0 ? "" : ": " + string.Join("; ", better.GroupBy(g => g.Slice).Select(s => $"{OrderSlices.Title(s.Key)} ({string.Join(", ", s.Select(Title).Distinct())})")))}. One in forty does by chance.");
    }

    private static string Of(TextGainRow g) => g switch
    {
        { Oracle: null } => "",
        { Recovered: { } share, Oracle: { } best } => Terminal.Text($" Texts read perfectly could give {Signed(best)}: {Words(share)}."),
        { Oracle: { } best, Metric: var metric } when (metric == Evaluation.Metric.LogLoss.Key ? best < 0 : best > 0) => Terminal.Text($" Texts read perfectly could give {Signed(best)}, less than chance moves the difference."),
        { Oracle: { } best } => Terminal.Text($" Even texts read perfectly give nothing here ({Signed(best)})."),
    };

    private static string Words(double share) => share switch
    {
        <= 0 => "nothing of it was recovered",
        > 1 => "all of it was recovered, and more than the oracle can tell, whose own Monte Carlo error makes its figures worse",
        _ => Terminal.Text($"{100 * share:0} % of it was recovered"),
    };

    private static string Title(TextGainRow g) => Metric.All.Single(m => m.Key == g.Metric).Title;

    private static string Interval(double difference, double low, double high) => $"{Signed(difference)} [{Signed(low)}, {Signed(high)}]";

    // Rounded first, as a format with a section for negative numbers writes "-+0.0000" of what rounds to 0.
    private static string Signed(double figure) => Terminal.Text($"{Math.Round(figure, 4) + 0.0:+0.0000;-0.0000}");
}
