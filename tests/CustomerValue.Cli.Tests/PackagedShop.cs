using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.LightGbm;
using CustomerValue.MLNet;
using CustomerValue.Models;
using CustomerValue.Models.Blends;
using CustomerValue.Models.Btyd;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests;

/// <summary>A small experiment on the sample shop with every kind of model that the house packages, run once for all tests.</summary>
public sealed class PackagedShop : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackagedShop() => Result = Run("out");

    internal ExperimentResult Result { get; }

    internal string Archive => In("out", "package", "small-shop.zip");

    internal string Folder => In("out", "package", "small-shop");

    internal string Predictions => In("out", "predictions.parquet");

    /// <summary>Features of the test customers, as the experiment kept them.</summary>
    internal string FeatureFile => Path.Combine(Directory.GetDirectories(In("out", "stages"), "features_2024-07-01-*").Single(), "features.parquet");

    internal FeatureTable Features => FeatureTableParquet.Read(FeatureFile);

    internal string In(params string[] parts) => _folder.In(parts);

    internal ExperimentResult Run(string output) => new ExperimentRunner(Experiment(), new()
    {
        DataFolder = Path.Combine(RealData.Root, "data-samples"), OutputFolder = In(output), Commit = "test", Codecs = PackageCodecs.All,
        Time = TimeProvider.System, Tracker = new RecordedRuns(),
    }).Run(CancellationToken.None);

    public void Dispose() => _folder.Dispose();

    private static Experiment Experiment()
    {
        var quick = new LightGbmOptions { LearningRate = 0.2, MaxRounds = 40, Patience = 10, Seeds = 2, Folds = 2 };
        ICandidate mbg = new BtydLifetimeValue(new MbgNbd(), new GammaGamma(includeFirst: true));
        return new("small-shop")
        {
            Question = "Does a winner leave the house as it was?",
            Data = folder => Dataset.Open(Path.Combine(folder, "shop")),
            Pseudonyms = Pseudonyms.Published,
            Features = new FeatureQuery("purchase_history", "rfm", "windows"),
            Split = new([new(2023, 7, 1), new(2024, 1, 1)], TestCutoff: new(2024, 7, 1), HorizonDays: 180),
            Candidates =
            [
                new LogitBlend([new LightGbmChurn(quick, start: mbg), new LogisticChurn(new() { L2 = [10] }), mbg], name: "churn-blend"),
                new GeometricBlend([new LightGbmValue(1.5, quick, start: mbg), new LightGbmTwoStage(SpendStage.Gamma, quick, quick), mbg], name: "value-blend"),
            ],
            Seed = 7,
        };
    }
}

/// <summary>The tests that share the one run.</summary>
[CollectionDefinition(nameof(PackagedShop))]
public sealed class PackagedShopTestsShareOneRun : ICollectionFixture<PackagedShop>;
