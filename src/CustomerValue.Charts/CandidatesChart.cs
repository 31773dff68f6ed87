using CustomerValue.Evaluation;
using CustomerValue.Experiments;

namespace CustomerValue.Charts;

/// <summary>Which candidate is better than the one that was chosen, which is worse, and which can't be told from it?</summary>
public static class CandidatesChart
{
    /// <summary>Each candidate's figure less the winner's, with its 95 % interval over resampled customers; the best figure on top.</summary>
    /// <param name="metric">The figure that the winner was chosen by.</param>
    /// <param name="winner">Who was chosen.</param>
    /// <param name="candidates">The candidates with their figures; those that lack this one are left out.</param>
    /// <param name="comparisons">The winner against each of the others.</param>
    public static Chart Of(Metric metric, string winner, IReadOnlyList<CandidateResult> candidates, IReadOnlyList<ModelComparison> comparisons) =>
        Of(new(metric.Key, metric.Title, metric.Order), metric.Target, winner, candidates, comparisons);

    /// <summary>The same of candidates that tell texts apart.</summary>
    /// <inheritdoc cref="Of(Metric, string, IReadOnlyList{CandidateResult}, IReadOnlyList{ModelComparison})"/>
    public static Chart Of(ClassMetric metric, string winner, IReadOnlyList<CandidateResult> candidates, IReadOnlyList<ModelComparison> comparisons) =>
        Of(metric.Figure, null, winner, candidates, comparisons);

    private static Chart Of(Figure metric, Target? about, string winner, IReadOnlyList<CandidateResult> candidates, IReadOnlyList<ModelComparison> comparisons)
    {
        var judged = candidates.Where(c => c.Metrics.TryGetValue(metric.Key, out var figure) && double.IsFinite(figure)).Select(c => (c.Name, Figure: c.Metrics[metric.Key])).ToList();
        judged.Sort((a, b) => metric.IsBetter(a.Figure, b.Figure) ? -1 : metric.IsBetter(b.Figure, a.Figure) ? 1 : string.CompareOrdinal(a.Name, b.Name));
        var against = comparisons.Where(c => c.Metric == metric.Key && c.A == winner).ToDictionary(c => c.B, StringComparer.Ordinal);
        var rows = judged.Select((c, row) => new Standing(metric, c.Name, c.Figure, row, against.GetValueOrDefault(c.Name), c.Name == winner)).ToList();
        var known = rows.Any(r => r.Chosen);
        var (title, texts) = (Phrase.Metric(metric.Title), about is null);
        var undefined = texts ? Phrase.Of($"{title} isn't defined on these texts.") : $"{title} isn't defined on these customers.";
        var (low, high) = Ends(rows);
        var beyond = rows.Any(r => r.Least < low || r.Most > high);
        return new(
            new Axis($"{Measured(metric, title, winner, texts)}: {Direction(metric)}", low, high) { Kind = FigureText.Kind(metric), Signed = true },
            Axis.Of($"Candidates", [title, $"Difference [95 % interval]"], [.. rows.Select(r => new AxisRow(Phrase.Name(r.Name), [FigureText.Of(metric, r.Figure), r.Chosen ? Phrase.None : r.Apart], r.Chosen))]))
        {
            Name = about is null ? "candidates" : $"candidates-{about.ToString()!.ToLowerInvariant()}",
            Words = new()
            {
                Title = about switch { null => $"How do the candidates stand to the one chosen?", Target.Value => $"How do the candidates stand to the one chosen for value?", _ => $"How do the candidates stand to the one chosen for churn?" },
                Subtitle = beyond ? $"{About(title, winner, texts)}; arrows go on beyond the axis" : About(title, winner, texts),
                Reading = $"{Count(Role.Better)} better, {Count(Role.Worse)} worse and {Count(Role.Level)} can't be told apart of the {rows.Count(r => !r.Chosen)} candidates beside {winner}, by {title}.",
                Description = known ? $"{Phrase.Join("; ", rows.Select(r => r.Words))}." : undefined,
            },
            Series =
            [
                .. from row in rows
                   group row by row.Role into alike
                   orderby alike.Key descending
                   select new Series(Legend(alike.Key), alike.Key, [.. alike.Select(r => r.Point)]) { Marked = true, Legend = Legend(alike.Key) },
            ],
            Absence = known ? null : undefined,
        };

        int Count(Role role) => rows.Count(r => r.Role == role);
    }

