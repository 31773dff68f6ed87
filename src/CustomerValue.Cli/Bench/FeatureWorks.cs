using CustomerValue.DuckDb;

namespace CustomerValue.Cli.Bench;

/// <summary>Features from Parquet to a table in memory, from scratch each time. The 17 of set windows are lines, units and spend of each customer in
/// the last 7, 30, 90, 180 and 365 days and two changes; the catalogue is all sets.</summary>
internal static class FeatureWorks
{
    private const long Small = 2_000_000, Large = 20_000_000;
    private static readonly DateOnly s_cutoff = new(2025, 10, 1);

    public static IReadOnlyList<BenchWork> All { get; } =
    [
        Build("features-2m-windows", "17 windowed features", Small, new FeatureQuery("windows")),
        Build("features-2m-catalogue", "the whole catalogue of features", Small, new FeatureQuery()),
        Build("features-20m-windows", "17 windowed features", Large, new FeatureQuery("windows")),
        Build("features-20m-catalogue", "the whole catalogue of features", Large, new FeatureQuery()),
    ];

    private static BenchWork Build(string name, string work, long lines, FeatureQuery query) => new(name, work, lines, "events", context =>
    {
        var warehouse = SyntheticWarehouse.Write(Path.Combine(context.Scratch, "warehouse"), lines, context.Cancellation);
        var cache = Path.Combine(context.Scratch, "features");
        var timed = new FeatureQuery(query.Sets) { Options = new() { Threads = context.Threads, Cache = cache } };
        return () =>
        {
            if (Directory.Exists(cache)) Directory.Delete(cache, recursive: true);
            timed.Over(warehouse).At(s_cutoff, context.Cancellation);
        };
    });
}
