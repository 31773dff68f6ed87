using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Charts;

/// <summary>How many times the mean customer's spend do the customers with the highest value spend?</summary>
public static class LiftChart
{
    private const int Steps = 100;

    /// <summary>Mean spend of the top x % of customers over that of all, in the order that was foreseen, beside the perfect order and chance: what <see cref="GainsChart"/> shows, over the share of customers.</summary>
    /// <param name="labels">What the customers did.</param>
    /// <param name="candidates">What each candidate foresaw, row for row; those without an answer for value are left out.</param>
    /// <param name="winner">The candidate to tell apart.</param>
    /// <exception cref="ArgumentException">The winner doesn't answer.</exception>
    public static Chart Of(Labels labels, IReadOnlyList<(string Name, Scores Scores)> candidates, string winner)
    {
        var shown = CandidateLines.Answering(Target.Value, candidates, winner).Select(c => (c.Name, Points: Lift(GainsPoint.Of(labels.Spend, c.Predicted, Steps)))).ToList();
        var (own, perfect) = (shown[^1].Points, Lift(GainsPoint.Of(labels.Spend, labels.Spend, Steps)));
        var (others, who) = (shown.Count - 1, CandidateLines.Called(winner));
        return new(
            new Axis($"Customers, the highest value first, % of all", 0, 1) { Kind = FigureKind.Share },
            Axis.From0($"Their mean net spend, times that of all", perfect.Concat(shown.SelectMany(s => s.Points)).Select(p => p.Lift)))
        {
            Name = "lift",
            Words = new()
            {
                Title = $"How much better than chance are the best customers found?",
                Subtitle = $"{FigureText.Customers(labels.Rows)}, next {labels.HorizonDays} days, the highest value first",
                Reading = own.Count == 0 ? Phrase.Of($"Nobody spent anything.") : $"The tenth of the customers that {who} puts first spends {FigureText.Number(Tenth(own))} times the mean, and in the perfect order {FigureText.Number(Tenth(perfect))} times.",
                Description = own.Count == 0 ? Phrase.Of($"Nobody spent anything.") : $"By {who}: {Told(own)}. By the perfect order: {Told(perfect)}.",
            },
            Series =
            [
                new($"chance", Role.Chance, [new(0, 1), new(1, 1)]) { Joined = true, Legend = $"chance" },
                Curve($"perfect order", Role.Perfect, perfect, $"perfect order"),
                .. shown.Select((c, i) => Curve(CandidateLines.Called(c.Name), c.Name == winner ? Role.Winner : Role.Other, c.Points, CandidateLines.Legend(c.Name, c.Name == winner, others, i == 0))),
            ],
            Absence = own.Count == 0 ? Phrase.Of($"Nobody spent anything in these days, so nobody spent more than the mean.") : null,
        };

        List<(double Customers, double Lift)> Lift(IReadOnlyList<GainsPoint> points) => [.. points.Where(p => p.Customers > 0).Select(p => ((double)p.Customers / labels.Rows, p.Held * labels.Rows / p.Customers))];

        Series Curve(Phrase name, Role role, List<(double Customers, double Lift)> points, Phrase? legend) => new(name, role, [.. points.Select(p => new ChartPoint(p.Customers, p.Lift, $"{name}, {Words(p)}"))]) { Joined = true, Legend = legend };
    }

    /// <summary>The same of one candidate.</summary>
    /// <param name="labels">What the customers did.</param>
    /// <param name="scores">What was foreseen, row for row.</param>
    /// <param name="name">What foresaw it.</param>
    public static Chart Of(Labels labels, Scores scores, string name = CandidateLines.Unnamed) => Of(labels, [(name, scores)], name);

    private static double Tenth(List<(double Customers, double Lift)> points) => points.First(p => p.Customers >= 0.1 - 1e-9).Lift;

    private static Phrase Told(List<(double Customers, double Lift)> points) => Phrase.Join("; ", ((double[])[0.01, 0.1, 0.2, 0.5]).Select(share => Words(points.First(p => p.Customers >= share - 1e-9))));

    private static Phrase Words((double Customers, double Lift) point) => $"the top {FigureText.Share(point.Customers)} spend {FigureText.Number(point.Lift)} times the mean";
}