    // Four times the median reach from 0 where some reach farther: a far candidate, as the mean customer is, would press all others into one point.
    private static (double Low, double High) Ends(List<Standing> rows)
    {
        var far = rows.Select(r => Math.Max(-r.Least, r.Most)).Where(r => double.IsFinite(r) && r > 0).Order().ToList();
        if (far.Count == 0) return (-1, 1);
        var most = Math.Min(far[^1], 4 * far[(far.Count - 1) / 2]);
        var low = rows.Select(r => r.Least).Where(double.IsFinite).Append(-most / 8).Min();
        var high = rows.Select(r => r.Most).Where(double.IsFinite).Append(most / 8).Max();
        return (1.04 * Math.Max(low, -most), 1.04 * Math.Min(high, most));
    }

    private static Phrase Direction(Figure metric) => metric.Order switch
    {
        Better.Higher => $"right is better",
        Better.Lower => $"left is better",
        _ => $"the figure that is nearer to 0 is better",
    };

    private static Phrase Measured(Figure metric, Phrase title, string winner, bool texts) => metric.Key == Metric.LogLoss.Key
        ? texts ? Phrase.Of($"{title} less that of {winner}, nats per text") : $"{title} less that of {winner}, nats per customer"
        : FigureText.Kind(metric) == FigureKind.Amount ? Phrase.Of($"{title} less that of {winner}, account currency") : $"{title} less that of {winner}";

    private static Phrase About(Phrase title, string winner, bool texts) => texts ? Phrase.Of($"{title} on the test texts, as a difference to {winner}; bars: 95 % intervals over resampled texts")
        : $"{title} on the test customers, as a difference to {winner}; bars: 95 % intervals over resampled customers";

    private static Phrase Legend(Role role) => role switch
    {
        Role.Winner => $"chosen",
        Role.Better => $"better",
        Role.Worse => $"worse",
        Role.Other => $"the others",
        _ => $"can't be told apart",
    };

    /// <summary>A candidate beside the winner. Comparisons are the winner less the other; here it is the other less the winner.</summary>
    private sealed record Standing(Figure Metric, string Name, double Figure, int Row, ModelComparison? Against, bool Chosen)
    {
        private double Difference => Chosen ? 0 : -Against?.Difference ?? double.NaN;

        private Reach Interval => Against is null ? new(double.NaN, double.NaN) : new(-Against.High, -Against.Low);

        /// <summary>The lowest value that is drawn of it; NaN where none is.</summary>
        public double Least => Interval.IsFinite ? Math.Min(Difference, Interval.Low) : Difference;

        /// <summary>The highest value that is drawn of it; NaN where none is.</summary>
        public double Most => Interval.IsFinite ? Math.Max(Difference, Interval.High) : Difference;

        // Of two figures on either side of 0 the interval tells which is higher, not which is nearer.
        public Role Role => Chosen ? Role.Winner : Metric.Order == Better.NearZero ? Role.Other : !Interval.IsFinite || Interval is { Low: <= 0, High: >= 0 } ? Role.Level
            : Interval.Low > 0 == (Metric.Order == Better.Higher) ? Role.Better : Role.Worse;

        /// <summary>The difference with its interval.</summary>
        public Phrase Apart => Interval.IsFinite ? $"{FigureText.Difference(Metric, Difference)} [{FigureText.Difference(Metric, Interval.Low)}, {FigureText.Difference(Metric, Interval.High)}]" : FigureText.Difference(Metric, Difference);

        public Phrase Words => Chosen ? Phrase.Of($"{Name}, chosen: {FigureText.Of(Metric, Figure)}") : $"{Name}: {FigureText.Of(Metric, Figure)}, difference {Apart}";

        public ChartPoint Point => new(Difference, Row, Words) { Across = Chosen || !Interval.IsFinite ? null : Interval };
    }
}
