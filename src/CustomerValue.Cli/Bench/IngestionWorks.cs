using System.Globalization;
using System.Text;
using CustomerValue.DuckDb;
using CustomerValue.Ingestion;

namespace CustomerValue.Cli.Bench;

/// <summary>Reading, checking and storing records: of Online Retail II where it is at hand, and of made-up order lines anywhere.</summary>
internal static class IngestionWorks
{
    private const int RetailLines = 525_461 + 541_909, MadeLines = 1_000_000, MadeCustomers = 50_000;

    public static IReadOnlyList<BenchWork> All { get; } =
    [
        new("ingest-read-online-retail", "Online Retail II: both files read and checked, nothing stored", RetailLines, "rows",
            context => Retail(context) is { } folder ? () => Read(Dataset.Named("online_retail_ii", folder)) : null),
        new("ingest-online-retail", "Online Retail II: read, checked, deduplicated, stored, rejects written", RetailLines, "rows",
            context => Retail(context) is { } folder ? Load(context, Dataset.Named("online_retail_ii", folder)) : null),
        new("ingest-made-up-orders", "Made-up order lines of 50,000 customers, CSV: read, pseudonymised, stored", MadeLines, "rows",
            context => Load(context, MadeUp(context.Scratch))),
    ];

    private static string? Retail(BenchContext context) =>
        context.DataFolder is { } data && Directory.Exists(Path.Combine(data, "online_retail_ii")) ? Path.Combine(data, "online_retail_ii") : null;

    private static void Read(Dataset dataset)
    {
        using var log = new ReadLog();
        foreach (var _ in dataset.Read(Pseudonyms.Published, log)) { }
    }

    private static Action Load(BenchContext context, Dataset dataset)
    {
        var (key, target) = (Pseudonyms.Keyed("a key for timing, nothing else"u8, "bench"), Path.Combine(context.Scratch, "warehouse"));
        return () =>
        {
            if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
            Warehouse.OpenOrCreate(target, new() { Threads = context.Threads }).Load(dataset, key, cancellation: context.Cancellation);
        };
    }

    private static Dataset MadeUp(string scratch)
    {
        var folder = Directory.CreateDirectory(Path.Combine(scratch, "orders")).FullName;
        using (var file = new StreamWriter(Path.Combine(folder, "purchases.csv"), append: false, new UTF8Encoding(false)))
        {
            file.Write("customer_id,order_id,purchased_at,product_id,description,quantity,unit_price,currency\n");
            for (var line = 0; line < MadeLines; line++)
            {
                var (order, product) = (line / 4, line * 7919L % 5_003);
                var at = new DateTime(2023, 1, 1).AddMinutes(order * 3L % 1_000_000);
                file.Write(string.Create(CultureInfo.InvariantCulture, $"customer {order * 104_729L % MadeCustomers},{order},{at:yyyy-MM-dd HH:mm:ss},p{product},\"Product number {product}, boxed\",{1 + line % 5},{1 + product % 90}.{10 + line % 90},EUR\n"));
            }
        }
        return Dataset.Open(folder);
    }
}
