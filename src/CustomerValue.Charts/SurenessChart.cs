using CustomerValue.Evaluation;

namespace CustomerValue.Charts;

/// <summary>Is a model right as often as it is sure?</summary>
public static class SurenessChart
{
    private const int Bins = 10;

    /// <summary>Probability of the likeliest label against the share of texts that have it, in bins of equal count; one line a candidate, 95 % intervals for the winner.</summary>
    /// <param name="labels">[texts]: what the texts are.</param>
    /// <param name="candidates">What each candidate told of them [texts][labels].</param>
    /// <param name="winner">The candidate to tell apart.</param>
    /// <exception cref="ArgumentException">The winner isn't among them.</exception>
    public static Chart Of(IReadOnlyList<int> labels, IReadOnlyList<(string Name, double[][] Probabilities)> candidates, string winner)
    {
        var groups = AnsweredChart.WinnerLast(candidates, winner).Select(c => (c.Name, Groups: CalibrationGroup.Of(AnsweredChart.Right(labels, c.Probabilities), [.. c.Probabilities.Select(p => p.Max())], Bins))).ToList();
        var own = groups[^1].Groups;
        var low = AnsweredChart.Below(groups.SelectMany(g => g.Groups).SelectMany(g => new[] { g.MeanPredicted, g.MeanActual }).Concat(own.Select(g => g.RateInterval().Low)));
        return new(
            new Axis($"Sure: mean probability of the likeliest label, %", low, 1) { Kind = FigureKind.Share },
            new Axis($"Right: texts whose label it is, %", low, 1) { Kind = FigureKind.Share })
        {
            Name = "sureness",
            Words = new()
            {
                Title = $"Is it right as often as it is sure?",
                Subtitle = $"{FigureText.Texts(labels.Count)} in {own.Count} bins of equal count by the likeliest label's probability; bars: 95 % intervals of the share",
                Reading = own.Count == 0 ? Phrase.Of($"No texts.") : $"In {own.Count(g => Rate(g) is var rate && g.MeanPredicted >= rate.Low && g.MeanPredicted <= rate.High)} of {own.Count} bins the probability that {winner} gave lies within the 95 % interval of the share that was right.",
                Description = own.Count == 0 ? Phrase.Of($"No texts.") : $"How sure {winner} was of the likeliest label, and how often it was right, by bin. {Phrase.Join("; ", own.Select(Words))}.",
            },
            Series =
            [
                new($"as sure as right", Role.Chance, [new(low, low), new(1, 1)]) { Joined = true, Legend = $"as sure as right" },
                .. CandidateLines.Through(groups, Words, (point, group, _) => point with { Upwards = Rate(group) }),
            ],
            Absence = own.Count == 0 ? Phrase.Of($"There are no texts to compare.") : null,
        };
    }

    private static Reach Rate(CalibrationGroup group)
    {
        var (low, high) = group.RateInterval();
        return new(low, high);
    }

    private static Phrase Words(CalibrationGroup group, int number) =>
        $"bin {number + 1}: {FigureText.Share(group.MeanPredicted)} sure, {FigureText.Share(group.MeanActual)} right [{FigureText.Share(Rate(group).Low)}, {FigureText.Share(Rate(group).High)}], {FigureText.Texts(group.Customers)}";
}
