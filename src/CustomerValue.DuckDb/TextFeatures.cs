using CustomerValue.Features;
using CustomerValue.Ingestion;

namespace CustomerValue.DuckDb;

/// <summary>Features of what customers did, and of what an encoder says of what they wrote: the sets <see cref="TextSets.Meaning"/> and <see cref="TextSets.Vector"/> behind those of a query.</summary>
/// <example><code>
/// var features = new TextFeatures(new FeatureQuery([.. FeatureQuery.AllSets, TextSets.Writing]), encoders);
/// var table    = features.Over(Warehouse.Open("artifacts/warehouse")).At(new(2025, 7, 1));
/// </code></example>
public sealed class TextFeatures : IFeatureBuilder
{
    /// <param name="query">What is built without reading the words, and how: its options hold for all.</param>
    /// <param name="encoders">Where the encoder of a cutoff comes from.</param>
    /// <param name="options">What is made of texts; null for the defaults.</param>
    /// <exception cref="ArgumentException">Two columns would have one name, or vectors are asked for of several encoders.</exception>
    public TextFeatures(FeatureQuery query, ITextEncoderSource encoders, TextFeatureOptions? options = null)
    {
        (Query, Encoders, Options) = (query, encoders, options ?? new());
        if (Options.Vector && encoders is IFoldedEncoderSource { Folds: > 1 and var folds })
            throw new ArgumentException($"Each of {folds} groups of customers has an encoder of its own, and vectors of different encoders can't be laid side by side. Leave them out: new TextFeatureOptions {{ Vector = false }}.", nameof(options));
        Aggregation = new(encoders.Heads, encoders.Width, Options);
        Catalogue = [.. query.Catalogue, .. Aggregation.Meaning, .. Aggregation.Vector];
        if (Catalogue.CountBy(f => f.Name).FirstOrDefault(n => n.Value > 1) is { Key: { } twice })
            throw new ArgumentException($"Two columns would be called '{twice}': one of the set {Catalogue.First(f => f.Name == twice).Set}, and one that a head gives. Rename the head.", nameof(encoders));
    }

    /// <summary>What is built without reading the words.</summary>
    public FeatureQuery Query { get; }

    /// <summary>What is made of texts.</summary>
    public TextFeatureOptions Options { get; }

    /// <summary>Folder where what encoders said is kept, by encoder and text, and where encoders that learn keep what they learned; null: the folder <c>texts</c> inside the warehouse.</summary>
    public string? Folder { get; init; }

    /// <summary>Name, unit, meaning and set of each feature, in column order.</summary>
    public IReadOnlyList<FeatureInfo> Catalogue { get; }

    internal ITextEncoderSource Encoders { get; }

    internal TextAggregation Aggregation { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string>(Query.Settings) { ["text.sets"] = string.Join(' ', Aggregation.Vector.Count > 0 ? [TextSets.Meaning, TextSets.Vector] : [TextSets.Meaning]), ["text.options"] = Said };
            foreach (var (name, value) in Encoders.Settings) settings[$"text.encoder.{name}"] = value;
            return settings;
        }
    }

    /// <summary>All that decides a column's value besides encoder, records and cutoff.</summary>
    internal string Said => FormattableString.Invariant(
        $"version {TextAggregation.Version}, half-lives {string.Join(' ', Options.HalfLives)}, of vectors {Options.VectorHalfLife}, most labels {Options.MostLabels}, heads {Options.TopicHead} {Options.ComplaintHead} {Options.SolvedHead}, no complaint {string.Join(' ', Options.NoComplaint)}");

    /// <summary>The features of the customers of a warehouse.</summary>
    /// <param name="warehouse">The warehouse, as it is now.</param>
    /// <param name="progress">Told how many texts are encoded, and after each unit.</param>
    public WarehouseTextFeatures Over(Warehouse warehouse, IProgress<StageProgress>? progress = null) => new(this, warehouse, progress);

    /// <inheritdoc/>
    public IFeatureStore Open(Dataset data, Pseudonyms pseudonyms, string folder, int threads, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var warehouse = Warehouse.OpenOrCreate(folder, new() { Threads = threads });
        var report = warehouse.Load(data, pseudonyms, progress: progress, cancellation: cancellation);
        var query = Query.On(threads);
        return new WarehouseStore(report, new TextFeatures(query, Encoders, Options) { Folder = Folder }.Over(warehouse, progress));
    }
}
