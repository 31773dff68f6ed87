using System.Globalization;
using System.Text.Json;
using CustomerValue.Experiments;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

/// <summary>A package that tells texts apart, asked by score, text classify and package.</summary>
[Collection(nameof(PackagedQuestions))]
public sealed class TextPackageCommandTests(PackagedQuestions questions) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static IReadOnlyList<string> Texts => PackagedQuestions.Data.Test.Texts;

    // What the experiment itself told of the test texts.
    private double[] Expected(string label) => ParquetColumns.Read(questions.In("out", "predictions.parquet")).Column<double>($"{questions.Result.Winner!.Name}.{label}");

    private string Csv()
    {
        var path = _folder.In("texts.csv");
        File.WriteAllText(path, "id,question\n" + string.Concat(Texts.Select((t, i) => $"{i},\"{t}\"\n")));
        return path;
    }

    [Fact]
    public void Score_answers_a_column_of_texts_in_every_format_as_the_experiment_did()
    {
        foreach (var output in new[] { "s.csv", "s.jsonl", "s.parquet" })
        {
            var run = CommandRun.Of("score", "--package", questions.Archive, "--input", Csv(), "--column", "question", "--id", "id", "--output", _folder.In(output), "--threads", "2", "--json");
            Assert.Equal((0, Texts.Count), (run.ExitCode, run.Json.GetProperty("scored").GetInt32()));
        }
        var csv = File.ReadAllLines(_folder.In("s.csv")).Select(l => l.Split(',')).ToArray();
        Assert.Equal(["id", "label", "label:delivery", "label:refund", "label:fault"], csv[0]);
        var lines = File.ReadAllLines(_folder.In("s.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        var table = ParquetColumns.Read(_folder.In("s.parquet"));
        Assert.All(Expected("refund").Zip(table.Column<double>("label:refund")), p => Assert.Equal(p.First, p.Second, 1e-6));
        Assert.Equal(table.Column<double>("label:refund"), lines.Select(l => l.GetProperty("label:refund").GetDouble()));
        Assert.Equal(table.Column<double>("label:refund"), csv.Skip(1).Select(c => double.Parse(c[3], CultureInfo.InvariantCulture)));
        Assert.Equal(table.Column<string>("label"), csv.Skip(1).Select(c => c[1]));
        Assert.Equal(Enumerable.Range(0, Texts.Count).Select(i => $"{i}"), lines.Select(l => l.GetProperty("id").GetString()));
    }

    [Fact]
    public void Classify_answers_one_text_and_a_file()
    {
        var one = CommandRun.Of("text", "classify", "--package", questions.Archive, "--text", Texts[0], "--json").Json.GetProperty("answers")[0];
        Assert.Equal("label", one.GetProperty("head").GetString());
        Assert.Equal(Expected("delivery")[0], one.GetProperty("probabilities").GetProperty("delivery").GetDouble(), 1e-6);
        Assert.StartsWith($"label: {one.GetProperty("label").GetString()} (delivery ", CommandRun.Of("text", "classify", "--package", questions.Archive, "--text", Texts[0]).Output, StringComparison.Ordinal);

        File.WriteAllLines(_folder.In("texts.txt"), Texts);
        var many = CommandRun.Of("text", "classify", "--package", questions.Archive, "--input", _folder.In("texts.txt"), "--output", _folder.In("a.parquet"), "--json").Json;
        Assert.Equal(Texts.Count, many.GetProperty("rows").GetInt32());
        Assert.All(Expected("fault").Zip(ParquetColumns.Read(_folder.In("a.parquet")).Column<double>("label:fault")), p => Assert.Equal(p.First, p.Second, 1e-6));
        Assert.Equal(2, CommandRun.Of("text", "classify", "--text", "x").ExitCode);
        Assert.Equal(2, CommandRun.Of("text", "classify", "--text", "x", "--model", "m", "--package", "p").ExitCode);
    }

    [Fact]
    public void Inspect_and_verify_tell_labels_and_parts()
    {
        var report = CommandRun.Of("package", "inspect", questions.Archive, "--json").Json;
        Assert.Equal(["delivery", "refund", "fault"], report.GetProperty("labels").EnumerateArray().Select(l => l.GetString()));
        Assert.Matches(@"n-grams, characters 1-3 in 2 texts, TfIdf$", report.GetProperty("parts")[0].GetString()!);
        Assert.Equal(questions.Result.Package!.Files, report.GetProperty("files").GetInt32());
        Assert.Contains("Out: 3 labels with their probabilities: delivery, refund, fault.", CommandRun.Of("package", "inspect", questions.Archive, "--card").Output, StringComparison.Ordinal);

        var verdict = CommandRun.Of("package", "verify", questions.Archive, "--json").Json;
        Assert.Equal((true, 12), (verdict.GetProperty("verified").GetBoolean(), verdict.GetProperty("self_test_rows").GetInt32()));
        var bytes = File.ReadAllBytes(questions.Archive);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(_folder.In("spoiled.zip"), bytes);
        var spoiled = CommandRun.Of("package", "verify", _folder.In("spoiled.zip"));
        Assert.Equal(1, spoiled.ExitCode);
        Assert.Contains("take it from its source again", spoiled.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_packages_of_customers_have_is_refused_in_words()
    {
        var records = CommandRun.Of("score", "--package", questions.Archive, "--records", "r", "--at", "2024-07-01", "--output", _folder.In("s.csv"));
        Assert.Equal(2, records.ExitCode);
        Assert.Contains("This package tells texts apart: give a file of texts", records.Errors, StringComparison.Ordinal);
        Assert.Contains("tells texts apart, not customers", CommandRun.Of("package", "diff", questions.Archive, questions.Archive).Errors, StringComparison.Ordinal);
        Assert.Contains("there is no column 'text'", CommandRun.Of("score", "--package", questions.Archive, "--input", Csv(), "--output", _folder.In("s.csv")).Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.In("s.csv")));
    }

    [Fact]
    public void An_encoder_answers_without_libtorch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux' loader tells which libraries it loads");
        var tuned = new TunedElsewhere(RealModels.Need("bert-tiny-random"));
        new TextExperimentRunner(new("encoder") { Question = "What?", Data = _ => PackagedQuestions.Data, Candidates = _ => [tuned], Seed = 1 }, new()
        {
            DataFolder = _folder.Path, OutputFolder = Directory.CreateDirectory(_folder.In("out")).FullName, Codecs = PackageCodecs.All, Time = TimeProvider.System, Tracker = new RecordedRuns(),
        }).Run(CancellationToken.None);
        using var running = RunningCommand.StartTellingLibraries("text", "classify", "--package", _folder.In("out", "package", "encoder.zip"), "--text", Texts[0], "--json");
        var run = running.Ended();
        Assert.Equal(ParquetColumns.Read(_folder.In("out", "predictions.parquet")).Column<double>("encoder.refund")[0],
            run.Json.GetProperty("answers")[0].GetProperty("probabilities").GetProperty("refund").GetDouble(), 1e-4);
        Assert.Contains("libonnxruntime", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("torch", run.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("tokenizer vocab.txt", CommandRun.Of("package", "inspect", _folder.In("out", "package", "encoder.zip")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plots_answer_four_questions()
    {
        var plots = Directory.GetFiles(questions.In("out", "plots")).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal);
        Assert.Equal(["answered.svg", "candidates.svg", "confusions.svg", "sureness.svg"], plots);
    }
}
