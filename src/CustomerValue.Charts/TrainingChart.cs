using CustomerValue.Tracking;

namespace CustomerValue.Charts;

/// <summary>Does a network still learn, and does it learn by heart?</summary>
public static class TrainingChart
{
    /// <summary>Figures of a training by step, a line each.</summary>
    /// <param name="points">What a run recorded, in any order.</param>
    /// <param name="names">The figures to show, all in one unit, such as the loss on training and evaluation texts.</param>
    /// <param name="unit">Their unit.</param>
    /// <exception cref="ArgumentException">No figure is named.</exception>
    public static Chart Of(IEnumerable<MetricPoint> points, IReadOnlyList<string> names, string unit = "nats")
    {
        if (names.Count == 0) throw new ArgumentException("Name the figures to show, such as \"loss\".", nameof(names));
        var recorded = points.ToLookup(p => p.Name, StringComparer.Ordinal);
        var lines = names.Select(name => (Name: name, Points: recorded[name].Where(p => double.IsFinite(p.Value)).OrderBy(p => p.Step).ToList())).ToList();
        var measure = Phrase.Unit(unit);
        var all = lines.SelectMany(l => l.Points).ToList();
        var (low, high) = (Math.Min(0, all.Select(p => p.Value).DefaultIfEmpty(0).Min()), all.Select(p => p.Value).DefaultIfEmpty(1).Max());
        return new(new Axis($"Step", 0, Math.Max(1, all.Select(p => p.Step).DefaultIfEmpty(1).Max())) { Whole = true }, new Axis($"{Names()}, {measure}", low, high > low ? high + 0.04 * (high - low) : low + 1))
        {
            Name = "training",
            Words = new()
            {
                Title = $"Does it still learn?",
                Subtitle = Phrase.Join("; ", lines.Select(l => Phrase.Of($"{l.Name}: {FigureText.Count(l.Points.Count)} points"))),
                Reading = all.Count == 0 ? Phrase.Of($"Nothing was recorded.") : $"{Phrase.Join("; ", lines.Where(l => l.Points.Count > 0).Select(l => Phrase.Of($"{l.Name} went from {FigureText.Number(l.Points[0].Value)} to {FigureText.Number(l.Points[^1].Value)} {measure}")))}.",
                Description = $"{Phrase.Join("; ", lines.Where(l => l.Points.Count > 0).Select(l => Phrase.Of($"{l.Name}: {Phrase.Join(", ", Groups.Sample(l.Points.Count, 9).Append(l.Points.Count - 1).Distinct().Select(i => Phrase.Of($"{FigureText.Number(l.Points[i].Value)} at step {FigureText.Count(l.Points[i].Step)}")))}")))}.",
            },
            Series = [.. lines.Select((l, i) => new Series(Phrase.Name(l.Name), Groups.Of(i), [.. l.Points.Select(p => new ChartPoint(p.Step, p.Value, $"{l.Name}, step {FigureText.Count(p.Step)}: {FigureText.Number(p.Value)} {measure}"))])
            {
                Joined = true, Marked = l.Points.Count is > 0 and <= 60, Legend = Groups.Legend(l.Name, i, lines.Count),
            }).Reverse()],
            Absence = all.Count == 0 ? Phrase.Of($"Nothing was recorded of {Names()}.") : null,
        };

        Phrase Names() => Phrase.Join(", ", names.Select(Phrase.Name));
    }
}
