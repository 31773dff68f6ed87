using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Charts;

/// <summary>Do customers spend what was foreseen, the small ones and the large?</summary>
public static class DecileCalibrationChart
{
    /// <summary>Mean spend foreseen against mean spend, for tenths of the customers by what was foreseen; one line a candidate.</summary>
    /// <param name="labels">What the customers did.</param>
    /// <param name="candidates">What each candidate foresaw, row for row; those without an answer for value are left out.</param>
    /// <param name="winner">The candidate to tell apart.</param>
    /// <exception cref="ArgumentException">The winner doesn't answer.</exception>
    public static Chart Of(Labels labels, IReadOnlyList<(string Name, Scores Scores)> candidates, string winner)
    {
        var groups = CandidateLines.Answering(Target.Value, candidates, winner).Select(c => (c.Name, Groups: CalibrationGroup.Of(labels.Spend, c.Predicted, 10))).ToList();
        var (own, who) = (groups[^1].Groups, CandidateLines.Called(winner));
        var high = Axis.From0($"", groups.SelectMany(c => c.Groups).SelectMany(g => (double[])[g.MeanPredicted, g.MeanActual])).High;
        return new(
            new Axis($"Foreseen: mean net spend per customer, account currency; both axes on a square-root scale", 0, high) { Scale = AxisScale.SquareRoot, Kind = FigureKind.Amount },
            new Axis($"Actual: mean net spend, account currency", 0, high) { Scale = AxisScale.SquareRoot, Kind = FigureKind.Amount })
        {
            Name = "decile-calibration",
            Words = new()
            {
                Title = $"Do customers spend what was foreseen?",
                Subtitle = $"{FigureText.Customers(labels.Rows)}, next {labels.HorizonDays} days, in tenths by the spend foreseen",
                Reading = own.Count == 0 ? Phrase.Of($"No customers.") : $"{who} foresaw {FigureText.Amount(own[^1].MeanPredicted)} for the highest tenth of the customers, who spent {FigureText.Amount(own[^1].MeanActual)}.",
                Description = own.Count == 0 ? Phrase.Of($"No customers.") : $"Mean net spend in account currency by tenth of the customers, as {who} foresaw it and as it was. {Phrase.Join("; ", own.Select(Words))}.",
            },
            Series =
            [
                new($"as foreseen", Role.Chance, [new(0, 0), new(high, high)]) { Joined = true, Legend = $"spent as foreseen" },
                .. CandidateLines.Through(groups, Words, (point, group, number) => number < own.Count - 1 ? point
                    : point with { Label = $"highest tenth: {FigureText.Amount(group.MeanPredicted)} foreseen, {FigureText.Amount(group.MeanActual)} spent" }),
            ],
            Absence = own.Count == 0 ? Phrase.Of($"There are no customers to compare.") : null,
        };
    }

    /// <summary>The same of one candidate.</summary>
    /// <param name="labels">What the customers did.</param>
    /// <param name="scores">What was foreseen, row for row.</param>
    /// <param name="name">What foresaw it.</param>
    public static Chart Of(Labels labels, Scores scores, string name = CandidateLines.Unnamed) => Of(labels, [(name, scores)], name);

    private static Phrase Words(CalibrationGroup group, int number) =>
        $"tenth {number + 1}: {FigureText.Amount(group.MeanPredicted)} foreseen, {FigureText.Amount(group.MeanActual)} spent ({FigureText.Customers(group.Customers)})";
}
