using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CustomerValue.Features;
using CustomerValue.Text;

namespace CustomerValue.DuckDb;

/// <summary>Features and labels of the customers of one warehouse, what they wrote among them.</summary>
/// <remarks>Texts pass through the encoder once, all that are new together and in one order, before any unit is aggregated; units then share what it said. A unit's sets are Parquet files
/// that appear by a rename and carry the encoder's identity, so a build that stops goes on where it stopped, and another encoder's features never pass for these.</remarks>
public sealed class WarehouseTextFeatures : IFeatureSource
{
    // Characters of texts that are held between encoding and aggregating; beyond it units are read again.
    private const long HeldCharacters = 50_000_000;

    private readonly TextFeatures _features;
    private readonly Warehouse _warehouse;
    private readonly WarehouseFeatures _behaviour;
    private readonly IProgress<StageProgress>? _progress;

    internal WarehouseTextFeatures(TextFeatures features, Warehouse warehouse, IProgress<StageProgress>? progress) =>
        (_features, _warehouse, _behaviour, _progress) = (features, warehouse, features.Query.Over(warehouse, progress), progress);

    /// <inheritdoc/>
    public IReadOnlyList<FeatureInfo> Catalogue => _features.Catalogue;

    /// <summary>Texts that passed through an encoder since this was made; the others were known.</summary>
    public long Encoded { get; private set; }

    private string Folder => _features.Folder ?? Path.Combine(_warehouse.Folder, "texts");

    /// <inheritdoc/>
    public FeatureTable At(DateOnly cutoff, CancellationToken cancellation = default)
    {
        var table = _behaviour.Worded(Build(cutoff, cancellation).Read(cancellation), cancellation).With(Records);
        return _features.Query.Words is null ? table : table.Select([.. Catalogue.Select(f => f.Name)]);
    }

    /// <inheritdoc/>
    public ICustomerRecords? Records => _behaviour.Records;

    /// <inheritdoc/>
    public ITextColumns? Texts => new LeftOutTexts(_warehouse, _features.Query.Options, _behaviour.Build, _features.Query.Writing, _progress)
    {
        Reading = (_features.Aggregation, (build, workers, cancellation) =>
        {
            var readers = Readers(build, workers, cancellation);
            readers.Open(Folder);
            return readers;
        }),
    };

