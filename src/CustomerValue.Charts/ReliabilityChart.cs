using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Charts;

/// <summary>Do as many customers leave as was foreseen?</summary>
public static class ReliabilityChart
{
    /// <summary>Groups of <see cref="Metric.CalibrationError"/>.</summary>
    private const int Bins = 15;

    /// <summary>Probability of churn foreseen against the rate observed, in bins of equal count; one line a candidate, 95 % intervals for the winner.</summary>
    /// <param name="labels">What the customers did.</param>
    /// <param name="candidates">What each candidate foresaw, row for row; those without an answer for churn are left out.</param>
    /// <param name="winner">The candidate to tell apart.</param>
    /// <exception cref="ArgumentException">The winner doesn't answer.</exception>
    public static Chart Of(Labels labels, IReadOnlyList<(string Name, Scores Scores)> candidates, string winner)
    {
        var churned = Scoreboard.Actual(labels, Target.Churn);
        var groups = CandidateLines.Answering(Target.Churn, candidates, winner).Select(c => (c.Name, Groups: CalibrationGroup.Of(churned, c.Predicted, Bins))).ToList();
        var (own, who) = (groups[^1].Groups, CandidateLines.Called(winner));
        return new(
            new Axis($"Foreseen: mean probability of no order, %", 0, 1) { Kind = FigureKind.Share },
            new Axis($"Observed: customers without an order, %", 0, 1) { Kind = FigureKind.Share })
        {
            Name = "churn-reliability",
            Words = new()
            {
                Title = $"Do as many customers leave as was foreseen?",
                Subtitle = own.Count == 0 ? Phrase.Of($"{FigureText.Customers(labels.Rows)}, next {labels.HorizonDays} days, in {own.Count} bins by the probability foreseen; bars: 95 % intervals of the rate")
                    : $"{FigureText.Customers(labels.Rows)}, next {labels.HorizonDays} days, in {own.Count} bins by the probability foreseen, {Each(own)} in each; bars: 95 % intervals of the rate",
                Reading = own.Count == 0 ? Phrase.Of($"No customers.") : $"In {own.Count(g => Rate(g) is var rate && g.MeanPredicted >= rate.Low && g.MeanPredicted <= rate.High)} of {own.Count} bins the probability that {who} foresaw lies within the 95 % interval of the rate observed.",
                Description = own.Count == 0 ? Phrase.Of($"No customers.") : $"Probability of no order as {who} foresaw it, and the rate observed, by bin. {Phrase.Join("; ", own.Select(Words))}.",
            },
            Series =
            [
                new($"as foreseen", Role.Chance, [new(0, 0), new(1, 1)]) { Joined = true, Legend = $"observed as foreseen" },
                .. CandidateLines.Through(groups, Words, (point, group, _) => point with { Upwards = Rate(group) }),
            ],
            Absence = own.Count == 0 ? Phrase.Of($"There are no customers to compare.") : null,
        };
    }

    /// <summary>The same of one candidate.</summary>
    /// <param name="labels">What the customers did.</param>
    /// <param name="scores">What was foreseen, row for row.</param>
    /// <param name="name">What foresaw it.</param>
    public static Chart Of(Labels labels, Scores scores, string name = CandidateLines.Unnamed) => Of(labels, [(name, scores)], name);

    private static Reach Rate(CalibrationGroup group)
    {
        var (low, high) = group.RateInterval();
        return new(low, high);
    }

    private static Phrase Words(CalibrationGroup group, int number) =>
        $"bin {number + 1}: {FigureText.Share(group.MeanPredicted)} foreseen, {FigureText.Share(group.MeanActual)} observed [{FigureText.Share(Rate(group).Low)}, {FigureText.Share(Rate(group).High)}], {FigureText.Customers(group.Customers)}";

    private static Phrase Each(IReadOnlyList<CalibrationGroup> groups) => (groups.Min(g => g.Customers), groups.Max(g => g.Customers)) is var (least, most) && least == most
        ? FigureText.Customers(least) : $"{FigureText.Count(least)} or {FigureText.Customers(most)}";
}
