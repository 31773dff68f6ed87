using CustomerValue.DuckDb;
using CustomerValue.Ingestion;
using CustomerValue.Packaging;
using CustomerValue.Packaging.Scoring;

namespace CustomerValue.Cli.Bench;

/// <summary>From the sample shop's raw files to scores, with a package that reads texts: loading, features, the encoder, both answers, writing. Left out where there is no such package.</summary>
internal static class RecordWorks
{
    private const int Customers = 1_557;                     // with an order before the cutoff; they wrote 4,855 texts by then
    private static readonly DateOnly s_cutoff = new(2024, 7, 1);

    public static IReadOnlyList<BenchWork> All { get; } =
    [
        Of("score-records", "scores from raw records, all texts read by the encoder", known: false),
        Of("score-records-known", "scores from records that are loaded, with texts that were read before", known: true),
        Of("score-records-texts", "the same, and for each score three reasons and the three texts that moved it most", known: true, reasons: 3),
    ];

    private static BenchWork Of(string name, string work, bool known, int reasons = 0) => new(name, work, Customers, "customers", context =>
    {
        if (!File.Exists(context.Package)) return null;
        var files = PackageFiles.Open(context.Package);
        if (TextPackage.Holds(files)) return null;
        var package = ModelPackage.Open(files, PackageCodecs.All);
        if (!package.HasEncoder) return null;
        var (place, output) = (Path.Combine(context.Scratch, "warehouse"), Path.Combine(context.Scratch, "scores.csv"));
        if (known) Score();
        return () =>
        {
            // Features are built anew; what the encoder said stays where it is known.
            var old = known ? Path.Combine(place, "features") : place;
            if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
            Score();
        };

        void Score()
        {
            var warehouse = Warehouse.OpenOrCreate(place, new() { Threads = context.Threads });
            warehouse.Load(Dataset.Open(Path.Combine(Checkout.Root, "data-samples", "shop")), Pseudonyms.Published, cancellation: context.Cancellation);
            var (customers, texts) = new RebuiltFeatures(package, new() { Threads = context.Threads }).At(warehouse, s_cutoff, from: null, reasons, null, context.Cancellation);
            using var source = new TableSource(customers, package.Columns);
            using var sink = ScoreFormats.Sink(output, ScoreFormat.Csv);
            var counts = new ScoreJob(package, context.Threads) { Texts = texts, Options = new() { Reasons = reasons } }.Run(source, sink, output + ".rejects", null, context.Cancellation);
            if (counts.Scored != Customers) throw new InvalidOperationException($"{counts.Scored} of {Customers} customers were scored.");
        }
    }, Runs: 2);
}
