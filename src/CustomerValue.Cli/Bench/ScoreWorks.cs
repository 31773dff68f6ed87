using System.Globalization;
using CustomerValue.DuckDb;
using CustomerValue.Packaging;
using CustomerValue.Packaging.Scoring;
using DuckDB.NET.Data;

namespace CustomerValue.Cli.Bench;

/// <summary>Scoring with the packaged winner of the sample shop, file to file: reading, parsing, both answers, writing. Left out until the main job has made the package.</summary>
/// <remarks>Customers are put together from the package's self-test rows: each feature set's columns come from one of them, drawn by a hash of the customer's number.</remarks>
internal static class ScoreWorks
{
    /// <summary>Where the main job puts the package.</summary>
    public static string MadePackage => Path.Combine(Checkout.Root, "artifacts", "package", "0001-shop.zip");

    public static IReadOnlyList<BenchWork> All { get; } =
    [
        new("score-package-load", "opening the sample shop's package: every file checked, models read, self-test asked", 1, "packages", context => File.Exists(context.Package) ? () => ModelPackage.Open(context.Package, PackageCodecs.All) : null),
        Of("score-10k-parquet", "scores from Parquet to CSV", 10_000, "parquet"),
        Of("score-1m-parquet", "scores from Parquet to CSV", 1_000_000, "parquet"),
        Of("score-10m-parquet", "scores from Parquet to CSV", 10_000_000, "parquet", runs: 1),
        Of("score-1m-csv", "scores from CSV to CSV", 1_000_000, "csv"),
        Of("score-1m-jsonl", "scores from JSON lines to CSV", 1_000_000, "jsonl", runs: 1),
        Of("score-10k-reasons", "scores with three reasons each, from Parquet to CSV", 10_000, "parquet", reasons: 3, runs: 1),
    ];

    private static BenchWork Of(string name, string work, long rows, string extension, int reasons = 0, int runs = 2) => new(name, work, rows, "customers", context =>
    {
        if (!File.Exists(context.Package)) return null;
        var package = ModelPackage.Open(context.Package, PackageCodecs.All);
        if (reasons > 0 && package.HasReasons is { Value: false, Churn: false }) return null;
        var (input, output) = (Path.Combine(context.Scratch, $"customers.{extension}"), Path.Combine(context.Scratch, "scores.csv"));
        Write(package, rows, input, extension);
        return () =>
        {
            using ICustomerSource source = extension == "parquet" ? new ParquetCustomers(input, ModelSignature.CustomerId, package.Columns)
                : ScoreFormats.Source(File.OpenRead(input), input, ScoreFormats.Of(input)!.Value, ModelSignature.CustomerId, package.Columns);
            using var sink = ScoreFormats.Sink(output, ScoreFormat.Csv);
            var counts = new ScoreJob(package, context.Threads) { Options = new() { Reasons = reasons } }.Run(source, sink, output + ".rejects", null, context.Cancellation);
            if (counts.Scored != rows) throw new InvalidOperationException($"{counts.Scored} of {rows} customers were scored.");
        };
    }, runs);

    private static void Write(ModelPackage package, long rows, string path, string extension)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        var test = package.SelfTest;
        var names = string.Join(", ", test.Columns.Select(c => $"\"{c}\" DOUBLE"));
        var values = string.Join(",\n", test.Rows.Select((row, q) => $"({q}, {string.Join(", ", row.Values.Select(v => v.ToString("R", CultureInfo.InvariantCulture) + "::DOUBLE"))})"));
        Run($"SET memory_limit = '400MB'; SET threads = 1; SET preserve_insertion_order = false; CREATE TABLE test (q UBIGINT, {names}); INSERT INTO test VALUES {values}");
        string[] sets = [.. package.Features.Columns.Select(c => c.Set).Distinct()];
        var columns = string.Join(", ", package.Features.Columns.Select(c => $"s{Array.IndexOf(sets, c.Set)}.\"{c.Name}\""));
        var joins = string.Join(" ", sets.Select((_, s) => $"JOIN test s{s} ON s{s}.q = hash(i * 64 + {s}) % {test.Rows.Count}"));
        var format = extension switch { "parquet" => "FORMAT parquet", "csv" => "FORMAT csv, HEADER", _ => "FORMAT json" };
        Run($"COPY (SELECT 'c' || lpad(CAST(i AS VARCHAR), 9, '0') AS customer_id, {columns} FROM range({rows}) r(i) {joins}) TO '{path}' ({format})");

        void Run(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
