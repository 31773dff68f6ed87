using CustomerValue.Features;

namespace CustomerValue.LightGbm;

/// <summary>Labelled tables tables into the one matrix that LightGBM takes.</summary>
/// <param name="Values">[rows x columns], row by row.</param>
/// <param name="Labels">[rows]</param>
/// <param name="Start">[rows]: raw scores to start from; empty where the labels' average is the start.</param>
internal sealed record BoostingRows(double[] Values, double[] Labels, double[] Start)
{
    public int Count => Labels.Length;

    /// <summary>Stacks the rows that have a label.</summary>
    /// <param name="tables">Oldest cutoff first.</param>
    /// <param name="columns">Names of the columns to take.</param>
    /// <param name="label">The label of a row, or null when it isn't to be learned from.</param>
    /// <param name="start">Raw scores of a table's rows to start from.</param>
    public static BoostingRows Stack(
        IReadOnlyList<LabelledTable> tables, IReadOnlyList<string> columns, Func<Labels, int, double?> label, Func<LabelledTable, double[]>? start = null)
    {
        var labels = tables.SelectMany(t => Enumerable.Range(0, t.Labels.Rows).Select(row => label(t.Labels, row))).OfType<double>().ToArray();
        var values = new double[(long)labels.Length * columns.Count];
        var starts = new List<double>(start is null ? 0 : labels.Length);
        var next = 0L;
        foreach (var table in tables)
        {
            var (features, known) = table;
            var taken = columns.Select(name => features[name]).ToArray();
            var from = start?.Invoke(table);
            for (var row = 0; row < features.Rows; row++)
            {
                if (label(known, row) is null) continue;
                if (from is not null) starts.Add(from[row]);
                foreach (var column in taken) values[next++] = column[row];
            }
        }
        return new(values, labels, [.. starts]);
    }

    public BoostingDataset Bin(IReadOnlyList<string> columns, LightGbmOptions options, int threads, BoostingDataset? reference = null) =>
        BoostingDataset.Create(Values, [.. Labels.Select(y => (float)y)], columns, options, threads, reference, start: Start);
}
