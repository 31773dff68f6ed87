using System.Data.Common;
using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Onnx;

namespace CustomerValue.Cli;

/// <summary>A shop's records at hand, as notebooks want them: loaded once into a warehouse, and read from there as purchases, texts and features, and by SQL.</summary>
/// <example><code>
/// var shop  = Shop.Open("../data-samples/shop", Pseudonyms.Published, Progress());
/// var table = shop.Features(new FeatureQuery("purchase_history", "rfm")).At(shop.Split.TestCutoff);
/// </code></example>
public sealed class Shop
{
    private readonly Lazy<IReadOnlyList<Purchase>> _purchases;
    private readonly Lazy<ExperimentSplit> _split;

    private Shop(Dataset data, Warehouse warehouse, IngestReport report)
    {
        (Data, Warehouse, Report) = (data, warehouse, report);
        _purchases = new(() => warehouse.Purchases());
        _split = new(() => OwnShop.SplitOf([.. Purchases.Where(p => !p.IsReturn).Select(p => DateOnly.FromDateTime(p.At)).Order()], data.Folder));
    }

    /// <summary>Its files.</summary>
    public Dataset Data { get; }

    /// <summary>Where its records lie from now on: under artifacts/ of the checkout, by what the files hold.</summary>
    public Warehouse Warehouse { get; }

    /// <summary>What was read, kept and rejected.</summary>
    public IngestReport Report { get; }

    /// <summary>Cutoffs that follow from the dates of its purchases, see <see cref="OwnShop.Split"/>.</summary>
    public ExperimentSplit Split => _split.Value;

    /// <summary>All purchases, by time.</summary>
    public IReadOnlyList<Purchase> Purchases => _purchases.Value;

    /// <summary>Whether any customer wrote a review or a chat.</summary>
    public bool HasTexts => Warehouse.Rows(RecordKind.Reviews) + Warehouse.Rows(RecordKind.DialogueTurns) > 0;

    /// <summary>Opens a shop's folder; loads it first, where these very files haven't been loaded before.</summary>
    /// <param name="folder">The folder: mapping.yaml in it says how files become records, or they have the usual names, or it is called like a data set that is known (online_retail_ii, cdnow).</param>
    /// <param name="pseudonyms">How customer ids are replaced; null: by a random key that is kept beside the warehouse.</param>
    /// <param name="progress">Told how far the load has come.</param>
    /// <param name="cancellation">Stops the load, which then has changed nothing.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks files that the mapping names.</exception>
    public static Shop Open(string folder, Pseudonyms? pseudonyms = null, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var data = Dataset.Names.Contains(name) && !File.Exists(Path.Combine(folder, "mapping.yaml")) ? Dataset.Named(name, folder) : Dataset.Open(folder);
        var warehouses = Path.Combine(Checkout.Root, "artifacts", "notebooks", "warehouse");
        var ids = pseudonyms ?? Pseudonyms.For(null, warehouses);
        var warehouse = Warehouse.OpenOrCreate(Path.Combine(warehouses, $"{data.Fingerprint[..16]}-{ids.Fingerprint[..8]}"), new() { Threads = Environment.ProcessorCount });
        return new(data, warehouse, warehouse.Load(data, ids, progress: progress, cancellation: cancellation));
    }

    /// <summary>Features of its customers.</summary>
    /// <param name="query">Which.</param>
    /// <param name="progress">Told how far the build has come.</param>
    public IFeatureSource Features(FeatureQuery query, IProgress<StageProgress>? progress = null) => query.With(new FeatureOptions { Threads = Environment.ProcessorCount }).Over(Warehouse, progress);

    /// <summary>All features that there are; where customers write, also of what they wrote, as the small encoder that comes along reads it.</summary>
    /// <param name="progress">Told how far the build has come.</param>
    public IFeatureSource Features(IProgress<StageProgress>? progress = null)
    {
        var options = new FeatureOptions { Threads = Environment.ProcessorCount };
        return HasTexts ? new TextFeatures(new FeatureQuery([.. FeatureQuery.AllSets, TextSets.Writing]).With(options), ShopEncoder.Source()).Over(Warehouse, progress)
            : new FeatureQuery([.. FeatureQuery.AllSets]).With(options).Over(Warehouse, progress);
    }

    /// <summary>The records by SQL, see <see cref="Warehouse.Connect"/>: <c>#!sql --connection NAME</c>.</summary>
    public DbConnection Connect() => Warehouse.Connect();

    /// <summary>What customers wrote before a cutoff, with what the records say of each text by then; where nobody writes, what their orders hold.</summary>
    /// <param name="cutoff">First day that isn't history; null for all there is.</param>
    public IReadOnlyList<ShopText> Texts(DateOnly? cutoff = null)
    {
        var labels = new ShopTextLabels(cutoff ?? Split.TestCutoff.AddDays(Split.HorizonDays));
        return HasTexts ? labels.Of(Warehouse.Reviews(), Warehouse.DialogueTurns(), Purchases) : labels.OfOrders(Purchases);
    }

    /// <summary>A question that the records answer of texts, parted at a cutoff into what is learned from, chosen on and judged on.</summary>
    /// <param name="question">The question; null: sentiment where stars were given, loyalty where none were.</param>
    /// <param name="cutoff">First day that isn't history for the one who learns.</param>
    /// <exception cref="InvalidOperationException">A part has only one answer, or none.</exception>
    public ShopTextTask Ask(ShopTextQuestion? question, DateOnly cutoff) => ShopTextTask.Of(question, Texts(), cutoff);
}
