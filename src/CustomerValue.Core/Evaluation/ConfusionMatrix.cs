namespace CustomerValue.Evaluation;

/// <summary>What texts are against what they are told to be.</summary>
/// <param name="Classes">[classes]: names.</param>
/// <param name="Counts">[classes][classes]: texts of the first that are told to be the second.</param>
public sealed record ConfusionMatrix(IReadOnlyList<string> Classes, IReadOnlyList<int[]> Counts)
{
    /// <summary>Counts them; told is the likeliest class, of equals the first.</summary>
    /// <param name="classes">Names.</param>
    /// <param name="actual">[rows]: class of each row.</param>
    /// <param name="probabilities">[rows][classes]</param>
    /// <exception cref="ArgumentException">Lengths differ, or a row has a class that has no name.</exception>
    public static ConfusionMatrix Of(IReadOnlyList<string> classes, IReadOnlyList<int> actual, IReadOnlyList<double[]> probabilities)
    {
        Check.SameLength(actual.Count, probabilities.Count, nameof(probabilities));
        int[][] counts = [.. classes.Select(_ => new int[classes.Count])];
        for (var row = 0; row < actual.Count; row++)
        {
            if (actual[row] < 0 || actual[row] >= classes.Count || probabilities[row].Length != classes.Count)
                throw new ArgumentException($"Row {row} has the class {actual[row]} and {probabilities[row].Length} probabilities; there are {classes.Count} classes, from 0.", nameof(actual));
            counts[actual[row]][Array.IndexOf(probabilities[row], probabilities[row].Max())]++;
        }
        return new(classes, counts);
    }

    /// <summary>Rows that are told rightly.</summary>
    public int Right => Counts.Select((row, c) => row[c]).Sum();

    /// <summary>All rows.</summary>
    public int Rows => Counts.Sum(row => row.Sum());

    /// <summary>The same with the classes of fewest rows put together, so that at most <paramref name="most"/> are left.</summary>
    /// <param name="most">From 2 up.</param>
    /// <param name="rest">What the others are called together, after how many they are.</param>
    public ConfusionMatrix Largest(int most, string rest = "others")
    {
        Check.Within(most, 2, 100_000);
        if (Classes.Count <= most) return this;
        int[] kept = [.. Enumerable.Range(0, Classes.Count).OrderByDescending(c => Counts[c].Sum()).Take(most - 1).Order()];
        int[] place = [.. Enumerable.Range(0, Classes.Count).Select(c => Array.IndexOf(kept, c) is var at && at < 0 ? most - 1 : at)];
        int[][] counts = [.. Enumerable.Range(0, most).Select(_ => new int[most])];
        for (var from = 0; from < place.Length; from++)
            for (var to = 0; to < place.Length; to++) counts[place[from]][place[to]] += Counts[from][to];
        return new([.. kept.Select(c => Classes[c]), $"{Classes.Count - kept.Length} {rest}"], counts);
    }
}
