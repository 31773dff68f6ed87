using CustomerValue.Features;

namespace CustomerValue.DuckDb;

/// <summary>The text columns of a warehouse's customers with each text left out once.</summary>
/// <param name="warehouse">The warehouse.</param>
/// <param name="options">Memory and threads.</param>
/// <param name="build">What is built at a cutoff.</param>
/// <param name="writing">The set <see cref="TextSets.Writing"/>; null where it isn't built.</param>
/// <param name="progress">Told after each unit.</param>
internal sealed class LeftOutTexts(Warehouse warehouse, FeatureOptions options, Func<DateOnly, CancellationToken, FeatureBuild> build, FeatureSet? writing, IProgress<StageProgress>? progress) : ITextColumns
{
    // Texts left out at a time, or a customer's more: some hundred columns of them take a few MB.
    private const int AtATime = 8192;

    /// <summary>Opens what the encoder made of texts, and makes columns of it; null where no encoder takes part.</summary>
    public (TextAggregation Aggregation, Func<FeatureBuild, Workers, CancellationToken, TextReaders> Open)? Reading { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<FeatureInfo> Features => [.. writing?.Columns ?? [], .. Reading is { } read ? [.. read.Aggregation.Meaning, .. read.Aggregation.Vector] : Array.Empty<FeatureInfo>()];

    /// <inheritdoc/>
    public void LeaveOut(DateOnly cutoff, Action<TextsLeftOut> take, CancellationToken cancellation = default)
    {
        var built = build(cutoff, cancellation);
        using var workers = new Workers(options, Path.GetTempPath(), cancellation);
        using var readers = Reading?.Open(built, workers, cancellation);
        var done = 0;
        progress?.Report(new("leaving texts out", done, built.Units.Count, "units"));
        workers.ForEach(built.Units.Count, (session, u) =>
        {
            var apart = new TextsApart(session, warehouse, built.Units[u], built.Currency);
            for (var (first, end) = (0, 0); first < apart.Writers.Count; first = end)
            {
                cancellation.ThrowIfCancellationRequested();
                end = Math.Min(first + AtATime, apart.Writers.Count);
                while (end < apart.Writers.Count && apart.Writers[end] == apart.Writers[end - 1]) end++;
                take(LeftOut(apart, first, end, cutoff, readers));
            }
            progress?.Report(new("leaving texts out", Interlocked.Increment(ref done), built.Units.Count, "units"));
        });
    }

    private TextsLeftOut LeftOut(TextsApart apart, int first, int end, DateOnly cutoff, TextReaders? readers)
    {
        var written = writing is null ? [] : apart.WritingWithout(writing, first, end);
        int[] pieces = [.. Enumerable.Range(first, end - first).Where(p => apart.Texts[p] is not null)];
        // Stable, as texts that are alike in all are alike in what they mean too.
        int[][] writers = [.. pieces.GroupBy(p => apart.Writers[p]).Select(own => own.Order(Comparer<int>.Create((a, b) => WrittenTexts.Order(apart.Texts[a]!, apart.Texts[b]!))).ToArray())];
        int[] order = [.. writers.SelectMany(own => own)];
        double[][] columns = [.. written.Select(column => order.Select(p => column[p - first]).ToArray()), .. Read(apart, writers, order.Length, cutoff, readers)];
        return new([.. order.Select(p => apart.Writers[p])], [.. order.Select(p => apart.Texts[p]!)], columns);
    }

    private double[][] Read(TextsApart apart, int[][] writers, int texts, DateOnly cutoff, TextReaders? readers)
    {
        if (Reading is not { Aggregation: var aggregation } || readers is null) return [];
        var columns = aggregation.Meaning.Concat(aggregation.Vector).Select(_ => new double[texts]).ToArray();
        var row = new double[columns.Length];
        var at = 0;
        foreach (var own in writers)
        {
            var (cache, width) = (readers.Caches[readers.GroupOf(apart.Writers[own[0]])], readers.Width);
            var numbers = new float[own.Length * width];
            for (var t = 0; t < own.Length; t++) cache.Get(apart.Texts[own[t]]!.Text, numbers.AsSpan(t * width, width));
            for (var t = 0; t < own.Length; t++, at++)
            {
                CustomerText[] others = [.. own.Where((_, i) => i != t).Select(p => apart.Texts[p]!)];
                float[] kept = [.. numbers.AsSpan(0, t * width), .. numbers.AsSpan((t + 1) * width)];
                aggregation.Fill(cutoff, others, kept, row.AsSpan(0, aggregation.Meaning.Count), row.AsSpan(aggregation.Meaning.Count));
                for (var c = 0; c < columns.Length; c++) columns[c][at] = row[c];
            }
        }
        return columns;
    }
}
