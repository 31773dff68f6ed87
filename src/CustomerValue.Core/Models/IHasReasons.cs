using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>A fitted candidate that can say what its answers are made of. Asked for only where reasons are wanted: they cost more than scores.</summary>
public interface IHasReasons : IFittedCandidate
{
    /// <summary>What each column adds to or takes from the answer.</summary>
    /// <param name="customers">Needs <see cref="IFittedCandidate.Columns"/>.</param>
    /// <param name="answer">The answer to be explained; one that the candidate doesn't give has no contributions.</param>
    Contributions Reasons(FeatureTable customers, Answer answer);
}

/// <summary>The two questions, as far as a model knows them.</summary>
public enum Answer
{
    /// <summary>Net spend over the horizon; contributions are logarithms.</summary>
    Spend,

    /// <summary>No order over the horizon; contributions are logits.</summary>
    Churn,
}

/// <summary>What columns add to or take from an answer, on the scale on which they add up: the logit of churn, or the logarithm of spend.</summary>
/// <param name="Columns">[columns]</param>
/// <param name="Values">[columns][rows]</param>
public sealed record Contributions(IReadOnlyList<string> Columns, IReadOnlyList<double[]> Values)
{
    /// <summary>Nothing to tell.</summary>
    public static Contributions None { get; } = new([], []);

    /// <summary>Adds up contributions column by column, each side times its weight.</summary>
    public static Contributions Sum(IReadOnlyList<(double Weight, Contributions Part)> parts)
    {
        var sums = new Dictionary<string, double[]>(StringComparer.Ordinal);
        foreach (var (weight, part) in parts)
            for (var c = 0; c < part.Columns.Count; c++)
            {
                var values = part.Values[c];
                if (!sums.TryGetValue(part.Columns[c], out var sum)) sums[part.Columns[c]] = sum = new double[values.Length];
                for (var row = 0; row < sum.Length; row++) sum[row] += weight * values[row];
            }
        return new([.. sums.Keys], [.. sums.Values]);
    }

    /// <summary>The columns by the mean size of what they add or take, largest first; of equals in the order given.</summary>
    public IReadOnlyList<(string Column, double MeanSize)> BySize() =>
        [.. Columns.Select((name, c) => (name, Values[c].Length == 0 ? 0 : Values[c].Average(Math.Abs))).OrderByDescending(c => c.Item2)];

    /// <summary>The columns that count most for one row, by size.</summary>
    public IReadOnlyList<Reason> Top(int row, int count) =>
        [.. Columns.Select((name, c) => new Reason(name, Values[c][row])).Where(r => r.Contribution != 0).OrderByDescending(r => Math.Abs(r.Contribution)).Take(count)];
}

/// <summary>One column's part in one answer.</summary>
/// <param name="Column">The column.</param>
/// <param name="Contribution">What it adds (above 0) or takes, as a logit of churn or a logarithm of spend.</param>
public readonly record struct Reason(string Column, double Contribution);
