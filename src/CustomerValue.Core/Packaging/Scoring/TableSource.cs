using CustomerValue.Features;

namespace CustomerValue.Packaging.Scoring;

/// <summary>Customers of a feature table in memory.</summary>
/// <param name="table">The table.</param>
/// <param name="needed">Names of the columns that the package needs.</param>
public sealed class TableSource(FeatureTable table, IReadOnlyList<string> needed) : ICustomerSource
{
    private readonly double[][] _columns = [.. needed.Select(name => table[name])];
    private int _next;

    /// <inheritdoc/>
    public long? Total => table.Rows;

    /// <inheritdoc/>
    public string Unit => "rows";

    /// <inheritdoc/>
    public (ICustomerRecords Records, DateOnly Cutoff)? Records => table.Records is { } records ? (records, table.Cutoff) : null;

    /// <inheritdoc/>
    public ICustomerBlock? Next(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_next >= table.Rows) return null;
        var (first, end) = (_next, Math.Min(table.Rows, _next + ICustomerSource.BlockRows));
        _next = end;
        string[] ids = [.. Enumerable.Range(first, end - first).Select(row => table.CustomerIds[row])];
        return new ColumnBlock(ids, [.. _columns.Select(c => c[first..end])], needed, first, end);
    }

    /// <inheritdoc/>
    public void Dispose() { }
}

/// <summary>A block that lies in columns already; rows without an id or with a value that isn't finite are taken out.</summary>
/// <param name="Ids">[rows]: null where there is none.</param>
/// <param name="Columns">[columns][rows]: NaN where there is no value.</param>
/// <param name="Needed">[columns]: names.</param>
/// <param name="First">Number of the first row, from 0.</param>
/// <param name="Read">How much had been read.</param>
public sealed record ColumnBlock(string?[] Ids, double[][] Columns, IReadOnlyList<string> Needed, long First, long Read) : ICustomerBlock
{
    /// <inheritdoc/>
    public CustomerRows Parse()
    {
        var bad = new SortedDictionary<int, (string, string)>();
        for (var row = 0; row < Ids.Length; row++)
            if (string.IsNullOrEmpty(Ids[row])) bad.TryAdd(row, ("no customer id", ""));
        for (var c = 0; c < Columns.Length; c++)
        {
            var column = Columns[c];
            for (var row = 0; row < column.Length; row++)
                if (!double.IsFinite(column[row])) bad.TryAdd(row, (double.IsNaN(column[row]) ? "no value" : "not finite", Needed[c]));
        }
        if (bad.Count == 0) return new(Ids!, Columns, [.. Enumerable.Range(0, Ids.Length).Select(r => First + r + 1)], _ => "", []);
        int[] kept = [.. Enumerable.Range(0, Ids.Length).Where(r => !bad.ContainsKey(r))];
        return new([.. kept.Select(r => Ids[r]!)], [.. Columns.Select(c => kept.Select(r => c[r]).ToArray())], [.. kept.Select(r => First + r + 1)], _ => "",
            [.. bad.Select(b => new RejectedCustomer(First + b.Key + 1, b.Value.Item1, b.Value.Item2, ""))]);
    }
}
