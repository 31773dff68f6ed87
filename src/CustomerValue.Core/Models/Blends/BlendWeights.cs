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

    /// <summary>Moves ever smaller parts of the whole from one member to another while that lowers the loss; where the loss is convex, the best within a hundredth is found.</summary>
    /// <param name="weights">Where to begin: they add up to 1.</param>
    /// <param name="loss">Loss of a set of weights that add up to 1.</param>
    internal static double[] Refined(double[] weights, Func<double[], double> loss)
    {
        var (best, least) = (weights, loss(weights));
        for (var hundredths = 10; hundredths >= 1; hundredths /= 2)
            for (var better = true; better;)
            {
                better = false;
                for (var from = 0; from < best.Length; from++)
                    for (var to = 0; to < best.Length; to++)
                    {
                        var part = Math.Min(hundredths, Math.Round(100 * best[from])) / 100;
                        if (from == to || part <= 0) continue;
                        double[] moved = [.. best];
                        (moved[from], moved[to]) = (Math.Round(moved[from] - part, 2), Math.Round(moved[to] + part, 2));
                        var found = loss(moved);
                        if (!(found < least)) continue;
                        (best, least, better) = (moved, found, true);
                    }
            }
        return best;
    }

    internal static double[] Equal(int members) => [.. Enumerable.Repeat(1.0 / members, members)];

    internal static string Text(IEnumerable<double> weights) =>
        string.Join(' ', weights.Select(w => w.ToString("0.###", CultureInfo.InvariantCulture)));

    private static IEnumerable<int[]> Shares(int members, int left) => members == 1
        ? [[left]]
        : Enumerable.Range(0, left + 1).SelectMany(first => Shares(members - 1, left - first).Select(rest => (int[])[first, .. rest]));
}
