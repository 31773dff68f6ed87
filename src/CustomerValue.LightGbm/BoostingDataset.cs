using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CustomerValue.LightGbm.Native;

namespace CustomerValue.LightGbm;

/// <summary>Rows in LightGBM's binned form, with their labels. Native memory: dispose it.</summary>
public sealed class BoostingDataset : IDisposable
{
    private readonly float[] _labels;

    private BoostingDataset(DatasetHandle handle, float[] labels, int columns) => (Handle, _labels, Columns) = (handle, labels, columns);

    internal DatasetHandle Handle { get; }

    /// <summary>Number of rows.</summary>
    public int Rows => _labels.Length;

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>[rows]</summary>
    public ReadOnlySpan<float> Labels => _labels;

    /// <summary>Bins rows of doubles.</summary>
    /// <param name="values">[rows x columns], row by row, or column by column when <paramref name="columnMajor"/>.</param>
    /// <param name="labels">[rows]</param>
    /// <param name="names">[columns]: no two alike; letters, digits and underscores.</param>
    /// <param name="options">Decides the bins and the threads.</param>
    /// <param name="threads">Threads for binning.</param>
    /// <param name="reference">Training rows whose bins to use: what validation rows need.</param>
    /// <param name="columnMajor">The values lie column by column.</param>
    /// <param name="start">[rows]: raw scores to start from, in place of the labels' average; scores of the booster come on top of them.</param>
    /// <exception cref="ArgumentException">Lengths don't fit together, or a label isn't finite.</exception>
    /// <exception cref="LightGbmException">LightGBM refuses the rows, with its words.</exception>
    public static BoostingDataset Create(
        ReadOnlySpan<double> values, ReadOnlySpan<float> labels, IReadOnlyList<string> names, LightGbmOptions options, int threads = 1,
        BoostingDataset? reference = null, bool columnMajor = false, ReadOnlySpan<double> start = default)
        => Create(MemoryMarshal.AsBytes(values), values.Length, LightGbmApi.Float64, labels, names, options, threads, reference, columnMajor, start);

    /// <summary>Bins rows of floats: half the memory of doubles.</summary>
    /// <inheritdoc cref="Create(ReadOnlySpan{double}, ReadOnlySpan{float}, IReadOnlyList{string}, LightGbmOptions, int, BoostingDataset?, bool, ReadOnlySpan{double})"/>
    public static BoostingDataset Create(
        ReadOnlySpan<float> values, ReadOnlySpan<float> labels, IReadOnlyList<string> names, LightGbmOptions options, int threads = 1,
        BoostingDataset? reference = null, bool columnMajor = false, ReadOnlySpan<double> start = default)
        => Create(MemoryMarshal.AsBytes(values), values.Length, LightGbmApi.Float32, labels, names, options, threads, reference, columnMajor, start);

    private static unsafe BoostingDataset Create(
        ReadOnlySpan<byte> values, int count, int type, ReadOnlySpan<float> labels, IReadOnlyList<string> names, LightGbmOptions options, int threads,
        BoostingDataset? reference, bool columnMajor, ReadOnlySpan<double> start)
    {
        if (labels.Length == 0) throw new ArgumentException("There are no rows to learn from.", nameof(labels));
        if (names.Count == 0 || (long)labels.Length * names.Count != count)
            throw new ArgumentException(
                $"{labels.Length} labels and {names.Count} columns ask for {(long)labels.Length * names.Count} values, and there are {count}.", nameof(values));
        for (var row = 0; row < labels.Length; row++)
            if (!float.IsFinite(labels[row]))
                throw new ArgumentException($"The label on row {row} is {labels[row].ToString(CultureInfo.InvariantCulture)}; labels must be finite.", nameof(labels));

        if (!start.IsEmpty) Check.SameLength(labels.Length, start.Length, nameof(start));

        LightGbmApi.Ready();
        var parameters = Encoding.UTF8.GetBytes(options.DatasetParameters(threads) + "\0");
        DatasetHandle handle;
        fixed (byte* data = values, text = parameters)
            LightGbmApi.Done(LightGbmApi.LGBM_DatasetCreateFromMat(
                data, type, labels.Length, names.Count, columnMajor ? 0 : 1, text, reference?.Handle.DangerousGetHandle() ?? 0, out handle));
        GC.KeepAlive(reference);
        try
        {
            fixed (float* data = labels)
                LightGbmApi.Done(LightGbmApi.LGBM_DatasetSetField(handle, "label", data, labels.Length, LightGbmApi.Float32));
            fixed (double* data = start)
                if (!start.IsEmpty) LightGbmApi.Done(LightGbmApi.LGBM_DatasetSetField(handle, "init_score", data, start.Length, LightGbmApi.Float64));
            SetNames(handle, names);
            return new(handle, labels.ToArray(), names.Count);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static unsafe void SetNames(DatasetHandle handle, IReadOnlyList<string> names)
    {
        var starts = new int[names.Count];
        var text = new List<byte>();
        for (var c = 0; c < names.Count; c++)
        {
            starts[c] = text.Count;
            text.AddRange(Encoding.UTF8.GetBytes(names[c]));
            text.Add(0);
        }
        fixed (byte* start = CollectionsMarshal.AsSpan(text))
        {
            var pointers = stackalloc byte*[names.Count];
            for (var c = 0; c < names.Count; c++) pointers[c] = start + starts[c];
            LightGbmApi.Done(LightGbmApi.LGBM_DatasetSetFeatureNames(handle, pointers, names.Count));
        }
    }

    public void Dispose() => Handle.Dispose();
}
