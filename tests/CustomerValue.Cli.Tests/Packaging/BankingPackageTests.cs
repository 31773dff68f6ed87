using CustomerValue.Charts;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Packaging;

/// <summary>The winner among 1004's n-grams, on the real questions: 77 labels, and no larger than its weights.</summary>
public sealed class BankingPackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact, Trait("Category", "Nightly")]
    public void The_winner_of_77_intents_takes_four_bytes_a_weight_and_answers_as_it_did()
    {
        NGramBlock[] characters = [NGramBlock.Characters(2, 5)];
        var folder = RealData.Need("banking77");
        var result = new TextExperimentRunner(new("1004-en-intent")
        {
            Question = "Which of 77 things is a question about?",
            Data = _ => TextDataset.Named("en-intent", folder),
            Candidates = _ =>
            [
                new NGramClassifier(new() { Blocks = [NGramBlock.Words(1, 2)], Costs = [1] }, new LinearSvm(), "words-svm"),
                new NGramClassifier(new() { Blocks = characters, Weight = NGramWeight.Presence, Costs = [64, 128, 256, 512] }, new LogisticRegression(), "presence-logistic"),
            ],
            Seed = 1004,
        }, new()
        {
            DataFolder = _folder.Path, OutputFolder = Directory.CreateDirectory(_folder.In("out")).FullName, Codecs = PackageCodecs.All, TextPlots = ExperimentCharts.Draw, Time = TimeProvider.System, Tracker = new RecordedRuns(),
        }).Run(CancellationToken.None);

        Assert.Equal("presence-logistic", result.Winner!.Name);
        using var package = TextPackage.Open(_folder.In("out", "package", "1004-en-intent.zip"), PackageCodecs.All);
        var test = TextDataset.Named("en-intent", folder).Test.Texts;
        var columns = ParquetColumns.Read(_folder.In("out", "predictions.parquet"));
        var found = package.Classify(test);
        Assert.Equal(columns.Column<string>("presence-logistic"), found.Select(package.Likeliest));
        Assert.All(found.Zip(columns.Column<double>("presence-logistic.probability")), p => Assert.Equal(p.Second, p.First.Max(), 1e-6));

        var weights = 4L * 77 * int.Parse(result.Candidates[1].Choices!["n_grams"], System.Globalization.CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"{result.Package!.Bytes} bytes in {result.Package.Files} files, weights {weights}; zip {new FileInfo(_folder.In("out", "package", "1004-en-intent.zip")).Length}");
        Assert.InRange(result.Package!.Bytes, weights, 1.05 * weights + 200_000);
    }
}
