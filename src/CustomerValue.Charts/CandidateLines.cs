using CustomerValue.Evaluation;
using CustomerValue.Models;

namespace CustomerValue.Charts;

/// <summary>Candidates side by side: the winner on top of the others, which look alike and share a line of the legend.</summary>
internal static class CandidateLines
{
    /// <summary>What a candidate is called that nobody named.</summary>
    public const string Unnamed = "the model";

    /// <summary>A candidate's name; the house's own word for one that nobody named.</summary>
    public static Phrase Called(string name) => name == Unnamed ? $"the model" : Phrase.Name(name);

    /// <summary>Those who answer a question, in the order given but the winner last.</summary>
    /// <exception cref="ArgumentException">The winner isn't among them.</exception>
    public static IReadOnlyList<(string Name, double[] Predicted)> Answering(Target target, IReadOnlyList<(string Name, Scores Scores)> candidates, string winner)
    {
        var answers = candidates.Where(c => Scoreboard.Answer(c.Scores, target) is not null).Select(c => (c.Name, Predicted: Scoreboard.Answer(c.Scores, target)!))
            .OrderBy(c => c.Name == winner).ToList();
        return answers.Count > 0 && answers[^1].Name == winner ? answers
            : throw new ArgumentException($"'{winner}' isn't among the candidates that answer {target}. They are: {string.Join(", ", answers.Select(a => a.Name))}.", nameof(winner));
    }

    /// <summary>A line a candidate, what was foreseen across and what was upwards.</summary>
    /// <param name="candidates">Each candidate's groups, the winner last.</param>
    /// <param name="words">What a group says, by its number from 0.</param>
    /// <param name="own">What the winner's points carry besides.</param>
    public static IEnumerable<Series> Through(IReadOnlyList<(string Name, IReadOnlyList<CalibrationGroup> Groups)> candidates,
        Func<CalibrationGroup, int, Phrase> words, Func<ChartPoint, CalibrationGroup, int, ChartPoint> own)
    {
        var others = candidates.Count - 1;
        for (var i = 0; i <= others; i++)
        {
            var ((name, groups), winner) = (candidates[i], i == others);
            var who = Called(name);
            yield return new(who, winner ? Role.Winner : Role.Other,
                [.. groups.Select((g, n) => new ChartPoint(g.MeanPredicted, g.MeanActual, $"{who}, {words(g, n)}") is var point && winner ? own(point, g, n) : point)])
            {
                Joined = true,
                Marked = winner,
                Legend = Legend(name, winner, others, first: i == 0),
            };
        }
    }

    /// <summary>What the legend says of a candidate; null for those who share a line with the first of them.</summary>
    /// <param name="name">The candidate.</param>
    /// <param name="winner">Whether it was chosen.</param>
    /// <param name="others">How many there are beside the winner.</param>
    /// <param name="first">Whether it is the first of the others.</param>
    public static Phrase? Legend(string name, bool winner, int others, bool first) =>
        winner ? others == 0 ? Called(name) : $"{Called(name)} (chosen)" : !first ? null : others == 1 ? Called(name) : $"the other {others} candidates";
}
