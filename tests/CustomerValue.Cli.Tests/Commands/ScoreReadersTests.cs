using System.Globalization;
using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.MLNet;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Blends;
using CustomerValue.Packaging;
using CustomerValue.Testing;
using CustomerValue.Torch.Customers;
using CustomerValue.Torch.Training;

namespace CustomerValue.Cli.Tests.Commands;

/// <summary>Raw records of a small made-up shop, scored with packaged networks that read whole customers, without libtorch.</summary>
public sealed class ScoreReadersTests : IDisposable
{
    private static readonly HistoryLanguageOptions s_history = new()
    {
        Language = new() { Pieces = 150, MaxTokens = 64, Amounts = 4 }, Encoder = new() { HiddenSize = 32, Layers = 1, Heads = 2, IntermediateSize = 64, HiddenDropout = 0 },
        Pretraining = null, Tuning = new() { LearningRate = 3e-3, Epochs = 2, TokensPerBatch = 512, Keep = KeptWeights.Best },
    };

    private static readonly EndToEndOptions s_texts = new()
    {
        Scratch = new() { HiddenSize = 32, Layers = 1, Heads = 2, IntermediateSize = 64, MaxPositions = 32, HiddenDropout = 0 }, Pieces = 150, TextTokens = 24, Texts = 3, Attention = 8, Hidden = (16, 8),
        EncoderRate = 1, Tuning = new() { LearningRate = 5e-3, Epochs = 2, TokensPerBatch = 512, Keep = KeptWeights.Best },
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static ICandidate[] Candidates(string which)
    {
        ICandidate history = new HistoryLanguageCandidate(s_history), texts = new EndToEndCandidate(s_texts with { Columns = ["orders", "gross_spend"] });
        return which switch
        {
            "history-language" => [history],
            "end-to-end" => [texts],
            "from a folder" => [new EndToEndCandidate(s_texts with { Encoder = RealModels.Need("bert-tiny-random"), Frozen = true }, "from a folder")],
            _ => [new LogitBlend([history, new LogisticChurn(new() { L2 = [10] })], name: "churn-blend"), new GeometricBlend([texts, new SpendSoFar(SpendScale.Factor, "gross_spend", name: "so-far")], new() { Weights = BlendWeights.FromBacktest }, "value-blend")],
        };
    }

    private string Package(string which, string shop)
    {
        var result = new ExperimentRunner(new("readers")
        {
            Question = "Do networks that read customers leave?", Data = _ => Dataset.Open(shop), Pseudonyms = Pseudonyms.Published, Features = new FeatureQuery("rfm"),
            Split = new([MadeWriters.First], MadeWriters.Test, MadeWriters.HorizonDays), Candidates = Candidates(which), Seed = 7,
        }, new()
        {
            DataFolder = _folder.Path, OutputFolder = Directory.CreateDirectory(_folder.In("out")).FullName, Commit = "test", Codecs = PackageCodecs.All, Time = TimeProvider.System, Tracker = new RecordedRuns(),
        }).Run(CancellationToken.None);
        Assert.NotNull(result.Package);
        return _folder.In("out", "package", "readers.zip");
    }

    [Theory, InlineData("history-language"), InlineData("end-to-end"), InlineData("from a folder"), InlineData("blends")]
    public void The_experiments_scores_come_again_without_libtorch(string which)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux' loader tells which libraries it loads");
        var shop = MadeWriters.Shop(_folder);
        var package = Package(which, shop);
        using var running = RunningCommand.StartTellingLibraries("score", "--package", package, "--records", shop, "--at", "2024-09-01", "--published-ids", "--output", _folder.In("s.csv"));
        var run = running.Ended();
        Assert.True(run.ExitCode == 0, run.Output + run.Errors[^Math.Min(2000, run.Errors.Length)..]);
        Assert.Contains("libonnxruntime", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("torch", run.Errors, StringComparison.OrdinalIgnoreCase);

        var (ids, candidates) = (PredictionFile.Customers(_folder.In("out", "predictions.parquet")), PredictionFile.Read(_folder.In("out", "predictions.parquet")).Item2);
        var (spend, churn) = (candidates.Single(c => c.Scores.Spend is not null).Scores.Spend!, candidates.Single(c => c.Scores.Churn is not null).Scores.Churn!);
        var found = File.ReadAllLines(_folder.In("s.csv")).Select(l => l.Split(',')).ToArray();
        Assert.Equal(["customer_id", "value", "churn_probability"], found[0]);
        Assert.Equal(ids, found.Skip(1).Select(f => f[0]));
        double Number(int row, int column) => double.Parse(found[row + 1][column], CultureInfo.InvariantCulture);
        for (var row = 0; row < ids.Length; row++)
        {
            Assert.Equal(churn[row], Number(row, 2), 1e-4);
            Assert.Equal(0, (spend[row] - Number(row, 1)) / Math.Max(1, spend[row]), 1e-4);
        }
        Assert.True(churn.Distinct().Count() > 20, "The scores hardly differ.");
    }

    [Theory, Trait("Category", "Nightly"), InlineData("history-language"), InlineData("end-to-end")]
    public void The_contract_is_kept_in_a_package_too(string which)
    {
        var store = new FeatureQuery("rfm").Open(Dataset.Open(MadeWriters.Shop(_folder)), Pseudonyms.Published, _folder.In("warehouse"), 1, null, CancellationToken.None);
        var (first, current) = (store.At(MadeWriters.First), store.At(MadeWriters.Test));
        CandidateContract.Holds(Candidates(which)[0], new([new(first, store.LabelsFor(first, MadeWriters.HorizonDays))], current, MadeWriters.HorizonDays), PackageCodecs.All, packagedTo: 1e-4);
    }

    [Fact]
    public void Spoiled_packages_are_refused_or_score_as_before()
    {
        var shop = MadeWriters.Shop(_folder);
        var package = ModelPackage.Open(Package("blends", shop), PackageCodecs.All);
        var table = new FeatureQuery("rfm").Open(Dataset.Open(shop), Pseudonyms.Published, _folder.In("warehouse"), 1, null, CancellationToken.None).At(MadeWriters.Test);
        var rows = table.At([.. Enumerable.Range(0, 10)]).With(RecordsInMemory.Of(Dataset.Open(shop), Pseudonyms.Published));
        var counts = PackageMutations.Run(package, PackageCodecs.All, rows, seed: 20240901, count: 100);
        TestContext.Current.TestOutputHelper?.WriteLine($"{counts}");
        Assert.True(counts.Refused > 70, counts.ToString());
    }

    [Fact]
    public void A_table_of_numbers_a_changed_weight_and_a_lax_self_test_are_refused_in_words()
    {
        var package = Package("history-language", MadeWriters.Shop(_folder));
        File.WriteAllText(_folder.In("f.csv"), "customer_id\na\n");
        var table = CommandRun.Of("score", "--package", package, "--input", _folder.In("f.csv"), "--output", _folder.In("s.csv"));
        Assert.Equal(2, table.ExitCode);
        Assert.Contains("Give the shop's records: --records FOLDER --at yyyy-MM-dd", table.Errors, StringComparison.Ordinal);

        var opened = ModelPackage.Open(package, PackageCodecs.All);
        Assert.True(opened.ReadsRecords);
        Assert.Equal(1e-4, opened.SelfTest.Tolerance);
        Assert.True(opened.SelfTest.Rows.Select(r => r.Churn).Distinct().Count() > 10, "The rows of the self-test hardly differ.");
        Assert.Contains("came without them", Assert.Throws<InvalidOperationException>(() => opened.Score(new FeatureTable(MadeWriters.Test, ["a"], [], []))).Message, StringComparison.Ordinal);
        var model = PackageFiles.Open(package).Under("model/value-and-churn");
        var head = model.Paths.Single(p => p == "head.weight.f32");
        PackageFiles With(byte[] bytes)
        {
            var files = new PackageFiles();
            foreach (var path in model.Paths) files.Add(path, path == head ? bytes : model[path]);
            return files;
        }
        Assert.Contains("four for each", Assert.Throws<PackageException>(() => PackageCodecs.All.Read(With(model[head][..^1]))).Message, StringComparison.Ordinal);
        Assert.Contains("asks for", Assert.Throws<PackageException>(() => PackageCodecs.All.Read(With(model[head][..^16]))).Message, StringComparison.Ordinal);
    }
}
