using System.Globalization;

namespace CustomerValue.Models.Blends;

/// <summary>Where the weights of a blend come from.</summary>
public enum BlendWeights
{
    /// <summary>Every member counts the same: hard to beat with few cutoffs to learn from.</summary>
    Equal,

    /// <summary>Chosen at the latest training cutoff, on answers of members that knew only what was known then; see <see cref="Backtest"/>.</summary>
    FromBacktest,
}

/// <summary>All ways to share a whole among members in equal steps; small enough to try each, so the best is found whatever the loss looks like.</summary>
internal static class WeightGrid
{
    /// <summary>The weights with the least loss; among equals the first, which favours the members named last.</summary>
    /// <param name="members">Number of weights.</param>
    /// <param name="loss">Loss of a set of weights that add up to 1.</param>
    internal static double[] Best(int members, Func<double[], double> loss)
    {
        var steps = members switch { <= 3 => 20, 4 => 10, _ => 5 };
        double[]? best = null;
        var least = double.PositiveInfinity;
        foreach (var weights in Shares(members, steps))
        {
            double[] share = [.. weights.Select(w => w / (double)steps)];
            var found = loss(share);
            if (best is not null && !(found < least)) continue;
            (best, least) = (share, found);
        }
        return best!;
    }

    internal static double[] Equal(int members) => [.. Enumerable.Repeat(1.0 / members, members)];

    internal static string Text(IEnumerable<double> weights) =>
        string.Join(' ', weights.Select(w => w.ToString("0.###", CultureInfo.InvariantCulture)));

    private static IEnumerable<int[]> Shares(int members, int left) => members == 1
        ? [[left]]
        : Enumerable.Range(0, left + 1).SelectMany(first => Shares(members - 1, left - first).Select(rest => (int[])[first, .. rest]));
}
