using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.Models.Blends;

/// <summary>What the blends share.</summary>
internal static class BlendMembers
{
    internal static IReadOnlyList<ICandidate> Checked(IReadOnlyList<ICandidate> members, string blend) => members.Count >= 2 ? members
        : throw new ArgumentException($"The blend '{blend}' has {members.Count} member(s); blending needs at least two.", nameof(members));

    /// <summary>The blend's own settings and every member's, the latter under the member's name.</summary>
    internal static Dictionary<string, string> Settings(IReadOnlyList<ICandidate> members, Dictionary<string, string> own)
    {
        own["members"] = string.Join(", ", members.Select(m => m.Name));
        foreach (var member in members)
            foreach (var (key, value) in member.Settings) own[string.Create(CultureInfo.InvariantCulture, $"{member.Name}.{key}")] = value;
        return own;
    }

    /// <summary>The columns that any member reads.</summary>
    internal static string[] Columns(IEnumerable<IFittedCandidate> members) => [.. members.SelectMany(m => m.Columns).Distinct(StringComparer.Ordinal)];

    /// <summary>What the members that can give reasons say, by weight.</summary>
    internal static Contributions Reasons(IReadOnlyList<IFittedCandidate> members, IReadOnlyList<double> weights, double slope, FeatureTable customers, Answer answer) =>
        Contributions.Sum([.. members.Select((m, i) => (weights[i] * slope, (m as IHasReasons)?.Reasons(customers, answer) ?? Contributions.None))]);

    /// <summary>sum over members of weight x column.</summary>
    internal static double[] Sum(double[][] columns, IReadOnlyList<double> weights)
    {
        var sum = new double[columns[0].Length];
        for (var m = 0; m < columns.Length; m++)
            for (var row = 0; row < sum.Length; row++) sum[row] += weights[m] * columns[m][row];
        return sum;
    }
}
