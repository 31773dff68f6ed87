using System.Globalization;
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

    /// <summary>The query that built columns, from the settings that it told (<see cref="Settings"/>): sets, population and words of product names. Sets that none of the columns comes from are left out.</summary>
    /// <param name="settings">Settings of a query, others among them; without the names of sets all known ones count.</param>
    /// <param name="wanted">The columns.</param>
    /// <exception cref="InvalidDataException">They tell of a population, or of words, that this program doesn't build.</exception>
    public static FeatureQuery Of(IReadOnlyDictionary<string, string> settings, IReadOnlyList<FeatureInfo> wanted)
    {
        var words = settings.TryGetValue(ProductWordsSetting, out var columns) ? ProductWords.Of(columns) : null;
        var population = settings.GetValueOrDefault(PopulationSetting) switch
        {
            null => Population.Buyers,
            KnownSetting => Population.Known,
            var other => throw new InvalidDataException($"The features were built for the population '{other}', and this program builds those of buyers and of '{KnownSetting}' customers. Use the program that built them."),
        };
        string[] told = [.. SetsOf(settings).Where(KnownSets.Contains)];
        string[] needed = [.. told.Where(set => wanted.Any(column => column.Set == set))];
        // Customers come with a set, whichever it is.
        return new(needed.Length > 0 ? needed : [.. told.DefaultIfEmpty(AllSets[0]).Take(1)]) { Population = population, Words = words is not null && wanted.Any(words.Features.Contains) ? words : null };
    }

    /// <summary>Whether the columns of a query of these settings would be made by the same statements as when it told them; null where it can't be known.</summary>
    public static bool? IsSame(IReadOnlyDictionary<string, string> settings) => settings.TryGetValue("sql", out var sql) && settings.ContainsKey("sets") && SetsOf(settings).All(KnownSets.Contains)
        ? sql == new FeatureQuery(SetsOf(settings)) { Population = settings.ContainsKey(PopulationSetting) ? Population.Known : Population.Buyers }.Settings["sql"] : null;

    private static IReadOnlyList<string> SetsOf(IReadOnlyDictionary<string, string> settings) => settings.GetValueOrDefault("sets") is { Length: > 0 } named ? named.Split(' ') : KnownSets;

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
    private const string ProductWordsSetting = "product_words", PopulationSetting = "population", KnownSetting = "known";

    /// <summary>How to compute; no option changes a value.</summary>
    public FeatureOptions Options { get; init; } = new();

    /// <summary>The words of product names as columns behind the sets; null for none.</summary>
    public ProductWords? Words { get; init; }

    /// <summary>Name, unit, meaning and set of each feature, in column order.</summary>
    public IReadOnlyList<FeatureInfo> Catalogue => [.. Loaded.SelectMany(set => set.Columns), .. Words?.Features ?? []];

    /// <summary>The sets that are built, over the relation of customers that a file makes.</summary>
    internal IReadOnlyList<FeatureSet> LoadedFor(string population) =>
        [.. Sets.Concat(Population == Population.Known ? [Acquaintance] : []).Select(set => FeatureSet.Load(set, population))];

    /// <summary>The set that tells how customers write; null where it isn't built.</summary>
    internal FeatureSet? Writing => Sets.Contains(TextSets.Writing) ? FeatureSet.Load(TextSets.Writing) : null;

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
        if (Words is not null) yield return new(ProductWordsSetting, Words.Columns.ToString(CultureInfo.InvariantCulture));
        if (Population == Population.Known) yield return new(PopulationSetting, KnownSetting);
    }

    /// <inheritdoc/>
    public IFeatureStore Open(Dataset data, Pseudonyms pseudonyms, string folder, int threads, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var warehouse = Warehouse.OpenOrCreate(folder, new() { Threads = threads });
        var report = warehouse.Load(data, pseudonyms, progress: progress, cancellation: cancellation);
        return new WarehouseStore(report, With(Options with { Threads = threads }).Over(warehouse, progress));
    }

    /// <summary>The same query, computed otherwise.</summary>
    public FeatureQuery With(FeatureOptions options) => new(Sets) { Options = options, Words = Words, Population = Population };
}
