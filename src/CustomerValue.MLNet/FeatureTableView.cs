using CustomerValue.Features;
using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CustomerValue.MLNet;

/// <summary>Feature tables in the shapes of ML.NET (<see cref="IDataView"/>) and of notebooks (<see cref="DataFrame"/>), and back.</summary>
public static class FeatureTableView
{
    /// <summary>Name of the column of customer ids in both shapes.</summary>
    public const string CustomerId = "customer_id";

    /// <summary>Name of the column that holds all features of a row as one vector, as ML.NET's trainers want it.</summary>
    public const string Features = "Features";

    /// <summary>The table as ML.NET sees it: customer_id (text), every feature (Double) and <see cref="Features"/> (vector of Single, slots named). No copy is made.</summary>
    public static IDataView AsDataView(this FeatureTable table) => new FeatureTableDataView(table);

    /// <summary>The table as a data frame: customer_id (string) and every feature (double).</summary>
    public static DataFrame ToDataFrame(this FeatureTable table)
    {
        var frame = new DataFrame(new StringDataFrameColumn(CustomerId, table.CustomerIds));
        foreach (var feature in table.Features) frame.Columns.Add(new DoubleDataFrameColumn(feature.Name, table[feature.Name]));
        return frame;
    }

    /// <summary>A table from a data frame: customer_id and numeric columns; rows are sorted by id.</summary>
    /// <param name="frame">One row a customer.</param>
    /// <param name="cutoff">The frame doesn't say; nothing in it may be dated on or after this day.</param>
    /// <param name="catalogue">Units and meanings of the columns; a column that isn't in it gets none.</param>
    /// <exception cref="InvalidDataException">There is no customer_id, or a cell is empty or no number.</exception>
    /// <exception cref="ArgumentException">A customer stands twice.</exception>
    public static FeatureTable ToFeatureTable(this DataFrame frame, DateOnly cutoff, IReadOnlyList<FeatureInfo>? catalogue = null)
    {
        if (frame.Columns.FirstOrDefault(c => c.Name == CustomerId) is not { } ids)
            throw Missing("The data frame", frame.Columns.Select(c => c.Name));
        var columns = frame.Columns.Where(c => c.Name != CustomerId).Select(column => (column.Name, Values: Numbers(column))).ToArray();
        return Sorted([.. Enumerable.Range(0, (int)frame.Rows.Count).Select(row => Id(ids[row], row))], columns, cutoff, catalogue);
    }

    /// <summary>A table from ML.NET's shape: customer_id and every Double or Single column; vectors are left out; rows are sorted by id.</summary>
    /// <inheritdoc cref="ToFeatureTable(DataFrame, DateOnly, IReadOnlyList{FeatureInfo}?)"/>
    public static FeatureTable ToFeatureTable(this IDataView view, DateOnly cutoff, IReadOnlyList<FeatureInfo>? catalogue = null)
    {
        if (view is DataFrame frame) return frame.ToFeatureTable(cutoff, catalogue);
        if (view.Schema.GetColumnOrNull(CustomerId) is not { } id) throw Missing("The data view", view.Schema.Select(c => c.Name));
        string[] ids = [.. view.GetColumn<ReadOnlyMemory<char>>(id).Select((value, row) => Id(value.ToString(), row))];
        var columns = view.Schema
            .Where(c => !c.IsHidden && (c.Type == NumberDataViewType.Double || c.Type == NumberDataViewType.Single))
            .Select(c => (c.Name, Values: Finite(c.Name,
                c.Type == NumberDataViewType.Double ? [.. view.GetColumn<double>(c)] : [.. view.GetColumn<float>(c).Select(v => (double)v)])))
            .ToArray();
        return Sorted(ids, columns, cutoff, catalogue);
    }

    private static FeatureTable Sorted(string[] ids, (string Name, double[] Values)[] columns, DateOnly cutoff, IReadOnlyList<FeatureInfo>? catalogue)
    {
        var known = (catalogue ?? []).ToDictionary(f => f.Name, StringComparer.Ordinal);
        int[] order = [.. Enumerable.Range(0, ids.Length).OrderBy(row => ids[row], StringComparer.Ordinal)];
        return new(cutoff, [.. order.Select(row => ids[row])],
            [.. columns.Select(c => known.GetValueOrDefault(c.Name) ?? new FeatureInfo(c.Name, "", "", ""))],
            [.. columns.Select(c => order.Select(row => c.Values[row]).ToArray())]);
    }

    private static double[] Numbers(DataFrameColumn column)
    {
        var values = new double[column.Length];
        for (var row = 0; row < values.Length; row++)
            values[row] = column[row] switch
            {
                double number => number,
                float number => number,
                int number => number,
                long number => number,
                decimal number => (double)number,
                bool flag => flag ? 1 : 0,
                var other => throw new InvalidDataException(
                    $"Column '{column.Name}', row {row}: found {(other is null ? "nothing" : $"'{other}' ({other.GetType().Name})")} where a number is expected. " +
                    "Fill it, or drop the column, before making a feature table."),
            };
        return Finite(column.Name, values);
    }

    private static double[] Finite(string name, double[] values)
    {
        var row = Array.FindIndex(values, v => !double.IsFinite(v));
        return row < 0 ? values : throw new InvalidDataException(
            $"Column '{name}', row {row}: a feature must be a finite number. Put a stated sentinel, and a flag beside it, where nothing is known.");
    }

    private static string Id(object? value, int row) => value is string { Length: > 0 } id ? id
        : throw new InvalidDataException($"Row {row} has no {CustomerId}; every row of a feature table is one customer.");

    private static InvalidDataException Missing(string what, IEnumerable<string> columns) =>
        new($"{what} has no column '{CustomerId}'. It has: {string.Join(", ", columns)}.");
}
