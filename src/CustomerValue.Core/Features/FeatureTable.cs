namespace CustomerValue.Features;

/// <summary>Features of customers at one cutoff: named columns as arrays, rows in ascending order of customer id.</summary>
/// <remarks>Every value is finite: what is unknown carries a stated sentinel (see the catalogue), never NaN. Where every customer has a cutoff of its own
/// (<see cref="FirstOrders"/>), the table's cutoff is the end of the period that they lie in: no row's history goes further.</remarks>
public sealed class FeatureTable
{
    private readonly Dictionary<string, int> _position;
    private readonly double[][] _columns;

    /// <param name="cutoff">Nothing dated on or after this day was read.</param>
    /// <param name="customerIds">[rows], ascending by ordinal comparison, no two alike.</param>
    /// <param name="features">[columns]: name, unit and meaning of each column.</param>
    /// <param name="columns">[columns][rows]; taken over, not copied.</param>
    /// <param name="ownCutoffs">[rows]: each customer's own cutoff, none after <paramref name="cutoff"/>; null where that is everyone's.</param>
    /// <exception cref="ArgumentException">Lengths differ, a name stands twice, ids are out of order, or a cutoff lies after the table's.</exception>
    public FeatureTable(DateOnly cutoff, IReadOnlyList<string> customerIds, IReadOnlyList<FeatureInfo> features, IReadOnlyList<double[]> columns, IReadOnlyList<DateOnly>? ownCutoffs = null)
    {
        if (ownCutoffs is not null) Check.SameLength(customerIds.Count, ownCutoffs.Count, nameof(ownCutoffs));
        for (var row = 0; row < ownCutoffs?.Count; row++)
            if (ownCutoffs[row] > cutoff)
                throw new ArgumentException($"Customer '{customerIds[row]}' has the cutoff {ownCutoffs[row]:yyyy-MM-dd}, after that of the table, {cutoff:yyyy-MM-dd}.", nameof(ownCutoffs));
        Check.SameLength(features.Count, columns.Count, nameof(columns));
        for (var c = 0; c < columns.Count; c++) Check.SameLength(customerIds.Count, columns[c].Length, features[c].Name);
        for (var row = 1; row < customerIds.Count; row++)
            if (string.CompareOrdinal(customerIds[row - 1], customerIds[row]) >= 0)
                throw new ArgumentException(
                    $"Customer '{customerIds[row]}' on row {row} follows '{customerIds[row - 1]}'. Rows must be sorted by id, one row a customer.",
                    nameof(customerIds));

        (Cutoff, CustomerIds, Features, OwnCutoffs, _columns) = (cutoff, customerIds, features, ownCutoffs, [.. columns]);
        _position = new(StringComparer.Ordinal);
        for (var c = 0; c < features.Count; c++)
            if (!_position.TryAdd(features[c].Name, c))
                throw new ArgumentException($"The column '{features[c].Name}' stands twice in the table.", nameof(features));
    }

    /// <summary>Nothing dated on or after this day was read.</summary>
    public DateOnly Cutoff { get; }

    /// <summary>[rows]: each customer's own cutoff; null where <see cref="Cutoff"/> is everyone's.</summary>
    public IReadOnlyList<DateOnly>? OwnCutoffs { get; }

    /// <summary>[rows], ascending.</summary>
    public IReadOnlyList<string> CustomerIds { get; }

    /// <summary>[columns]: name, unit and meaning of each column.</summary>
    public IReadOnlyList<FeatureInfo> Features { get; }

    /// <summary>Number of customers.</summary>
    public int Rows => CustomerIds.Count;

    /// <summary>Where the customers' records can be read, for candidates that read more than numbers (<see cref="CustomerHistories"/>); null for a table that came alone.</summary>
    public ICustomerRecords? Records { get; init; }

    /// <summary>[columns][rows]; the table's own arrays: read, don't write.</summary>
    public IReadOnlyList<double[]> Columns => _columns;

    /// <summary>[rows]: one column by name; the table's own array.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public double[] this[string name] => _columns[Place(name)];

    /// <summary>Whether there is a column of that name.</summary>
    public bool Has(string name) => _position.ContainsKey(name);

    /// <summary>The same customers, with only the named columns, in the order named.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public FeatureTable Select(IReadOnlyList<string> names) =>
        new(Cutoff, CustomerIds, [.. names.Select(n => Features[Place(n)])], [.. names.Select(n => this[n])], OwnCutoffs) { Records = Records };

    /// <summary>The same customers with further columns behind.</summary>
    public FeatureTable With(IReadOnlyList<FeatureInfo> features, IReadOnlyList<double[]> columns) =>
        new(Cutoff, CustomerIds, [.. Features, .. features], [.. _columns, .. columns], OwnCutoffs) { Records = Records };

    /// <summary>The customers at the given row numbers, which must ascend.</summary>
    public FeatureTable At(IReadOnlyList<int> rows) =>
        new(Cutoff, [.. rows.Select(r => CustomerIds[r])], Features,
            [.. _columns.Select(column => { var kept = new double[rows.Count]; for (var i = 0; i < kept.Length; i++) kept[i] = column[rows[i]]; return kept; })],
            OwnCutoffs is null ? null : [.. rows.Select(r => OwnCutoffs[r])]) { Records = Records };

    /// <summary>The same table, whose customers' records can be read there.</summary>
    public FeatureTable With(ICustomerRecords? records) => new(Cutoff, CustomerIds, Features, _columns, OwnCutoffs) { Records = records };

    private int Place(string name) => _position.TryGetValue(name, out var c) ? c
        : throw new KeyNotFoundException(
            $"The table at {Cutoff:yyyy-MM-dd} has no column '{name}'. It has: {string.Join(", ", Features.Select(f => f.Name))}.");
}
