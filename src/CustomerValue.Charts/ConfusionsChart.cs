using CustomerValue.Evaluation;

namespace CustomerValue.Charts;

/// <summary>Which labels are taken for which others?</summary>
public static class ConfusionsChart
{
    private const int Most = 12;
    private const double Widest = 210;

    /// <summary>The pairs of labels that are confused most often: the share of one label's texts that are told to be of the other, with its 95 % interval.</summary>
    /// <param name="classes">Names of the labels.</param>
    /// <param name="labels">[texts]: what the texts are.</param>
    /// <param name="candidate">Who told what of them [texts][labels].</param>
    public static Chart Of(IReadOnlyList<string> classes, IReadOnlyList<int> labels, (string Name, double[][] Probabilities) candidate)
    {
        var told = candidate.Probabilities.Select(p => Array.IndexOf(p, p.Max())).ToArray();
        var texts = labels.CountBy(label => label).ToDictionary();
        var all = told.Zip(labels, (to, from) => (From: from, To: to)).Where(pair => pair.From != pair.To).CountBy(pair => pair)
            .Select(pair => new Pair(classes[pair.Key.From], classes[pair.Key.To], pair.Value, texts[pair.Key.From]))
            .OrderByDescending(p => p.Texts).ThenBy(p => p.Of).ThenBy(p => p.From, StringComparer.Ordinal).ThenBy(p => p.To, StringComparer.Ordinal).ToList();
        var shown = all.Take(Most).ToList();
        var wrong = all.Sum(p => p.Texts);
        return new(
            Axis.From0($"Told so, % of the label's texts", shown.Select(p => p.Interval.High)) with { Kind = FigureKind.Share },
            Axis.Of($"Labels", [$"is told to be", $"texts"], [.. shown.Select(p => new AxisRow(Phrase.Name(SvgText.FitEnds(p.From, 13, Widest)), [Phrase.Name(SvgText.FitEnds(p.To, 12, Widest)), $"{FigureText.Count(p.Texts)} of {FigureText.Count(p.Of)}"]))]))
        {
            Name = "confusions",
            Words = new()
            {
                Title = $"Which labels are taken for which?",
                Subtitle = $"{candidate.Name}: {FigureText.Count(wrong)} of {FigureText.Texts(labels.Count)} told wrongly; the {shown.Count} commonest of {FigureText.Count(all.Count)} confusions, {FigureText.Texts(shown.Sum(p => p.Texts))}; bars: 95 % intervals of the share",
                Reading = shown.Count == 0 ? Phrase.Of($"No text is told wrongly.") : $"{FigureText.Count(wrong)} of {FigureText.Texts(labels.Count)} are told wrongly, most often {shown[0].From} as {shown[0].To}, {FigureText.Count(shown[0].Texts)} of {FigureText.Count(shown[0].Of)}.",
                Description = shown.Count == 0 ? Phrase.Of($"No text is told wrongly.") : $"{Phrase.Join("; ", shown.Select(p => p.Words))}.",
            },
            Series = [new(Phrase.Name(candidate.Name), Role.Winner, [.. shown.Select((p, row) => new ChartPoint(p.Share, row, p.Words) { Across = p.Interval })]) { Marked = true, Legend = $"share told so" }],
            Absence = shown.Count == 0 ? Phrase.Of($"No text is told wrongly.") : null,
        };
    }

    /// <summary>Texts of one label that are told to be of another.</summary>
    private sealed record Pair(string From, string To, int Texts, int Of)
    {
        public double Share => (double)Texts / Of;

        public Reach Interval => new CalibrationGroup(Of, 0, Share).RateInterval() is var (low, high) ? new(low, high) : default;

        public Phrase Words => $"{From} is told to be {To} in {FigureText.Count(Texts)} of {FigureText.Texts(Of)} ({FigureText.Share(Share)})";
    }
}
