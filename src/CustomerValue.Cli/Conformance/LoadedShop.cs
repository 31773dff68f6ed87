using CustomerValue.DuckDb;
using CustomerValue.Features;
using CustomerValue.Ingestion;

namespace CustomerValue.Cli.Conformance;

/// <summary>A well-known data set the whole way that a shop's records go: read, checked, loaded into a warehouse (a temporary one), made into features.</summary>
internal sealed class LoadedShop : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("customervalue-conformance-").FullName;
    private readonly Warehouse _warehouse;
    private readonly CancellationToken _cancellation;

    /// <param name="name">One of <see cref="Dataset.Names"/>.</param>
    /// <param name="folder">Where its files lie.</param>
    /// <param name="cancellation">Stops loading and building.</param>
    public LoadedShop(string name, string folder, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        try
        {
            Records = Dataset.Named(name, folder);
            _warehouse = Warehouse.OpenOrCreate(Path.Combine(_folder, "warehouse"));
            Report = _warehouse.Load(Records, Pseudonyms.Published, cancellation: cancellation);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Dataset Records { get; }

    /// <summary>What the load counted.</summary>
    public IngestReport Report { get; }

    /// <summary>The shop's money; it sells in one currency.</summary>
    public MoneyReport Money => Report.Money.Single();

    /// <summary>The customers at a cutoff, and what they did in so many days from it.</summary>
    public ShopWindow At(DateOnly cutoff, int days)
    {
        var source = new FeatureQuery("purchase_history", "rfm").Over(_warehouse);
        var table = source.At(cutoff, _cancellation);
        return new(table, source.LabelsFor(table, days, _cancellation));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>Customers at a cutoff, in order of id, and what followed.</summary>
internal sealed class ShopWindow(FeatureTable features, Labels labels)
{
    public PurchaseHistories Histories { get; } = PurchaseHistories.From(features);

    /// <summary>[rows]: spend before the cutoff, returns not taken off.</summary>
    public double[] SpendSoFar { get; } = features["gross_spend"];

    /// <summary>[rows]: net spend in the window, floored at 0.</summary>
    public double[] Spend => labels.Spend;

    /// <summary>[rows]: days with an order in the window.</summary>
    public double[] Days { get; } = Array.ConvertAll(labels.Purchases, p => (double)p);

    /// <summary>[rows]: 1 where there was no order in the window.</summary>
    public double[] Churned { get; } = Array.ConvertAll(labels.Churned, c => c ? 1.0 : 0.0);

    public int Customers => labels.Rows;

    public double HorizonWeeks => labels.HorizonDays / 7.0;
}
