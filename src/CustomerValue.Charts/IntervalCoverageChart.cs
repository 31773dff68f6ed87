using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Charts;

/// <summary>Do intervals of customers' spend hold as often as they say?</summary>
public static class IntervalCoverageChart
{
    /// <summary>Share of customers whose spend fell inside, against the level claimed, with its 95 % interval.</summary>
    /// <param name="labels">What the customers did.</param>
    /// <param name="intervals">Each level's intervals, row for row.</param>
    /// <param name="name">What made them.</param>
    /// <exception cref="ArgumentException">Lengths differ, or there is nobody.</exception>
    public static Chart Of(Labels labels, IReadOnlyList<SpendIntervals> intervals, string name = CandidateLines.Unnamed)
    {
        var told = intervals.Select(i => IntervalCoverage.Of(labels.Spend, i)).OrderBy(c => c.Level).ToList();
        var whose = CandidateLines.Called(name);
        return new(new Axis($"Claimed: probability that spend falls inside, %", 0, 1) { Kind = FigureKind.Share }, new Axis($"Held: customers whose spend fell inside, %", 0, 1) { Kind = FigureKind.Share })
        {
            Name = "interval-coverage",
            Words = new()
            {
                Title = $"Do intervals hold as often as they say?",
                Subtitle = $"{FigureText.Customers(labels.Rows)}, next {labels.HorizonDays} days; bars: 95 % intervals of the share. Above the diagonal is wider than it need be, as where the lower end is 0",
                Reading = told.Count == 0 ? Phrase.Of($"No intervals.") : $"Intervals of {whose} at {FigureText.Share(told[told.Count / 2].Level)} held for {FigureText.Share(told[told.Count / 2].Share)} of the customers.",
                Description = $"{Phrase.Join("; ", told.Select(Words))}.",
            },
            Series =
            [
                new($"as claimed", Role.Chance, [new(0, 0), new(1, 1)]) { Joined = true, Legend = $"held as claimed" },
                new(whose, Role.Winner, [.. told.Select(c => new ChartPoint(c.Level, c.Share, Words(c)) { Upwards = c.ShareInterval() is var (low, high) ? new Reach(low, high) : null })]) { Joined = true, Marked = true, Legend = whose },
            ],
            Absence = told.Count == 0 ? Phrase.Of($"No intervals were given.") : null,
        };
    }

    /// <summary>The same of a fitted candidate that knows how sure it is.</summary>
    /// <param name="customers">Features and what happened, row for row.</param>
    /// <param name="fitted">Who is asked.</param>
    /// <param name="levels">Levels, between 0 and 1; six of them from a half on where none are given.</param>
    public static Chart Of(LabelledTable customers, IHasInterval fitted, params IReadOnlyList<double> levels) =>
        Of(customers.Labels, [.. (levels.Count > 0 ? levels : [0.5, 0.6, 0.7, 0.8, 0.9, 0.95]).Select(level => fitted.Interval(customers.Features, level) is var (low, high) ? new SpendIntervals(low, high, level) : null!)]);

    private static Phrase Words(IntervalCoverage c) =>
        $"{FigureText.Share(c.Level)} claimed, {FigureText.Share(c.Share)} held, {FigureText.Count(c.Below)} below and {FigureText.Count(c.Above)} above of {FigureText.Customers(c.Customers)}, {FigureText.Amount(c.MeanWidth)} wide on average";
}
