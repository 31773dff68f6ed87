using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.LightGbm;
using CustomerValue.Onnx;
using CustomerValue.Testing;
using DuckDB.NET.Data;

namespace CustomerValue.Cli.Tests;

/// <summary>A small experiment on some of the sample shop's customers, whose winners read texts; run once for all tests.</summary>
public sealed class PackagedReader : IDisposable
{
    /// <summary>A review that a terminal, a CSV reader and a JSON reader had better not take literally.</summary>
    internal const string Hostile = "he said \"no\", \u001b[2J\u0007 and 再也不买了\r\nnever; again \u009b31m";

    private readonly TemporaryFolder _folder = new();

    public PackagedReader()
    {
        Copy(In("data", "shop"));
        var quick = new LightGbmOptions { LearningRate = 0.2, MaxRounds = 40, Patience = 10, Seeds = 1, Folds = 2, MinRowsInLeaf = 5 };
        new ExperimentRunner(new("small-reader")
        {
            Question = "Does a winner tell which texts moved it?",
            Data = folder => Dataset.Open(Path.Combine(folder, "shop")),
            Pseudonyms = Pseudonyms.Published,
            Features = new TextFeatures(new FeatureQuery("purchase_history", TextSets.Writing), ShopEncoder.Source()),
            Split = new([new(2023, 10, 1), new(2024, 1, 1)], TestCutoff: new(2024, 7, 1), HorizonDays: 180),
            Candidates = [new LightGbmChurn(quick), new LightGbmValue(1.5, quick)],
            Seed = 7,
        }, new()
        {
            DataFolder = In("data"), OutputFolder = In("out"), Commit = "test", Codecs = PackageCodecs.All, Time = TimeProvider.System, Tracker = new RecordedRuns(),
        }).Run(CancellationToken.None);
    }

    internal string Archive => In("out", "package", "small-reader.zip");

    /// <summary>The records, some customers' of the sample shop.</summary>
    internal string Records => In("data", "shop");

    public void Dispose() => _folder.Dispose();

    /// <summary>A copy of the records without some texts.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="gone">Customer and moment: a review of then, or a chat whose last turn of the customer's was then.</param>
    internal static void Copy(string folder, IReadOnlyList<(string Customer, DateTime At)>? gone = null)
    {
        Directory.CreateDirectory(folder);
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        var sample = Path.Combine(RealData.Root, "data-samples", "shop");
        File.Copy(Path.Combine(sample, "mapping.yaml"), Path.Combine(folder, "mapping.yaml"));
        foreach (var table in new[] { "purchases", "browsing", "campaigns", "reviews", "dialogues" })
            Run($"CREATE TABLE {table} AS SELECT * FROM read_csv('{Path.Combine(sample, table)}.csv', all_varchar = true) WHERE customer_id LIKE '%0'");
        Run($"INSERT INTO reviews SELECT DISTINCT customer_id, '2024-06-01 10:00:00', 'P001', '1', '{Hostile}' FROM purchases WHERE purchased_at < '2024-01-01' ORDER BY customer_id LIMIT 5");
        foreach (var (customer, at) in gone ?? [])
        {
            Run($"DELETE FROM reviews WHERE customer_id = '{customer}' AND reviewed_at = '{at:yyyy-MM-dd HH:mm:ss}'");
            Run($"DELETE FROM dialogues WHERE dialogue_id IN (SELECT dialogue_id FROM dialogues WHERE customer_id = '{customer}' AND speaker = 'customer' AND spoken_at = '{at:yyyy-MM-dd HH:mm:ss}')");
        }
        foreach (var table in new[] { "purchases", "browsing", "campaigns", "reviews", "dialogues" }) Run($"COPY {table} TO '{Path.Combine(folder, table)}.csv' (HEADER)");

        void Run(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    private string In(params string[] parts) => _folder.In(parts);
}
