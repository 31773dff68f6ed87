using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.DuckDb;

/// <summary>Features at one cutoff as they lie on disk: for each unit a Parquet file of its customers and one a feature set.</summary>
public sealed class FeatureBuild
{
    private readonly IReadOnlyList<FeatureSet> _sets;
    private readonly IReadOnlyList<FeatureUnit> _units;
    private readonly FeatureOptions _options;

    internal FeatureBuild(DateOnly cutoff, IReadOnlyList<FeatureSet> sets, IReadOnlyList<FeatureUnit> units, FeatureOptions options, int reused) =>
        (Cutoff, _sets, _units, _options, Reused) = (cutoff, sets, units, options, reused);

    /// <summary>Nothing dated on or after this day was read.</summary>
    public DateOnly Cutoff { get; }

    /// <summary>Pieces of work: units (groups of partitions) times feature sets.</summary>
    public int Parts => _units.Count * _sets.Count;

    /// <summary>Pieces that had been built before.</summary>
    public int Reused { get; }

    /// <summary>All units as one table, sorted by customer id.</summary>
    /// <exception cref="InvalidDataException">A value is missing or not finite: a feature set broke its contract.</exception>
    public FeatureTable Read(CancellationToken cancellation = default)
    {
        var ids = new string[_units.Count][];                                          // [units][customers of the unit]
        Each(unit => ids[unit] = Customers(_units[unit], cancellation), cancellation);
        var (sorted, target) = Merge(ids);

        FeatureInfo[] features = [.. _sets.SelectMany(set => set.Columns)];
        var columns = features.Select(_ => new double[sorted.Length]).ToArray();
        Each(unit =>
        {
            using var session = Open(cancellation);
            var first = 0;
            foreach (var set in _sets)
            {
                Place(session, _units[unit].Of(set), set.Columns, target[unit], columns.AsSpan(first, set.Columns.Count).ToArray());
                first += set.Columns.Count;
            }
        }, cancellation);
        return new(Cutoff, sorted, features, columns);
    }

    // Sorts by ordinal comparison of UTF-16, which .NET means by order of ids; DuckDB's own order differs for some characters.
    private static (string[] Sorted, int[][] Target) Merge(string[][] ids)
    {
        var order = new (string Id, int Unit, int Customer)[ids.Sum(unit => unit.Length)];
        var next = 0;
        for (var unit = 0; unit < ids.Length; unit++)
            for (var customer = 0; customer < ids[unit].Length; customer++) order[next++] = (ids[unit][customer], unit, customer);
        Array.Sort(order, static (a, b) => string.CompareOrdinal(a.Id, b.Id));

        var target = ids.Select(unit => new int[unit.Length]).ToArray();              // [units][customers]: row in the table
        var sorted = new string[order.Length];
        for (var row = 0; row < order.Length; row++)
        {
            sorted[row] = order[row].Id;
            target[order[row].Unit][order[row].Customer] = row;
        }
        return (sorted, target);
    }

    private string[] Customers(FeatureUnit unit, CancellationToken cancellation)
    {
        using var session = Open(cancellation);
        var ids = new List<string>();
        session.Batches($"SELECT customer_id FROM read_parquet({Query.Literal(unit.Customers)}) ORDER BY customer", batch =>
        {
            var column = (Apache.Arrow.StringArray)batch.Column(0);
            for (var row = 0; row < batch.Length; row++) ids.Add(column.GetString(row));
        });
        return [.. ids];
    }

    private static void Place(Session session, string file, IReadOnlyList<FeatureInfo> features, int[] target, double[][] columns)
    {
        var placed = 0;
        var names = string.Join(", ", features.Select(f => f.Name));
        session.Batches($"SELECT customer, {names} FROM read_parquet({Query.Literal(file)})", batch =>
        {
            var customers = ((Apache.Arrow.Int32Array)batch.Column(0)).Values;
            for (var c = 0; c < columns.Length; c++)
            {
                var values = (Apache.Arrow.DoubleArray)batch.Column(c + 1);
                if (values.NullCount > 0) throw Broken(features[c], "nothing");
                Scatter(values.Values, customers, target, columns[c], features[c]);
            }
            placed += batch.Length;
        });
        if (placed != target.Length)
            throw new InvalidDataException($"{features[0].Set}.sql has {placed} rows for {target.Length} customers. A set has one row a customer.");
    }

    private static void Scatter(ReadOnlySpan<double> values, ReadOnlySpan<int> customers, int[] target, double[] column, FeatureInfo feature)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i])) throw Broken(feature, values[i].ToString(CultureInfo.InvariantCulture));
            column[target[customers[i]]] = values[i];
        }
    }

    private static InvalidDataException Broken(FeatureInfo feature, string found) => new(
        $"The feature {feature.Name} of {feature.Set}.sql is {found} for a customer. Every value must be finite: give what is unknown a sentinel and say so beside the column.");

    private void Each(Action<int> work, CancellationToken cancellation) =>
        Units.ForEach(_units.Count, _options.Threads, work, cancellation);

    private Session Open(CancellationToken cancellation) => new(_options.MemoryLimitMb, 1, Path.GetTempPath(), cancellation);
}
