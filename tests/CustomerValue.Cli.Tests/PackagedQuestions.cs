using CustomerValue.Charts;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests;

/// <summary>A small experiment on made-up questions to a shop, run once for all tests: n-grams win, and leave as a package with plots.</summary>
public sealed class PackagedQuestions : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackagedQuestions() => Result = new TextExperimentRunner(new("small-questions")
    {
        Question = "What do customers ask about?",
        Data = _ => Data,
        Candidates = _ =>
        [
            new NGramClassifier(new() { Blocks = [NGramBlock.Characters(1, 3)], Costs = [16] }, new LogisticRegression(), "characters"),
            new NGramClassifier(new() { Blocks = [NGramBlock.Words(1, 1)], Costs = [0.01] }, new LogisticRegression(), "words"),
        ],
        Seed = 7,
    }, new()
    {
        DataFolder = _folder.Path, OutputFolder = Directory.CreateDirectory(_folder.In("out")).FullName, Codecs = PackageCodecs.All, TextPlots = ExperimentCharts.Draw, Time = TimeProvider.System, Tracker = new RecordedRuns(), Commit = "test",
    }).Run(CancellationToken.None);

    internal static TextDataset Data { get; } = new("small-questions", ["delivery", "refund", "fault"], Split(240, 1), Split(60, 2), Split(90, 3));

    internal FiguresResult Result { get; }

    internal string Archive => In("out", "package", "small-questions.zip");

    internal string In(params string[] parts) => _folder.In(parts);

    public void Dispose() => _folder.Dispose();

    private static TextSplit Split(int count, ulong seed)
    {
        string[][] words = [["where is my parcel", "the parcel is late", "物流太慢了", "什么时候发货"], ["i want my money back", "refund, please", "我要退款", "钱还没退"], ["the zipper broke", "it doesn't work", "质量很差", "坏了"]];
        var (chance, texts, labels) = (new SplitMix64(seed), new string[count], new int[count]);
        for (var row = 0; row < count; row++)
        {
            labels[row] = chance.Below(3);
            var own = words[chance.Below(6) == 0 ? chance.Below(3) : labels[row]];
            texts[row] = $"{own[chance.Below(own.Length)]} {own[chance.Below(own.Length)]}";
        }
        return new(texts, labels);
    }
}

/// <summary>The tests that share the one run.</summary>
[CollectionDefinition(nameof(PackagedQuestions))]
public sealed class PackagedQuestionsTestsShareOneRun : ICollectionFixture<PackagedQuestions>;
