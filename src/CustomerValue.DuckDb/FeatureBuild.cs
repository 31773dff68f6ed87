using CustomerValue.Features;

namespace CustomerValue.DuckDb;

/// <summary>Features at one cutoff as they lie on disk: one Parquet file a unit, customers in each in ascending order.</summary>
/// <param name="Cutoff">Nothing dated on or after this day was read.</param>
/// <param name="Features">Columns, in order.</param>
/// <param name="Files">One file a unit: customer_id and one DOUBLE a feature.</param>
/// <param name="Reused">Units that had been built before.</param>
public sealed record FeatureBuild(DateOnly Cutoff, IReadOnlyList<FeatureInfo> Features, IReadOnlyList<string> Files, int Reused)
{
    /// <summary>All units as one table, sorted by customer id.</summary>
    /// <exception cref="InvalidDataException">A value is missing or not finite: a feature set broke its contract.</exception>
    public FeatureTable Read(CancellationToken cancellation = default)
    {
        using var session = new Session(memoryLimitMb: 256, threads: 1, Path.GetTempPath(), cancellation);
        var ids = Files.Select(file => Ids(session, file)).ToArray();
        var order = new (string Id, int Unit, int Row)[ids.Sum(unit => unit.Count)];
        var position = 0;
        for (var unit = 0; unit < ids.Length; unit++)
            for (var row = 0; row < ids[unit].Count; row++) order[position++] = (ids[unit][row], unit, row);
        Array.Sort(order, static (a, b) => string.CompareOrdinal(a.Id, b.Id));

        var target = ids.Select(unit => new int[unit.Count]).ToArray();               // [units][rows of the unit]: row in the table
        var sorted = new string[order.Length];
        for (var row = 0; row < order.Length; row++)
        {
            sorted[row] = order[row].Id;
            target[order[row].Unit][order[row].Row] = row;
        }
        order = [];

        var columns = Features.Select(_ => new double[sorted.Length]).ToArray();
        var names = string.Join(", ", Features.Select(f => f.Name));
        for (var unit = 0; unit < Files.Count; unit++)
        {
            var start = 0;
            session.Batches($"SELECT {names} FROM read_parquet({SourceTable.Quote(Files[unit])})", batch =>
            {
                var rows = target[unit].AsSpan(start, batch.Length);
                for (var c = 0; c < columns.Length; c++)
                {
                    var values = (Apache.Arrow.DoubleArray)batch.Column(c);
                    if (values.NullCount > 0) throw Broken(Features[c], "nothing");
                    Scatter(values.Values, rows, columns[c], Features[c]);
                }
                start += batch.Length;
            });
        }
        return new(Cutoff, sorted, Features, columns);
    }

    private static List<string> Ids(Session session, string file)
    {
        var ids = new List<string>();
        session.Batches($"SELECT customer_id FROM read_parquet({SourceTable.Quote(file)})", batch =>
        {
            var column = (Apache.Arrow.StringArray)batch.Column(0);
            for (var row = 0; row < batch.Length; row++) ids.Add(column.GetString(row));
        });
        return ids;
    }

    private static void Scatter(ReadOnlySpan<double> values, ReadOnlySpan<int> rows, double[] column, FeatureInfo feature)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i])) throw Broken(feature, values[i].ToString(System.Globalization.CultureInfo.InvariantCulture));
            column[rows[i]] = values[i];
        }
    }

    private static InvalidDataException Broken(FeatureInfo feature, string found) => new(
        $"The feature {feature.Name} of {feature.Set}.sql is {found} for a customer. Every value must be finite: give what is unknown a sentinel and say so beside the column.");
}
