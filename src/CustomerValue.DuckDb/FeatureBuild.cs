using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.DuckDb;

/// <summary>Features at one cutoff as they lie on disk: for each unit a Parquet file of its customers and one a feature set.</summary>
public sealed class FeatureBuild
{
    private readonly IReadOnlyList<FeaturePart> _parts;
    private readonly IReadOnlyList<FeatureUnit> _units;
    private readonly FeatureOptions _options;
    private readonly AskedRows _asked;

    internal FeatureBuild(AskedRows asked, IReadOnlyList<FeaturePart> parts, IReadOnlyList<FeatureUnit> units, string currency, FeatureOptions options, int reused) =>
        (_asked, _parts, _units, Currency, _options, Reused) = (asked, parts, units, currency, options, reused);

    /// <summary>Nothing dated on or after this day was read.</summary>
    public DateOnly Cutoff => _asked.End;

    /// <summary>Pieces of work: units (groups of partitions) times feature sets.</summary>
    public int Parts => _units.Count * _parts.Count;

    /// <summary>Pieces that had been built before.</summary>
    public int Reused { get; }

    internal IReadOnlyList<FeatureUnit> Units => _units;

    internal string Currency { get; }

    /// <summary>The same with further sets behind, which lie beside the others.</summary>
    internal FeatureBuild With(IReadOnlyList<FeaturePart> parts, int reused) => new(_asked, [.. _parts, .. parts], _units, Currency, _options, Reused + reused);

    /// <summary>All units as one table, sorted by customer id.</summary>
    /// <exception cref="InvalidDataException">A value is missing or not finite: a feature set broke its contract.</exception>
    public FeatureTable Read(CancellationToken cancellation = default)
    {
        using var workers = new Workers(_options, Path.GetTempPath(), cancellation);
        var ids = new string[_units.Count][];                                          // [units][customers of the unit]
        workers.ForEach(_units.Count, (session, unit) => ids[unit] = Customers(session, _units[unit]));
        var (sorted, target) = Merge(ids);

        FeatureInfo[] features = [.. _parts.SelectMany(part => part.Columns)];
        var columns = features.Select(_ => new double[sorted.Length]).ToArray();
        workers.ForEach(_units.Count, (session, unit) =>
        {
            var first = 0;
            foreach (var part in _parts)
            {
                Place(session, _units[unit].Of(part), part.Columns, target[unit], columns.AsSpan(first, part.Columns.Count).ToArray());
                first += part.Columns.Count;
            }
        });
        return new(Cutoff, sorted, features, columns, _asked.OwnCutoffs ? OwnCutoffs(workers, target, sorted.Length) : null);
    }

    // Each unit's customers are sorted already, so that merging them is enough.
    private static (string[] Sorted, int[][] Target) Merge(string[][] ids)
    {
        var target = ids.Select(unit => new int[unit.Length]).ToArray();              // [units][customers]: row in the table
        var order = ids.Select(Order).ToArray();                                      // [units][rank]: customer
        var next = new int[ids.Length];
        var heads = new PriorityQueue<int, string>(StringComparer.Ordinal);
        for (var unit = 0; unit < ids.Length; unit++)
            if (ids[unit].Length > 0) heads.Enqueue(unit, ids[unit][order[unit][0]]);

        var sorted = new string[ids.Sum(unit => unit.Length)];
        for (var row = 0; row < sorted.Length; row++)
        {
            var unit = heads.Peek();
            var customer = order[unit][next[unit]++];
            (sorted[row], target[unit][customer]) = (ids[unit][customer], row);
            if (next[unit] < ids[unit].Length) heads.DequeueEnqueue(unit, ids[unit][order[unit][next[unit]]]);
            else heads.Dequeue();
        }
        return (sorted, target);
    }

    // DuckDB sorts by UTF-8, tables by UTF-16, as .NET compares: they differ for characters past U+FFFF only.
    private static int[] Order(string[] ids)
    {
        int[] order = [.. Enumerable.Range(0, ids.Length)];
        for (var i = 1; i < ids.Length; i++)
            if (string.CompareOrdinal(ids[i - 1], ids[i]) > 0)
            {
                Array.Sort(order, (a, b) => string.CompareOrdinal(ids[a], ids[b]));
                break;
            }
        return order;
    }

    private static string[] Customers(Session session, FeatureUnit unit)
    {
        var ids = new List<string>();
        session.Batches($"SELECT customer_id FROM read_parquet({Query.Literal(unit.Customers)}) ORDER BY customer", batch =>
        {
            var column = (Apache.Arrow.StringArray)batch.Column(0);
            for (var row = 0; row < batch.Length; row++) ids.Add(column.GetString(row));
        });
        return [.. ids];
    }

    private DateOnly[] OwnCutoffs(Workers workers, int[][] target, int rows)
    {
        var own = new DateOnly[rows];
        workers.ForEach(_units.Count, (session, unit) => session.Batches($"SELECT customer, CAST(cutoff - DATE '0001-01-01' AS INTEGER) FROM read_parquet({Query.Literal(_units[unit].Customers)})", batch =>
        {
            var customers = ((Apache.Arrow.Int32Array)batch.Column(0)).Values;
            var days = ((Apache.Arrow.Int32Array)batch.Column(1)).Values;
            for (var i = 0; i < days.Length; i++) own[target[unit][customers[i]]] = DateOnly.FromDayNumber(days[i]);
        }));
        return own;
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
            throw new InvalidDataException($"The set {features[0].Set} has {placed} rows for {target.Length} customers. A set has one row a customer.");
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
        $"The feature {feature.Name} of the set {feature.Set} is {found} for a customer. Every value must be finite: give what is unknown a sentinel and say so beside the column.");
}
