namespace CustomerValue.Charts.Tests;

/// <summary>All that charts say, for those who count words.</summary>
internal static class SpokenPhrases
{
    public static IEnumerable<Phrase> Phrases(this Chart chart) => ((Phrase?[])
    [
        chart.Words.Title, chart.Words.Subtitle, chart.Words.Reading, chart.Words.Description, chart.Absence, .. Of(chart.X), .. Of(chart.Y), chart.Colors?.Title, chart.Colors?.Low, chart.Colors?.High,
        .. chart.Series.SelectMany(s => (Phrase?[])[s.Name, s.Legend, .. s.Points.SelectMany(p => (Phrase?[])[p.Text, p.Label])]),
        .. chart.Cells?.Cells.SelectMany(row => row).SelectMany(c => (Phrase?[])[c?.Figure, c?.Text]) ?? [],
    ]).OfType<Phrase>();

    private static IEnumerable<Phrase> Of(Axis axis) => [axis.Title, .. axis.Columns, .. axis.Rows.SelectMany(r => (Phrase[])[r.Name, .. r.Figures])];
}
