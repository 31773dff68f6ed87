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
        var who = CandidateLines.Called(winner);
        return new(
            new Axis($"Customers, the highest value first, % of all", 0, 1) { Kind = FigureKind.Share },
            new Axis($"Spend that they hold, % of all", 0, 1) { Kind = FigureKind.Share })
        {
            Name = "gains",
            Words = new()
            {
                Title = $"How much of the spend do the best customers hold?",
                Subtitle = $"{FigureText.Customers(labels.Rows)}, next {labels.HorizonDays} days, the highest value first: share of their net spend",
                Reading = own.Count == 0 ? Phrase.Of($"Nobody spent anything.") : $"The tenth of the customers that {who} puts first holds {HeldByTenth(own)} of the spend, and in the perfect order {HeldByTenth(perfect)}.",
                Description = own.Count == 0 ? Phrase.Of($"Nobody spent anything.")
                    : $"Share of all net spend held by the customers with the highest value. {Phrase.Join(" ", shown.AsEnumerable().Reverse().Select(c => Phrase.Of($"By {CandidateLines.Called(c.Name)}: {Held(c.Points)}.")).Append(Phrase.Of($"By the perfect order: {Held(perfect)}.")))}",
            },
            Series =
            [
                new($"chance", Role.Chance, [new(0, 0), new(1, 1)]) { Joined = true, Legend = $"chance" },
                Curve($"perfect order", Role.Perfect, perfect, $"perfect order"),
                .. shown.Select(c => c.Name == winner ? Curve(who, Role.Winner, c.Points, CandidateLines.Legend(winner, winner: true, shown.Count - 1, first: false)!) : Curve(Phrase.Name(c.Name), Role.Baseline, c.Points, $"{c.Name} (baseline)")),
            ],
            Absence = own.Count == 0 ? Phrase.Of($"Nobody spent anything in these days, so there is nothing to hold a share of.") : null,
        };

        Series Curve(Phrase name, Role role, IReadOnlyList<GainsPoint> points, Phrase legend) => new(name, role,
            [.. points.Select(p => new ChartPoint((double)p.Customers / labels.Rows, p.Held, Words(name, p))
            {
                Label = role == Role.Winner && p == Tenth(points) ? Phrase.Of($"top tenth: {FigureText.Share(p.Held)} of the spend") : null,
            })]) { Joined = true, Legend = legend };

        Phrase HeldByTenth(IReadOnlyList<GainsPoint> points) => FigureText.Share(Tenth(points)?.Held ?? double.NaN);

        GainsPoint? Tenth(IReadOnlyList<GainsPoint> points) => points.FirstOrDefault(p => p.Customers == (labels.Rows + 9) / 10);

        Phrase Held(IReadOnlyList<GainsPoint> points) => Phrase.Join(", ", ((int[])[1, 2, 5])
            .Select(tenths => points.FirstOrDefault(p => p.Customers == (labels.Rows * (long)tenths + 9) / 10)).OfType<GainsPoint>().Select(p => Phrase.Of($"top {Share(p)} hold {FigureText.Share(p.Held)}")));

        Phrase Share(GainsPoint point) => FigureText.Share((double)point.Customers / labels.Rows);

        Phrase Words(Phrase name, GainsPoint point) => $"{name} {Share(point)} hold {FigureText.Share(point.Held)}";
    }

    /// <summary>The same of one candidate.</summary>
    /// <param name="labels">What the customers did.</param>
    /// <param name="scores">What was foreseen, row for row.</param>
    /// <param name="name">What foresaw it.</param>
    public static Chart Of(Labels labels, Scores scores, string name = CandidateLines.Unnamed) => Of(labels, [(name, scores)], name, baseline: null);
}
