namespace CustomerValue.Models.Text;

/// <summary>A matrix that is mostly 0, row by row: what isn't 0, and in which column it stands.</summary>
/// <param name="Columns">Number of columns.</param>
/// <param name="Starts">[rows + 1]: where each row starts in the other two.</param>
/// <param name="At">[values]: column of each value.</param>
/// <param name="Values">[values]</param>
internal sealed record SparseRows(int Columns, int[] Starts, int[] At, float[] Values)
{
    /// <summary>Number of rows.</summary>
    public int Rows => Starts.Length - 1;

    /// <summary>The columns of a row's values.</summary>
    public ReadOnlySpan<int> RowAt(int row) => At.AsSpan(Starts[row], Starts[row + 1] - Starts[row]);

    /// <summary>A row's values.</summary>
    public ReadOnlySpan<float> RowValues(int row) => Values.AsSpan(Starts[row], Starts[row + 1] - Starts[row]);

    /// <summary>The same matrix column by column; rows of a column ascend.</summary>
    public SparseRows Transposed()
    {
        var starts = new int[Columns + 1];
        foreach (var column in At) starts[column + 1]++;
        for (var c = 0; c < Columns; c++) starts[c + 1] += starts[c];
        var (next, at, values) = ((int[])starts.Clone(), new int[At.Length], new float[At.Length]);
        for (var row = 0; row < Rows; row++)
            for (var i = Starts[row]; i < Starts[row + 1]; i++)
            {
                var place = next[At[i]]++;
                (at[place], values[place]) = (row, Values[i]);
            }
        return new(Rows, starts, at, values);
    }
}
