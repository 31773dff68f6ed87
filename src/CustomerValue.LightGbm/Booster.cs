using CustomerValue.Features;
using CustomerValue.LightGbm.Native;

namespace CustomerValue.LightGbm;

/// <summary>Trained trees: immutable, safe to ask from many threads, and equal to its <see cref="Text"/>.</summary>
public sealed class Booster
{
    // Rows are handed over in blocks, so that the row-wise copy of a large table stays small and a cancelled call ends soon.
    private const int BlockRows = 4096;
    private static readonly double[] s_none = [];

    // Raw scores don't need the native model; explanations do.
    private readonly Lazy<BoosterHandle> _handle;
    private readonly TreeScores _trees;

    private Booster(string text, string[] columns, Tree[] trees)
    {
        (Text, Columns, Rounds, _trees) = (text, columns, trees.Length, new(columns.Length, trees));
        UsedColumns = [.. columns.Where((_, c) => _trees.Used[c])];
        _handle = new(() =>
        {
            LightGbmApi.Ready();
            LightGbmApi.Done(LightGbmApi.LGBM_BoosterLoadModelFromString(text, out _, out var handle));
            return handle;
        });
    }

    /// <summary>The model in LightGBM's text format; any LightGBM of version 4 reads it.</summary>
    public string Text { get; }

    /// <summary>Number of trees.</summary>
    public int Rounds { get; }

    /// <summary>Names of the columns, in the order in which rows must carry them.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Names of the columns that some tree asks for: all that rows of a table need carry.</summary>
    public IReadOnlyList<string> UsedColumns { get; }

    /// <summary>Reads a model from LightGBM's text format.</summary>
    /// <exception cref="LightGbmException">The text is no such model.</exception>
    public static Booster Load(string text)
    {
        var (columns, trees) = TreeText.Read(text);
        return new(text, columns, trees);
    }

    /// <summary>Answers for every row, transformed as the objective says: probabilities for Binary, means for Tweedie and Gamma.</summary>
    /// <param name="rows">Needs <see cref="UsedColumns"/>, by name.</param>
    /// <param name="threads">Threads for scoring.</param>
    /// <param name="cancellation">Stops between blocks of rows.</param>
    /// <returns>[rows]</returns>
    /// <exception cref="KeyNotFoundException">A column is missing.</exception>
    public double[] Predict(FeatureTable rows, int threads = 1, CancellationToken cancellation = default) =>
        Ask(rows, LightGbmApi.PredictNormal, 1, threads, cancellation);

    /// <summary>Sums of the trees' leaf values, before the objective's transformation.</summary>
    /// <inheritdoc cref="Predict(FeatureTable, int, CancellationToken)"/>
    public double[] PredictRaw(FeatureTable rows, int threads = 1, CancellationToken cancellation = default) =>
        _trees.Of([.. Columns.Select((name, c) => _trees.Used[c] ? rows[name] : s_none)], rows.Rows, threads, cancellation);

    /// <summary>The same by the native library; tests hold both to be equal bit for bit.</summary>
    internal double[] PredictRawNatively(FeatureTable rows) => Ask(rows, LightGbmApi.PredictRaw, 1, 1, default);

    /// <summary>Exact Shapley values of the raw score (Lundberg and others, 2018): what each column adds to or takes from the average.</summary>
    /// <returns>[rows x (columns + 1)], row by row; the last of a row is the average raw score, and a row's sum is its raw score.</returns>
    /// <inheritdoc cref="Predict(FeatureTable, int, CancellationToken)"/>
    internal double[] Contributions(FeatureTable rows, int threads, CancellationToken cancellation) =>
        Ask(rows, LightGbmApi.PredictContributions, Columns.Count + 1, threads, cancellation);

    /// <summary>Answers for rows that lie in one array.</summary>
    /// <param name="values">[rows x columns], row by row, columns as in <see cref="Columns"/>.</param>
    /// <param name="threads">Threads for scoring.</param>
    /// <returns>[rows]</returns>
    /// <exception cref="ArgumentException">The number of values isn't a multiple of the number of columns.</exception>
    public double[] Predict(ReadOnlySpan<double> values, int threads = 1)
    {
        if (values.Length % Columns.Count != 0)
            throw new ArgumentException($"{values.Length} values are no whole number of rows of {Columns.Count} columns.", nameof(values));
        var answers = new double[values.Length / Columns.Count];
        Ask(values, answers, LightGbmApi.PredictNormal, threads);
        return answers;
    }

    /// <summary>How much each column lowered the training loss, summed over its splits.</summary>
    /// <returns>[columns]</returns>
    public double[] Gain() => Importance(LightGbmApi.ImportanceGain);

    /// <summary>In how many splits each column stands.</summary>
    /// <returns>[columns]</returns>
    public double[] Splits() => Importance(LightGbmApi.ImportanceSplits);

    private unsafe double[] Importance(int kind)
    {
        var result = new double[Columns.Count];
        fixed (double* start = result) LightGbmApi.Done(LightGbmApi.LGBM_BoosterFeatureImportance(_handle.Value, -1, kind, start));
        return result;
    }

    private double[] Ask(FeatureTable table, int kind, int width, int threads, CancellationToken cancellation)
    {
        var columns = Columns.Select((name, c) => _trees.Used[c] ? table[name] : s_none).ToArray();
        var answers = new double[table.Rows * width];
        var block = new double[Math.Min(BlockRows, table.Rows) * columns.Length];
        for (var first = 0; first < table.Rows; first += BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = Math.Min(BlockRows, table.Rows - first);
            for (var c = 0; c < columns.Length; c++)
                if (_trees.Used[c])
                    for (var row = 0; row < rows; row++) block[row * columns.Length + c] = columns[c][first + row];
            Ask(block.AsSpan(0, rows * columns.Length), answers.AsSpan(first * width, rows * width), kind, threads);
        }
        return answers;
    }

    private unsafe void Ask(ReadOnlySpan<double> values, Span<double> answers, int kind, int threads)
    {
        if (values.IsEmpty) return;
        LightGbmApi.Ready();
        fixed (double* data = values, result = answers)
            LightGbmApi.Done(LightGbmApi.LGBM_BoosterPredictForMat(
                _handle.Value, data, LightGbmApi.Float64, values.Length / Columns.Count, Columns.Count, 1, kind, 0, -1,
                $"num_threads={threads} verbosity=-1", out _, result));
    }
}
