using System.Security.Cryptography;
using System.Text;
using CustomerValue.Features;
using CustomerValue.Ingestion;

namespace CustomerValue.DuckDb;

/// <summary>Which feature sets to build, and how. A set is an .sql file that can't see past the cutoff; its columns describe themselves.</summary>
public sealed class FeatureQuery : IFeatureBuilder
{
    private readonly SqlFile[] _sets;

    /// <param name="sets">Names of feature sets, in the order their columns shall stand; none means all.</param>
    /// <exception cref="ArgumentException">There is no such set, or one is named twice.</exception>
    public FeatureQuery(params IReadOnlyList<string> sets)
    {
        if (sets.Except(AllSets).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"There is no feature set '{unknown}'. There are: {string.Join(", ", AllSets)}.", nameof(sets));
        if (sets.Distinct().Count() < sets.Count)
            throw new ArgumentException($"A feature set stands twice in: {string.Join(", ", sets)}.", nameof(sets));
        Sets = sets.Count > 0 ? [.. sets] : AllSets;
        _sets = [.. Sets.Select(SqlFile.Load)];
        Catalogue = [.. _sets.SelectMany(set => set.Columns)];
        Steps = Ordered(_sets);
    }

    /// <summary>The feature sets there are, in the order a table of all of them has.</summary>
    public static IReadOnlyList<string> AllSets { get; } = 
        ["purchase_history", "rfm", "windows", "gaps", "baskets", "breadth", "price_level", "returns", "habits", "browsing", "campaigns"];

    /// <summary>The relation that no unit can make, as it looks at all of them.</summary>
    internal const string Shop = "shop";

    /// <summary>The sets chosen, in column order.</summary>
    public IReadOnlyList<string> Sets { get; }

    /// <summary>How to compute; no option changes a value.</summary>
    public FeatureOptions Options { get; init; } = new();

    /// <summary>Name, unit, meaning and set of each feature, in column order.</summary>
    public IReadOnlyList<FeatureInfo> Catalogue { get; }

    /// <summary>The files to run, each after those whose relations it reads; the sets themselves last.</summary>
    internal IReadOnlyList<SqlFile> Steps { get; }

    /// <summary>A hash of every statement that will run.</summary>
    internal string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', Steps.Select(s => s.Text)))))[..16];

    /// <summary>The features of the customers of a warehouse.</summary>
    /// <param name="warehouse">The warehouse's folder.</param>
    /// <param name="progress">Told after each unit.</param>
    public WarehouseFeatures Over(string warehouse, IProgress<StageProgress>? progress = null) => new(this, warehouse, progress);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["sets"] = string.Join(' ', Sets),
        ["sql"] = Fingerprint,
        ["currency"] = Options.Currency ?? "the only one",
    };

    /// <inheritdoc/>
    public IFeatureStore Open(Dataset data, Pseudonyms pseudonyms, string folder, int threads, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var report = Warehouse.OpenOrCreate(folder, new() { Threads = threads }).Load(data, pseudonyms, progress: progress, cancellation: cancellation);
        return new WarehouseStore(report, With(Options with { Threads = threads }).Over(folder, progress));
    }

    private FeatureQuery With(FeatureOptions options) => new(Sets) { Options = options };

    private static List<SqlFile> Ordered(IReadOnlyList<SqlFile> sets)
    {
        var steps = new List<SqlFile>();
        foreach (var set in sets) Add(set);
        return [.. steps.Except(sets), .. sets];

        void Add(SqlFile file)
        {
            foreach (var input in file.Inputs)
                if (!SourceTable.Names.Contains(input) && input != Shop && steps.All(s => s.Name != input)) Add(SqlFile.Load(input));
            steps.Add(file);
        }
    }
}
