using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>Latent semantic analysis: word counts weighed by TF-IDF, brought to length 1, and reduced to the few directions that they vary most along.</summary>
/// <param name="components">Number of directions.</param>
/// <param name="minimumRows">Training rows that must hold a word for it to count.</param>
/// <remarks>Deerwester and others (1990). The directions are those of the largest singular values, found by subspace iteration from a fixed start, so that a fit repeats.</remarks>
public sealed class LatentWords(int components = 20, int minimumRows = 5) : IEstimator<IReadOnlyList<FeatureTable>, FittedLatentWords>
{
    // Enough for the leading directions of text, whose singular values fall slowly; a few more directions than asked for are carried so that the last ones settle too.
    private const int Rounds = 12, Spare = 8;

    private readonly int _components = Check.Within(components, 1, 500);
    private readonly int _minimumRows = Check.Within(minimumRows, 1, int.MaxValue);

    /// <summary>Learns from all rows of the tables together; columns of the set <see cref="TextSets.Vector"/> are the words. Where there are none, the fit adds nothing.</summary>
    public FittedLatentWords Fit(IReadOnlyList<FeatureTable> data)
    {
        string[] words = data.Count == 0 ? [] : [.. data[0].Features.Where(f => f.Set == TextSets.Vector).Select(f => f.Name)];
        var rows = data.Sum(t => t.Rows);
        int[] held = [.. words.Select(word => data.Sum(t => t[word].Count(v => v > 0)))];
        int[] counting = [.. Enumerable.Range(0, words.Length).Where(w => held[w] >= _minimumRows && held[w] < rows)];
        if (counting.Length == 0) return new([], [], []);
        var fitted = new FittedLatentWords([.. counting.Select(w => words[w])], [.. counting.Select(w => 1 + Math.Log((1.0 + rows) / (1.0 + held[w])))], []);
        WeighedWord[][] weighed = [.. data.SelectMany(t => fitted.Weighed(t))];                       // [rows][words held]
        return fitted with { Directions = Directions(weighed, counting.Length, Math.Min(_components, Math.Min(counting.Length, rows))) };
    }

    private static double[][] Directions(WeighedWord[][] rows, int width, int wanted)
    {
        var random = new SplitMix64(20100101);
        var carried = Math.Min(wanted + Spare, Math.Min(width, rows.Length));
        var basis = Enumerable.Range(0, carried).Select(_ => Enumerable.Range(0, width).Select(_ => random.Unit() - 0.5).ToArray()).ToArray();    // [carried][words]
        for (var round = 0; round < Rounds; round++)
        {
            Orthonormalise(basis);
            var next = basis.Select(_ => new double[width]).ToArray();
            foreach (var row in rows)
                for (var d = 0; d < carried; d++)
                {
                    var along = FittedLatentWords.Along(row, basis[d]);
                    foreach (var (word, weight) in row) next[d][word] += along * weight;
                }
            basis = [.. next.OrderByDescending(direction => Dot(direction, direction))];
        }
        Orthonormalise(basis);
        // A direction and its opposite are as good: the largest part points up, so that a fit repeats.
        return [.. basis.Take(wanted).Select(direction => direction.MaxBy(Math.Abs) < 0 ? [.. direction.Select(v => -v)] : direction)];
    }

    private static void Orthonormalise(double[][] basis)
    {
        for (var d = 0; d < basis.Length; d++)
        {
            // Twice, as once leaves what rounding brought in.
            for (var pass = 0; pass < 2; pass++)
                for (var before = 0; before < d; before++)
                {
                    var shared = Dot(basis[d], basis[before]);
                    for (var w = 0; w < basis[d].Length; w++) basis[d][w] -= shared * basis[before][w];
                }
            var length = Math.Sqrt(Dot(basis[d], basis[d]));
            for (var w = 0; w < basis[d].Length; w++) basis[d][w] = length > 1e-12 ? basis[d][w] / length : 0;
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>What decides the fit besides data, for settings.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"latent words ({_components} directions, words in {_minimumRows} rows)");
}

/// <summary>The learned directions.</summary>
/// <param name="Words">[words]: columns that count.</param>
/// <param name="Idf">[words]: weight of each.</param>
/// <param name="Directions">[directions][words]: of length 1, at right angles, those along which rows vary most first.</param>
public sealed record FittedLatentWords(IReadOnlyList<string> Words, IReadOnlyList<double> Idf, IReadOnlyList<double[]> Directions) : IAddedFeatures
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Columns => Words;

    /// <inheritdoc/>
    public IReadOnlyList<FeatureInfo> Features =>
        [.. Enumerable.Range(0, Directions.Count).Select(d => new FeatureInfo($"words_{d}", "cosine", $"How far the words point along direction {d} of those that training rows vary most along; 0 when none is known", TextSets.Meaning))];

    /// <summary>The words' columns replaced by how far each row points along the directions.</summary>
    /// <exception cref="KeyNotFoundException">A word's column is missing.</exception>
    public FeatureTable Transform(FeatureTable data)
    {
        var columns = Directions.Select(_ => new double[data.Rows]).ToArray();
        var row = 0;
        if (columns.Length > 0)
            foreach (var weighed in Weighed(data))
            {
                for (var d = 0; d < columns.Length; d++) columns[d][row] = Along(weighed, Directions[d]);
                row++;
            }
        return data.Select([.. data.Features.Where(f => f.Set != TextSets.Vector).Select(f => f.Name)]).With(Features, columns);
    }

    /// <summary>The words that each row holds: (1 + log count) x idf, each row of length 1.</summary>
    internal IEnumerable<WeighedWord[]> Weighed(FeatureTable table)
    {
        double[][] counts = [.. Words.Select(word => table[word])];
        for (var row = 0; row < table.Rows; row++)
        {
            var held = new List<WeighedWord>();
            for (var w = 0; w < counts.Length; w++)
                if (counts[w][row] > 0) held.Add(new(w, (1 + Math.Log(counts[w][row])) * Idf[w]));
            var length = Math.Sqrt(held.Sum(h => h.Weight * h.Weight));
            yield return [.. held.Select(h => h with { Weight = h.Weight / length })];
        }
    }

    internal static double Along(WeighedWord[] row, double[] direction)
    {
        var sum = 0.0;
        foreach (var (word, weight) in row) sum += weight * direction[word];
        return sum;
    }
}

/// <summary>A word that a row holds.</summary>
/// <param name="Word">Its place among the words.</param>
/// <param name="Weight">What it weighs in the row.</param>
internal readonly record struct WeighedWord(int Word, double Weight);

/// <summary>A candidate that is given a reduced form of the words in place of a column a word, learned on the training rows alone.</summary>
/// <param name="inner">The candidate that learns from the narrower table.</param>
/// <param name="words">How words are reduced; null for the default.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class WithLatentWords(ICandidate inner, LatentWords? words = null, string? name = null) : ICandidate
{
    private readonly LatentWords _words = words ?? new();

    public string Name { get; } = name ?? $"{inner.Name}-words";

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(inner.Settings, StringComparer.Ordinal) { ["words"] = $"{_words}" };

    /// <inheritdoc/>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        LabelledRows.Require(data, Name, anyWindow: true);
        var fitted = _words.Fit([.. data.Cutoffs.Select(c => c.Features)]);
        LabelledTable[] cutoffs = [.. data.Cutoffs.Select(c => c with { Features = fitted.Transform(c.Features) })];
        return new FittedWithFeatures(fitted, inner.Fit(new(cutoffs, fitted.Transform(data.Current), data.HorizonDays), context));
    }
}
