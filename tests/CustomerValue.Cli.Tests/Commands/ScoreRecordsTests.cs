using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.LightGbm;
using CustomerValue.MLNet;
using CustomerValue.Models;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

/// <summary>Raw records of the sample shop, scored with packages whose features are more than the columns of buyers at a cutoff.</summary>
public sealed class ScoreRecordsTests : IDisposable
{
    private static readonly LightGbmOptions s_quick = new() { LearningRate = 0.2, MaxRounds = 20, Patience = 5, Seeds = 1, Folds = 2 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Shop => Path.Combine(RealData.Root, "data-samples", "shop");

    private string Package(FeatureQuery features, ExperimentSplit split)
    {
        ICandidate churn = new WithLatentWords(new LogisticChurn(new() { L2 = [10] }), new(5), "churn"), value = new WithLatentWords(new LightGbmValue(options: s_quick), new(5), "value");
        var result = new ExperimentRunner(new("raw")
        {
            Question = "Are raw records enough?", Data = _ => Dataset.Open(Shop), Pseudonyms = Pseudonyms.Published, Features = features, Split = split, Candidates = [churn, value], Seed = 7,
        }, new()
        {
            DataFolder = _folder.Path, OutputFolder = Directory.CreateDirectory(_folder.In("out")).FullName, Commit = "test", Codecs = PackageCodecs.All, Time = TimeProvider.System, Tracker = new RecordedRuns(),
        }).Run(CancellationToken.None);
        Assert.Equal(("churn", "value"), (result.Winners.Churn, result.Winners.Value));
        return _folder.In("out", "package", "raw.zip");
    }

    // As the experiment itself told of the test customers.
    private string Expected()
    {
        var table = ParquetColumns.Read(_folder.In("out", "predictions.parquet"));
        var (ids, value, churn) = (table.Column<string>("customer"), table.Column<double>("value.value"), table.Column<double>("churn.churn"));
        return "customer_id,value,churn_probability\n" + string.Concat(ids.Select((id, row) => FormattableString.Invariant($"{id},{value[row]:R},{churn[row]:R}\n")));
    }

    private CommandRun Score(string package, params string[] more) => CommandRun.Of(["score", "--package", package, "--records", Shop, "--published-ids", "--output", _folder.In("s.csv"), .. more]);

    [Fact]
    public void Words_of_product_names_and_customers_without_an_order_are_the_experiments_bit_for_bit()
    {
        var package = Package(new("purchase_history", "rfm", "browsing") { Words = new() { Columns = 128 }, Population = Population.Known }, new([new(2023, 7, 1), new(2024, 1, 1)], TestCutoff: new(2024, 7, 1), HorizonDays: 180));
        var run = Score(package, "--at", "2024-07-01");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(Expected(), File.ReadAllText(_folder.In("s.csv")));
        Assert.Contains("leave it out", Score(package, "--at", "2024-07-01", "--first-orders-from", "2024-01-01").Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Customers_at_their_first_order_are_the_experiments_bit_for_bit()
    {
        var package = Package(new("purchase_history", "baskets") { Words = new() { Columns = 64 } }, new FirstOrderSplit([new(new(2023, 1, 1), new(2023, 7, 1))], new(new(2024, 1, 1), new(2024, 7, 1)), horizonDays: 180));
        var run = Score(package, "--at", "2024-07-01", "--first-orders-from", "2024-01-01");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(Expected(), File.ReadAllText(_folder.In("s.csv")));
        var without = Score(package, "--at", "2024-07-01");
        Assert.Equal(2, without.ExitCode);
        Assert.Contains("Say which: --first-orders-from yyyy-MM-dd", without.Errors, StringComparison.Ordinal);
    }
}
