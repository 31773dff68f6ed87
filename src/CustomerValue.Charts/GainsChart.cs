using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Charts;

/// <summary>How much of the spend do the customers with the highest value hold?</summary>
public static class GainsChart
{
    private const int Steps = 100;

    /// <summary>Share of the actual spend that the top x % of customers hold, in the order that was foreseen, beside the perfect order and chance.</summary>
    /// <param name="labels">What the customers did.</param>
    /// <param name="candidates">What each candidate foresaw, row for row.</param>
    /// <param name="winner">The candidate to show.</param>
    /// <param name="baseline">A candidate to show beside it; left out where it isn't among them, or is the winner.</param>
    /// <exception cref="ArgumentException">The winner doesn't answer.</exception>
    public static Chart Of(Labels labels, IReadOnlyList<(string Name, Scores Scores)> candidates, string winner, string? baseline = "spend-so-far")
    {
        var shown = CandidateLines.Answering(Target.Value, candidates, winner).Where(c => c.Name == winner || c.Name == baseline)
            .Select(c => (c.Name, Points: GainsPoint.Of(labels.Spend, c.Predicted, Steps))).ToList();
        var (own, perfect) = (shown[^1].Points, GainsPoint.Of(labels.Spend, labels.Spend, Steps));
        return new(
            new Axis("Customers, the highest value first, % of all", 0, 1) { Kind = FigureKind.Share },
            new Axis("Spend that they hold, % of all", 0, 1) { Kind = FigureKind.Share })
        {
            Name = "gains",
            Title = "How much of the spend do the best customers hold?",
            Subtitle = $"{FigureText.Customers(labels.Rows)}, next {labels.HorizonDays} days, the highest value first: share of their net spend",
            Reading = own.Count == 0 ? "Nobody spent anything." : $"The tenth of the customers that {winner} puts first holds {HeldByTenth(own)} of the spend, and in the perfect order {HeldByTenth(perfect)}.",
            Description = own.Count == 0 ? "Nobody spent anything." : "Share of all net spend held by the customers with the highest value. "
                + string.Join(" ", shown.AsEnumerable().Reverse().Append((Name: "the perfect order", Points: perfect)).Select(c => $"By {c.Name}: {Held(c.Points)}.")),
            Series =
            [
                new("chance", Role.Chance, [new(0, 0), new(1, 1)]) { Joined = true, Legend = "chance" },
                Curve("perfect order", Role.Perfect, perfect, "perfect order"),
                .. shown.Select(c => c.Name == winner ? Curve(winner, Role.Winner, c.Points, shown.Count == 1 ? winner : $"{winner} (chosen)") : Curve(c.Name, Role.Baseline, c.Points, $"{c.Name} (baseline)")),
            ],
            Absence = own.Count == 0 ? "Nobody spent anything in these days, so there is nothing to hold a share of." : null,
        };

        Series Curve(string name, Role role, IReadOnlyList<GainsPoint> points, string legend) => new(name, role,
            [.. points.Select(p => new ChartPoint((double)p.Customers / labels.Rows, p.Held, Words(name, p))
            {
                Label = role == Role.Winner && p == Tenth(points) ? $"top tenth: {FigureText.Share(p.Held)} of the spend" : null,
            })]) { Joined = true, Legend = legend };

        string HeldByTenth(IReadOnlyList<GainsPoint> points) => FigureText.Share(Tenth(points)?.Held ?? double.NaN);

        GainsPoint? Tenth(IReadOnlyList<GainsPoint> points) => points.FirstOrDefault(p => p.Customers == (labels.Rows + 9) / 10);

        string Held(IReadOnlyList<GainsPoint> points) => string.Join(", ", ((int[])[1, 2, 5])
            .Select(tenths => points.FirstOrDefault(p => p.Customers == (labels.Rows * (long)tenths + 9) / 10)).OfType<GainsPoint>().Select(p => Words("top", p)));

        string Words(string name, GainsPoint point) => $"{name} {FigureText.Share((double)point.Customers / labels.Rows)} hold {FigureText.Share(point.Held)}";
    }

    /// <summary>The same of one candidate.</summary>
    /// <param name="labels">What the customers did.</param>
    /// <param name="scores">What was foreseen, row for row.</param>
    /// <param name="name">What foresaw it.</param>
    public static Chart Of(Labels labels, Scores scores, string name = "the model") => Of(labels, [(name, scores)], name, baseline: null);
}
