using System.Globalization;
using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.MLNet;
using CustomerValue.Packaging;
using CustomerValue.Testing;
using CustomerValue.Text;
using CustomerValue.Torch.Training;

namespace CustomerValue.Cli.Tests.Commands;

/// <summary>Raw texts of a small made-up shop, scored with the encoders that were tuned on it, without libtorch.</summary>
public sealed class ScoreTunedTextsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(1), InlineData(2)]
    public void The_encoders_of_the_test_rows_go_along_and_give_the_experiments_scores(int folds)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux' loader tells which libraries it loads");
        var (encoders, shop) = (new TunedEncoderSource(RealModels.Need("bert-tiny-random"), new()
        {
            Folds = folds, FewestTexts = 5, Tuning = new() { Training = new() { LearningRate = 3e-3, Epochs = 2, TokensPerBatch = 1024, Keep = KeptWeights.Last } },
        }), MadeWriters.Shop(_folder));
        new ExperimentRunner(new("tuned")
        {
            Question = "Do texts leave with their encoders?", Data = _ => Dataset.Open(shop), Pseudonyms = Pseudonyms.Published, Seed = 7,
            Features = new TextFeatures(new FeatureQuery("rfm"), encoders, new() { Vector = false }),
            Split = new([MadeWriters.First], MadeWriters.Test, MadeWriters.HorizonDays), Candidates = [new LogisticChurn(new() { L2 = [10] }, "churn")],
        }, new()
        {
            DataFolder = _folder.Path, OutputFolder = Directory.CreateDirectory(_folder.In("out")).FullName, Commit = "test", Codecs = PackageCodecs.All, Time = TimeProvider.System, Tracker = new RecordedRuns(),
        }).Run(CancellationToken.None);

        var package = ModelPackage.Open(_folder.In("out", "package", "tuned.zip"), PackageCodecs.All);
        using (var encoder = package.OpenEncoder())
        {
            Assert.Equal(["sentiment", "intent", "loyalty"], encoder.Heads.Select(h => h.Name));
            Assert.Equal(folds, (encoder as FoldedEncoder)?.Groups.Count ?? 1);
        }
        using var running = RunningCommand.StartTellingLibraries("score", "--package", _folder.In("out", "package", "tuned.zip"), "--records", shop, "--at", "2024-09-01", "--published-ids", "--output", _folder.In("s.csv"));
        var run = running.Ended();
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("libonnxruntime", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("torch", run.Errors, StringComparison.OrdinalIgnoreCase);

        var expected = ParquetColumns.Read(_folder.In("out", "predictions.parquet"));
        var found = File.ReadAllLines(_folder.In("s.csv")).Skip(1).Select(l => l.Split(',')).ToArray();
        Assert.Equal(expected.Column<string>("customer"), found.Select(f => f[0]));
        Assert.All(expected.Column<double>("churn.churn").Zip(found), p => Assert.Equal(p.First, double.Parse(p.Second[1], CultureInfo.InvariantCulture), 1e-4));
        Assert.True(found.Select(f => f[1]).Distinct().Count() > 20, "The scores hardly differ.");
    }
}
