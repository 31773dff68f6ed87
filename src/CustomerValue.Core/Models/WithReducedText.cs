using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>A candidate that is given a few numbers in place of the hundreds of a text vector: its principal components.</summary>
/// <remarks>Directions are learned on the training rows of customers who wrote (every training cutoff, no labels), never on the table to be scored: so a fold or a turn
/// of a backtest doesn't meet the customers that it asks about, and a column means the same on all rows. A table without text vectors is passed on as it is, so that the
/// same candidate can be compared with and without text. An encoder that is another one at every cutoff gives vectors that can't be laid side by side: then
/// the components mean little, and the scores of its heads are what to use.</remarks>
/// <param name="inner">The candidate that learns from the reduced table; it doesn't see the vector's own columns.</param>
/// <param name="components">Most components to add; fewer where texts differ in fewer directions.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class WithReducedText(ICandidate inner, int components = 16, string? name = null) : ICandidate
{
    private readonly int _components = Check.Within(components, 1, 1024, nameof(components));

    public string Name { get; } = name ?? $"{inner.Name}-text";

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(inner.Settings, StringComparer.Ordinal)
    {
        ["text_components"] = _components.ToString(CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    /// <exception cref="KeyNotFoundException">Tables have different vector columns.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        if (TextComponents.VectorColumns(data.Current).Count == 0) return context.Fit(inner, data);
        var added = new TextComponents(_components).Fit(data, context.Cancellation);
        var fitted = inner.Fit(
            new([.. data.Cutoffs.Select(c => c with { Features = added.Transform(c.Features) })], added.Transform(data.Current), data.HorizonDays), context);
        return added.Features.Any(f => fitted.Columns.Contains(f.Name)) ? new FittedWithFeatures(added, fitted) : fitted;
    }
}

/// <summary>Learns which few directions text vectors differ in.</summary>
/// <param name="components">Most components.</param>
internal sealed class TextComponents(int components)
{
    /// <summary>The columns of a table that are numbers of a text vector.</summary>
    public static IReadOnlyList<string> VectorColumns(FeatureTable table) => [.. table.Features.Where(f => f.Set == TextSets.Vector).Select(f => f.Name)];

    /// <summary>Learns from the training rows of customers who wrote.</summary>
    public FittedTextComponents Fit(TrainingData data, CancellationToken cancellation)
    {
        var columns = VectorColumns(data.Current);
        var rows = data.Cutoffs.SelectMany(cutoff => Written([.. columns.Select(name => cutoff.Features[name])])).ToArray();
        var found = PrincipalComponents.Of(rows.Length, columns.Count, (from, count, block) =>
        {
            for (var row = 0; row < count; row++)
            {
                var (vectors, at) = rows[from + row];
                for (var c = 0; c < vectors.Length; c++) block[c * count + row] = vectors[c][at];
            }
        }, components, cancellation);
        return new(columns, found.Mean, found.Directions);
    }

    private static IEnumerable<(double[][] Vectors, int Row)> Written(double[][] vectors)
    {
        for (var row = 0; row < vectors[0].Length; row++)
            if (FittedTextComponents.Wrote(vectors, row)) yield return (vectors, row);
    }
}

/// <summary>Puts the principal components of text vectors in the place of the vectors' own columns.</summary>
/// <param name="Columns">The vector's columns.</param>
/// <param name="Mean">[columns]: of the rows that it was learned from.</param>
/// <param name="Directions">[components][columns], of most variance first; none where no training customer wrote.</param>
public sealed record FittedTextComponents(IReadOnlyList<string> Columns, IReadOnlyList<double> Mean, IReadOnlyList<IReadOnlyList<double>> Directions) : IAddedFeatures
{
    /// <summary>Feature set of the components.</summary>
    public const string Set = "text_components";

    /// <inheritdoc/>
    public IReadOnlyList<FeatureInfo> Features { get; } =
    [
        .. Directions.Select((_, i) => new FeatureInfo(
            string.Create(CultureInfo.InvariantCulture, $"text_component_{i + 1}"), "number",
            string.Create(CultureInfo.InvariantCulture, $"Where what the customer wrote lies on direction {i + 1} of those in which texts differ most; 0, the mean, without texts."), Set)),
    ];

    /// <summary>The table with components behind and without the vector's columns. A row whose numbers are all 0 is one without texts.</summary>
    public FeatureTable Transform(FeatureTable data)
    {
        double[][] vectors = [.. Columns.Select(name => data[name])];
        var wrote = new bool[data.Rows];
        for (var row = 0; row < wrote.Length; row++) wrote[row] = Wrote(vectors, row);
        var left = data.Features.Where(f => !Columns.Contains(f.Name)).Select(f => f.Name).ToArray();
        return data.Select(left).With(Features, [.. Directions.Select(direction => Along(direction, vectors, wrote))]);
    }

    private double[] Along(IReadOnlyList<double> direction, double[][] vectors, bool[] wrote)
    {
        var place = new double[wrote.Length];
        for (var c = 0; c < vectors.Length; c++)
        {
            var (column, mean, weight) = (vectors[c], Mean[c], direction[c]);
            for (var row = 0; row < place.Length; row++) if (wrote[row]) place[row] += weight * (column[row] - mean);
        }
        return place;
    }

    internal static bool Wrote(double[][] vectors, int row)
    {
        foreach (var column in vectors) if (column[row] != 0) return true;
        return false;
    }
}
