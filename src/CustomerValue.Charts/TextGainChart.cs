using CustomerValue.Evaluation;

namespace CustomerValue.Charts;

/// <summary>What did texts buy, for which customers?</summary>
public static class TextGainChart
{
    // Three marks share a row of a slice.
    private const double Apart = 0.27;

    /// <summary>The figure with text less that without by slice, with its 95 % interval over resampled customers, beside the same with texts of other customers and, where it is known, what texts could give at best.</summary>
    /// <param name="metric">The figure.</param>
    /// <param name="candidate">Whose gains are shown.</param>
    /// <param name="gains">What text bought; those of other figures and candidates are left out.</param>
    public static Chart Of(Metric metric, string candidate, IReadOnlyList<TextGainRow> gains)
    {
        var shown = gains.Where(g => g.Metric == metric.Key && g.Candidate == candidate).ToList();
        var known = shown.Any(g => g.Oracle is not null);
        Figure figure = new(metric.Key, metric.Title, metric.Order);
        var title = Phrase.Metric(metric.Title);
        var (low, high) = Ends(shown);
        return new(
            new Axis($"{Measured()}: {(metric.Order == Better.Lower ? Phrase.Of($"left is better") : $"right is better")}", low, high)
            {
                Kind = FigureText.Kind(figure), Signed = true,
            },
            Axis.Of($"Customers", [$"Customers", $"With less without [95 % interval]"], [.. shown.Select(g => new AxisRow(Slice(g), [Phrase.Name(FigureText.Count(g.Rows)), Words(g.Difference, g.Low, g.High)], g.IsGain))]))
        {
            Name = $"text-gain-{metric.Key.Replace('_', '-')}",
            Words = new()
            {
                Title = $"What did texts buy, in {title}?",
                Subtitle = $"{candidate} on the test customers by their orders so far, as a difference to the same with texts that tell nothing; bars: 95 % intervals over resampled customers",
                Reading = shown.Count == 0 ? Phrase.Of($"No texts were compared.") : $"{title} of {candidate} with text less without, {Told(shown[0])}",
                Description = shown.Count == 0 ? Phrase.Of($"{title} isn't defined on these customers.") : Phrase.Join(" ", shown.Select(Told)),
            },
            Series =
            [
                .. known ? [Marks($"at best", Role.Perfect, $"texts read perfectly (truth)", g => g.Oracle ?? double.NaN, _ => null, Apart)] : Array.Empty<Series>(),
                Marks($"texts of others", Role.Baseline, $"texts of other customers", g => g.Shuffled, g => new(g.ShuffledLow, g.ShuffledHigh), 0),
                Marks($"with text", Role.Winner, $"with text", g => g.Difference, g => new(g.Low, g.High), -Apart),
            ],
            Absence = shown.Count == 0 ? Phrase.Of($"{title} isn't defined on these customers, or texts weren't compared.") : null,
        };

        Series Marks(Phrase name, Role role, Phrase legend, Func<TextGainRow, double> value, Func<TextGainRow, Reach?> reach, double off) => new(name, role,
            [.. shown.Select((g, row) => new ChartPoint(value(g), row + off, $"{Slice(g)}, {name}: {FigureText.Difference(figure, value(g))}") { Across = reach(g) is { IsFinite: true } across ? across : null })])
        { Marked = true, Legend = legend };

        Phrase Words(double difference, double from, double to) => $"{FigureText.Difference(figure, difference)} [{FigureText.Difference(figure, from)}, {FigureText.Difference(figure, to)}]";

        Phrase Slice(TextGainRow g) => Phrase.Term("slice", OrderSlices.Title(g.Slice));

        Phrase Told(TextGainRow g) => g.Oracle is { } best ? Phrase.Of($"{Both(g)}, at best {FigureText.Difference(figure, best)}.") : $"{Both(g)}.";

        Phrase Both(TextGainRow g) => $"{Slice(g)}: {Words(g.Difference, g.Low, g.High)}, with texts of others {Words(g.Shuffled, g.ShuffledLow, g.ShuffledHigh)}";

        Phrase Measured() => metric.Key == Metric.LogLoss.Key ? Phrase.Of($"{title} of {candidate} with text less without, nats per customer") : $"{title} of {candidate} with text less without";
    }

    private static (double Low, double High) Ends(List<TextGainRow> shown)
    {
        double[] all = [.. shown.SelectMany(g => (double[])[g.Low, g.High, g.Difference, g.Shuffled, g.ShuffledLow, g.ShuffledHigh, g.Oracle ?? 0]).Where(double.IsFinite), 0];
        var (low, high) = (all.Min(), all.Max());
        return low == high ? (-1, 1) : (low - 0.04 * (high - low), high + 0.04 * (high - low));
    }
}
