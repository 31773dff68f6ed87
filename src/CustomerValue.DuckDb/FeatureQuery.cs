using CustomerValue.Features;
using CustomerValue.Ingestion;

namespace CustomerValue.DuckDb;

/// <summary>Which feature sets to build, and how. A set is an .sql file that can't see past the cutoff; its columns describe themselves.</summary>
/// <example><code>
/// var source = new FeatureQuery("purchase_history", "rfm").Over(Warehouse.Open("artifacts/warehouse"));
/// var table  = source.At(new(2011, 6, 1));
/// var labels = source.LabelsFor(table, horizonDays: 180);
/// </code></example>
public sealed class FeatureQuery : IFeatureBuilder
{
    /// <param name="sets">Names of feature sets, in the order their columns shall stand; none means <see cref="AllSets"/>.</param>
    /// <exception cref="ArgumentException">There is no such set, or one is named twice.</exception>
    public FeatureQuery(params IReadOnlyList<string> sets)
    {
        if (sets.Except(KnownSets).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"There is no feature set '{unknown}'. There are: {string.Join(", ", KnownSets)}.", nameof(sets));
        if (sets.Distinct().Count() < sets.Count)
            throw new ArgumentException($"A feature set stands twice in: {string.Join(", ", sets)}.", nameof(sets));
        Sets = sets.Count > 0 ? sets : AllSets;
    }

    /// <summary>The feature sets of what customers did, in the order a table of all of them has.</summary>
    public static IReadOnlyList<string> AllSets { get; } =
        ["purchase_history", "rfm", "windows", "order_windows", "gaps", "baskets", "breadth", "price_level", "returns", "habits", "browsing", "campaigns"];

    /// <summary>Every set that can be asked for by name: <see cref="AllSets"/>, and how customers write, which shops without texts have no use for.</summary>
    public static IReadOnlyList<string> KnownSets { get; } = [.. AllSets, TextSets.Writing];

    /// <summary>The sets chosen, in column order.</summary>
    public IReadOnlyList<string> Sets { get; }

    /// <summary>Whose features are built.</summary>
    public Population Population { get; init; }

    internal const string Acquaintance = "acquaintance";

    /// <summary>How to compute; no option changes a value.</summary>
    public FeatureOptions Options { get; init; } = new();

    /// <summary>The words of product names as columns behind the sets; null for none.</summary>
    public ProductWords? Words { get; init; }

    /// <summary>Name, unit, meaning and set of each feature, in column order.</summary>
    public IReadOnlyList<FeatureInfo> Catalogue => [.. Loaded.SelectMany(set => set.Columns), .. Words?.Features ?? []];

    /// <summary>The sets that are built, over the relation of customers that a file makes.</summary>
    internal IReadOnlyList<FeatureSet> LoadedFor(string population) =>
        [.. Sets.Concat(Population == Population.Known ? [Acquaintance] : []).Select(set => FeatureSet.Load(set, population))];

    private IReadOnlyList<FeatureSet> Loaded => LoadedFor(FeatureSet.Population);

    /// <summary>The features of the customers of a warehouse.</summary>
    /// <param name="warehouse">The warehouse, as it is now.</param>
    /// <param name="progress">Told after each unit.</param>
    public WarehouseFeatures Over(Warehouse warehouse, IProgress<StageProgress>? progress = null) => new(this, warehouse, progress);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(Chosen())
    {
        ["sets"] = string.Join(' ', Sets),
        ["sql"] = string.Join(' ', Loaded.Select(set => set.Fingerprint)),
        ["currency"] = Options.Currency ?? "the only one",
    };

    // Named only where they aren't what they used to be, so that what was built before them keeps its settings.
    private IEnumerable<KeyValuePair<string, string>> Chosen()
    {
        if (Words is not null) yield return new("product_words", $"{Words.Columns}");
        if (Population == Population.Known) yield return new("population", "known");
    }

    /// <inheritdoc/>
    public IFeatureStore Open(Dataset data, Pseudonyms pseudonyms, string folder, int threads, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var warehouse = Warehouse.OpenOrCreate(folder, new() { Threads = threads });
        var report = warehouse.Load(data, pseudonyms, progress: progress, cancellation: cancellation);
        return new WarehouseStore(report, On(threads).Over(warehouse, progress));
    }

    /// <summary>The same query on another number of threads.</summary>
    internal FeatureQuery On(int threads) => new(Sets) { Options = Options with { Threads = threads }, Words = Words, Population = Population };
}