    /// <inheritdoc/>
    /// <remarks>A <see cref="FoldedEncoder"/> where each group of customers has an encoder of its own.</remarks>
    public ITextEncoder? EncoderAt(DateOnly cutoff, CancellationToken cancellation = default)
    {
        using var workers = new Workers(_features.Query.Options, Path.GetTempPath(), cancellation);
        var build = _behaviour.Build(cutoff, cancellation);
        var encoders = Encoders(workers, build, cancellation);
        return encoders.Count == 1 ? encoders[0] : new FoldedEncoder(encoders);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Texts are read at one cutoff for all customers.</exception>
    public FeatureTable AtFirstOrders(FirstOrders period, CancellationToken cancellation = default) => throw new NotSupportedException(
        "An encoder reads texts up to one cutoff for all customers, and customers at their first order have cutoffs of their own. Take the names of products as text: FeatureQuery.Words.");

    /// <inheritdoc/>
    public Labels LabelsFor(FeatureTable table, int horizonDays, CancellationToken cancellation = default) => _behaviour.LabelsFor(table, horizonDays, cancellation);

    /// <summary>Builds the features at a cutoff as files, reusing what is there already.</summary>
    /// <exception cref="InvalidOperationException">No purchases before the cutoff, or several currencies and none chosen.</exception>
    /// <exception cref="InvalidDataException">The encoder isn't what its source told, or answers with what is no number.</exception>
    /// <exception cref="IOException">Another process writes what this encoder says.</exception>
    public FeatureBuild Build(DateOnly cutoff, CancellationToken cancellation = default)
    {
        var build = _behaviour.Build(cutoff, cancellation);
        var options = _features.Query.Options;
        using var workers = new Workers(options, Path.GetTempPath(), cancellation);
        using var readers = Readers(build, workers, cancellation);
        var parts = Parts(readers.Identity);
        var open = build.Units.Where(unit => parts.Any(part => !File.Exists(unit.Of(part)))).ToArray();
        if (open.Length > 0)
        {
            readers.Open(Folder);
            var texts = new List<CustomerText>[]?[open.Length];
            Encode(workers, readers, open, texts, cutoff, cancellation);
            Aggregate(workers, readers, open, texts, parts, cutoff);
            Encoded += readers.Encoded;
        }
        return build.With(parts, (build.Units.Count - open.Length) * parts.Count);
    }

    private TextReaders Readers(FeatureBuild build, Workers workers, CancellationToken cancellation) =>
        new(Encoders(workers, build, cancellation), _features.Encoders is IFoldedEncoderSource { Folds: > 1 } folded ? folded.FoldOf : null);

    // One for everybody, or one a group.
    private IReadOnlyList<ITextEncoder> Encoders(Workers workers, FeatureBuild build, CancellationToken cancellation)
    {
        var known = new Lazy<IReadOnlyList<ShopText>>(() => Labels(workers, build));
        if (_features.Encoders is not IFoldedEncoderSource { Folds: > 1 and var folds }) return [Encoder(null, () => known.Value, build.Cutoff, cancellation)];
        var encoders = new List<ITextEncoder>();
        try
        {
            for (var fold = 0; fold < folds; fold++) encoders.Add(Encoder(fold, () => known.Value, build.Cutoff, cancellation));
            return encoders;
        }
        catch
        {
            foreach (var encoder in encoders) encoder.Dispose();
            throw;
        }
    }

    private ITextEncoder Encoder(int? fold, Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, CancellationToken cancellation)
    {
        var (folder, threads) = (Path.Combine(Folder, "encoders"), _features.Query.Options.Threads);
        var encoder = fold is { } apart ? ((IFoldedEncoderSource)_features.Encoders).OpenFold(apart, labels, cutoff, folder, threads, _progress, cancellation)
            : _features.Encoders.Open(labels, cutoff, folder, threads, _progress, cancellation);
        try
        {
            Refuse(encoder);
            return encoder;
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    private void Encode(Workers workers, TextReaders readers, IReadOnlyList<FeatureUnit> units, List<CustomerText>[]?[] held, DateOnly cutoff, CancellationToken cancellation)
    {
        var characters = 0L;
        HashSet<string>[] unknown = [.. readers.Caches.Select(_ => new HashSet<string>(StringComparer.Ordinal))];
        workers.ForEach(units.Count, (session, u) =>
        {
            var texts = WrittenTexts.Of(session, _warehouse, units[u], cutoff);
            var groups = readers.GroupsOf(session, units[u], texts.Length);
            for (var customer = 0; customer < texts.Length; customer++)
                foreach (var text in texts[customer].Where(text => !readers.Caches[groups[customer]].Has(text.Text)))
                    lock (unknown) unknown[groups[customer]].Add(text.Text);
            if (Interlocked.Add(ref characters, texts.Sum(written => written.Sum(text => (long)text.Text.Length))) <= HeldCharacters) held[u] = texts;
        });
        for (var group = 0; group < readers.Groups; group++) readers.Caches[group].Encode(unknown[group], _progress, cancellation);
    }

    private void Aggregate(Workers workers, TextReaders readers, IReadOnlyList<FeatureUnit> units, List<CustomerText>[]?[] held, IReadOnlyList<FeaturePart> parts, DateOnly cutoff)
    {
        var (stage, done) = (string.Create(CultureInfo.InvariantCulture, $"texts at {cutoff:yyyy-MM-dd}"), 0);
        _progress?.Report(new(stage, done, units.Count, "units"));
        workers.ForEach(units.Count, (session, u) =>
        {
            var texts = held[u] ?? WrittenTexts.Of(session, _warehouse, units[u], cutoff);
            held[u] = null;
            var groups = readers.GroupsOf(session, units[u], texts.Length);
            var columns = parts.Select(part => part.Columns.Select(_ => new double[texts.Length]).ToArray()).ToArray();      // [parts][columns][customers]
            var rows = parts.Select(part => new double[part.Columns.Count]).ToArray();
            for (var customer = 0; customer < texts.Length; customer++)
            {
                var (cache, width) = (readers.Caches[groups[customer]], readers.Width);
                var numbers = new float[texts[customer].Count * width];
                for (var t = 0; t < texts[customer].Count; t++) cache.Get(texts[customer][t].Text, numbers.AsSpan(t * width, width));
                _features.Aggregation.Fill(cutoff, texts[customer], numbers, rows[0], rows.Length > 1 ? rows[1] : []);
                for (var p = 0; p < parts.Count; p++)
                    for (var c = 0; c < columns[p].Length; c++) columns[p][c][customer] = rows[p][c];
            }
            for (var p = 0; p < parts.Count; p++) Save(units[u].Of(parts[p]), parts[p].Columns, columns[p]);
            _progress?.Report(new(stage, Interlocked.Increment(ref done), units.Count, "units"));
        });
    }

    private static void Save(string file, IReadOnlyList<FeatureInfo> features, double[][] columns)
    {
        var unfinished = string.Create(CultureInfo.InvariantCulture, $"{file}.{Environment.ProcessId}.tmp");
        try
        {
            var table = new ParquetColumns().Add("customer", Enumerable.Range(0, columns[0].Length).ToArray());
            for (var c = 0; c < columns.Length; c++) table.Add(features[c].Name, columns[c]);
            table.Write(unfinished);
            File.Move(unfinished, file, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private IReadOnlyList<FeaturePart> Parts(string identity)
    {
        var heads = string.Join(';', _features.Encoders.Heads.Select(h => $"{h.Name} {h.Kind} {string.Join(',', h.Labels)} {h.Mean.ToString("R", CultureInfo.InvariantCulture)}"));
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{identity}\0{heads}\0{_features.Said}")))[..16];
        var meaning = new FeaturePart(TextSets.Meaning, fingerprint, _features.Aggregation.Meaning);
        return _features.Aggregation.Vector.Count == 0 ? [meaning] : [meaning, new(TextSets.Vector, fingerprint, _features.Aggregation.Vector)];
    }

    private IReadOnlyList<ShopText> Labels(Workers workers, FeatureBuild build)
    {
        IReadOnlyList<ShopText> labels = [];
        workers.ForEach(1, (session, _) => labels = WrittenTexts.Labelled(session, _warehouse, build.Currency, build.Cutoff));
        return labels;
    }

    // Columns are named before any encoder is opened.
    private void Refuse(ITextEncoder encoder)
    {
        static string Told(int width, IReadOnlyList<TextHead> heads) =>
            $"vectors of {width.ToString(CultureInfo.InvariantCulture)}, {string.Join("; ", heads.Select(h => $"{h.Name} ({h.Kind}: {string.Join(", ", h.Labels)})"))}";
        var (expected, found) = (Told(_features.Encoders.Width, _features.Encoders.Heads), Told(encoder.Width, encoder.Heads));
        if (expected != found)
            throw new InvalidDataException($"The encoder {encoder.Identity} has {found}, where its source told of {expected}. Columns are named after what the source tells: open the encoder that it means.");
    }
}
