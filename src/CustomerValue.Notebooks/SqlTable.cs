using System.Collections;
using System.Globalization;

namespace CustomerValue.Notebooks;

/// <summary>What a statement gave back.</summary>
public sealed class SqlTable : IReadOnlyList<SqlRow>
{
    private readonly List<SqlRow> _rows;

    internal SqlTable(IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        Columns = columns;
        _rows = [.. rows.Select(values => new SqlRow(this, values))];
    }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public SqlRow this[int index] => _rows[index];

    /// <summary>[rows]: one column.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public IReadOnlyList<T> Column<T>(string name) => [.. _rows.Select(row => row.Get<T>(name))];

    /// <inheritdoc/>
    public IEnumerator<SqlRow> GetEnumerator() => _rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal int Place(string name)
    {
        for (var c = 0; c < Columns.Count; c++)
            if (string.Equals(Columns[c], name, StringComparison.OrdinalIgnoreCase)) return c;
        throw new KeyNotFoundException($"There is no column '{name}'. There are: {string.Join(", ", Columns)}.");
    }
}

/// <summary>One row of a <see cref="SqlTable"/>.</summary>
public sealed class SqlRow
{
    private readonly SqlTable _table;
    private readonly object?[] _values;

    internal SqlRow(SqlTable table, object?[] values) => (_table, _values) = (table, values);

    /// <summary>[columns]: null where the database has NULL.</summary>
    public IReadOnlyList<object?> Values => _values;

    /// <summary>A value by its column's name; null where the database has NULL.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public object? this[string name] => _values[_table.Place(name)];

    /// <summary>A value as the type wanted; numbers are converted.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    /// <exception cref="InvalidCastException">The value is of another kind, or NULL where the type has no null.</exception>
    public T Get<T>(string name) => this[name] switch
    {
        T value => value,
        null when default(T) is null => default!,
        DateTime time when typeof(T) == typeof(DateOnly) => (T)(object)DateOnly.FromDateTime(time),
        IConvertible number when typeof(T).IsPrimitive || typeof(T) == typeof(decimal) => (T)Convert.ChangeType(number, typeof(T), CultureInfo.InvariantCulture),
        var other => throw new InvalidCastException($"The column '{name}' holds {other?.GetType().Name ?? "NULL"} here, which isn't {typeof(T).Name}."),
    };
}
