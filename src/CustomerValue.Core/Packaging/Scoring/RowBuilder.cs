using System.Text;

namespace CustomerValue.Packaging.Scoring;

/// <summary>Fills the columns of a block row by row; a row that turns out bad half-way is taken back.</summary>
internal sealed class RowBuilder
{
    private const int LongestRow = 64 << 10;

    private readonly string[] _ids;
    private readonly long[] _lines;
    private readonly double[][] _columns;
    private readonly (int Start, int Length)[] _texts;
    private readonly byte[] _content;
    private readonly List<RejectedCustomer> _rejected = [];
    private int _rows;

    /// <param name="columns">Number of columns.</param>
    /// <param name="capacity">Most rows.</param>
    /// <param name="content">The bytes that rows' texts are taken from.</param>
    public RowBuilder(int columns, int capacity, byte[] content)
    {
        (_ids, _lines, _texts, _content) = (new string[capacity], new long[capacity], new (int, int)[capacity], content);
        _columns = new double[columns][];
        for (var c = 0; c < columns; c++) _columns[c] = GC.AllocateUninitializedArray<double>(capacity);
    }

    /// <summary>A value of the row at work.</summary>
    public void Set(int column, double value) => _columns[column][_rows] = value;

    /// <summary>The row at work is whole.</summary>
    public void Keep(string id, long line, int start, int length)
    {
        (_ids[_rows], _lines[_rows], _texts[_rows]) = (id, line, (start, length));
        _rows++;
    }

    /// <summary>The row at work can't be read.</summary>
    public void Reject(long line, string reason, string detail, int start, int length) => _rejected.Add(new(line, reason, detail, Text(start, length)));

    public CustomerRows Rows()
    {
        if (_rows == _ids.Length) return new(_ids, _columns, _lines, Shown, _rejected);
        return new(_ids[.._rows], [.. _columns.Select(c => c[.._rows])], _lines, Shown, _rejected);
    }

    private string Shown(int row) => Text(_texts[row].Start, _texts[row].Length);

    private string Text(int start, int length) => Encoding.UTF8.GetString(_content, start, Math.Min(length, LongestRow));
}
