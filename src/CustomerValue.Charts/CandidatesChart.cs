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
        Of(new(metric.Key, metric.Title, metric.Order), metric.Target.ToString().ToLowerInvariant(), "customer", winner, candidates, comparisons);

    /// <summary>The same of candidates that tell texts apart.</summary>
    /// <inheritdoc cref="Of(Metric, string, IReadOnlyList{CandidateResult}, IReadOnlyList{ModelComparison})"/>
    public static Chart Of(ClassMetric metric, string winner, IReadOnlyList<CandidateResult> candidates, IReadOnlyList<ModelComparison> comparisons) =>
        Of(metric.Figure, null, "text", winner, candidates, comparisons);

    private static Chart Of(Figure metric, string? about, string one, string winner, IReadOnlyList<CandidateResult> candidates, IReadOnlyList<ModelComparison> comparisons)
    {
        var judged = candidates.Where(c => c.Metrics.TryGetValue(metric.Key, out var figure) && double.IsFinite(figure)).Select(c => (c.Name, Figure: c.Metrics[metric.Key])).ToList();
        judged.Sort((a, b) => metric.IsBetter(a.Figure, b.Figure) ? -1 : metric.IsBetter(b.Figure, a.Figure) ? 1 : string.CompareOrdinal(a.Name, b.Name));
        var against = comparisons.Where(c => c.Metric == metric.Key && c.A == winner).ToDictionary(c => c.B, StringComparer.Ordinal);
        var rows = judged.Select((c, row) => new Standing(metric, c.Name, c.Figure, row, against.GetValueOrDefault(c.Name), c.Name == winner)).ToList();
        var known = rows.Any(r => r.Chosen);
        var (low, high) = Ends(rows);
        var beyond = rows.Any(r => r.Least < low || r.Most > high);
        return new(
            new Axis($"{metric.Title} less that of {winner}{Unit(metric, one)}: {Direction(metric)}", low, high) { Kind = FigureText.Kind(metric), Signed = true },
            Axis.Of("Candidates", [metric.Title, "Difference [95 % interval]"], [.. rows.Select(r => new AxisRow(r.Name, [FigureText.Of(metric, r.Figure), r.Chosen ? "" : r.Apart], r.Chosen))]))
        {
            Name = about is null ? "candidates" : $"candidates-{about}",
            Title = $"How do the candidates stand to the one chosen{(about is null ? "" : $" for {about}")}?",
            Subtitle = $"{metric.Title} on the test {one}s, as a difference to {winner}; bars: 95 % intervals over resampled {one}s{(beyond ? "; arrows go on beyond the axis" : "")}",
            Reading = $"{Told(Role.Better, "better")}, {Told(Role.Worse, "worse")} and {Told(Role.Level, "can't be told apart")} of the {rows.Count(r => !r.Chosen)} candidates beside {winner}, by {metric.Title}.",
            Description = known ? string.Join("; ", rows.Select(r => r.Words)) + "." : $"{metric.Title} isn't defined on these {one}s.",
            Series =
            [
                .. from row in rows
                   group row by row.Role into alike
                   orderby alike.Key descending
                   select new Series(Legend(alike.Key), alike.Key, [.. alike.Select(r => r.Point)]) { Marked = true, Legend = Legend(alike.Key) },
            ],
            Absence = known ? null : $"{metric.Title} isn't defined on these {one}s.",
        };

        string Told(Role role, string words) => $"{rows.Count(r => r.Role == role)} {words}";
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

    private static string Direction(Figure metric) => metric.Order switch
    {
        Better.Higher => "right is better",
        Better.Lower => "left is better",
        _ => "the figure that is nearer to 0 is better",
    };

    private static string Unit(Figure metric, string one) => metric.Key == Metric.LogLoss.Key ? $", nats per {one}" : FigureText.Kind(metric) == FigureKind.Amount ? ", account currency" : "";

    private static string Legend(Role role) => role switch
    {
        Role.Winner => "chosen",
        Role.Better => "better",
        Role.Worse => "worse",
        Role.Other => "the others",
        _ => "can't be told apart",
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
        public string Apart => FigureText.Difference(Metric, Difference) + (Interval.IsFinite ? $" [{FigureText.Difference(Metric, Interval.Low)}, {FigureText.Difference(Metric, Interval.High)}]" : "");

        public string Words => Chosen ? $"{Name}, chosen: {FigureText.Of(Metric, Figure)}" : $"{Name}: {FigureText.Of(Metric, Figure)}, difference {Apart}";

        public ChartPoint Point => new(Difference, Row, Words) { Across = Chosen || !Interval.IsFinite ? null : Interval };
    }
}
