namespace CustomerValue.Notebooks;

/// <summary>Rows under heads of one's own choice, to be shown by a cell.</summary>
public sealed class Table
{
    private readonly IReadOnlyList<string> _heads;
    private readonly IReadOnlyList<IReadOnlyList<object?>> _rows;

    private Table(IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<object?>> rows) => (_heads, _rows) = (heads, rows);

    /// <summary>A table of rows; what is shown of each is asked at once.</summary>
    /// <param name="rows">The rows; the first 25 are shown, and how many there are.</param>
    /// <param name="columns">Head, and what of a row stands under it; a number is shown with all its digits, so give a text such as <c>$"{row.Share:0.0 %}"</c>.</param>
    public static Table Of<T>(IEnumerable<T> rows, params IReadOnlyList<(string Head, Func<T, object?> Value)> columns) =>
        new([.. columns.Select(column => column.Head)], [.. rows.Select(row => columns.Select(column => column.Value(row)).ToArray())]);

    internal MimeBundle ToBundle() => ShownTable.Of(_heads, _rows, _rows.Count).ToBundle();
}
