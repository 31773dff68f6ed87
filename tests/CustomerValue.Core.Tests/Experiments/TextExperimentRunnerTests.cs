using System.Text.Json;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Packaging;
using CustomerValue.Testing;
using CustomerValue.Tracking;

namespace CustomerValue.Tests.Experiments;

public sealed class TextExperimentRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordedRuns _runs = new();

    public void Dispose() => _folder.Dispose();

    private static TextSplit Split(params (string Text, int Label)[] rows) => new([.. rows.Select(r => r.Text)], [.. rows.Select(r => r.Label)]);

    private static readonly TextDataset s_data = new("sample", ["bad", "good"],
        Split(("很好", 1), ("真好", 1), ("好的", 1), ("很差", 0), ("真差", 0), ("差的", 0)), Split(("好", 1), ("差", 0), ("好好", 1)), Split(("好呀", 1), ("差呀", 0), ("不好", 0), ("大好", 1)));

    private static readonly ITextCandidate s_logistic = new NGramClassifier(new() { Blocks = [NGramBlock.Characters(1, 1, 1)] }, new LogisticRegression(), "logistic");

    private static TextExperiment Sample(params ITextCandidate[] more) => new("sample")
    {
        Question = "Good or bad?", Data = _ => s_data, Candidates = _ => [s_logistic, .. more], Seed = 7,
    };

    private FiguresResult Run(TextExperiment experiment, string output = "out", bool fresh = false, CancellationToken cancellation = default, ModelCodecs? codecs = null) => new TextExperimentRunner(experiment, new()
    {
        Codecs = codecs, Registry = _runs, TextPlots = codecs is null ? null : found => new Dictionary<string, byte[]> { ["a.svg"] = System.Text.Encoding.UTF8.GetBytes(found.Result.Winner!.Name + found.Answers.Count) },
        DataFolder = _folder.Path, DataName = "somewhere", OutputFolder = Directory.CreateDirectory(_folder.In(output)).FullName, Fresh = fresh,
        Time = TimeProvider.System, Tracker = _runs, Commit = "abc", User = "someone",
    }).Run(cancellation);

    /// <summary>Says "good" to texts that hold a word, as surely as it is told to.</summary>
    private sealed class Finds(string name, string word, double sure = 0.9) : ITextCandidate
    {
        public List<string> Folders { get; } = [];
        public int Fits { get; private set; }
        public Action? OnFit { get; init; }
        public string Name => name;
        public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["word"] = word };

        public IFittedTextCandidate Fit(LabelledTexts train, LabelledTexts dev, TextFitContext context, CancellationToken cancellation)
        {
            Fits++;
            Folders.Add(Directory.CreateDirectory(context.Folder!).FullName);
            OnFit?.Invoke();
            cancellation.ThrowIfCancellationRequested();
            return new Found(word, sure);
        }

        private sealed class Found(string word, double sure) : IFittedTextCandidate
        {
            public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation) =>
                [.. texts.Select(t => t.Contains(word, StringComparison.Ordinal) ? sure : 1 - sure).Select(p => (double[])[1 - p, p])];

            public void Dispose() { }
        }
    }

    [Fact]
    public void Candidates_are_judged_on_dev_and_test_and_the_winner_is_chosen_on_dev()
    {
        // 大 is right about the test text that 好 is right about too, and about no other: better nowhere, and on dev wrong about two of three.
        var result = Run(Sample(new Finds("finds-big", "大")));
        Assert.Equal(["logistic", "finds-big"], result.Candidates.Select(c => c.Name));
        Assert.Equal(("logistic", "accuracy on dev"), (result.Winner!.Name, result.Winner.ChosenBy));
        Assert.Equal((1, 1 / 3.0), (result.Candidates[0].Validation["accuracy"], result.Candidates[1].Validation["accuracy"]));
        Assert.Equal((0.75, 0.75), (result.Candidates[0].Metrics["accuracy"], result.Candidates[1].Metrics["accuracy"]));
        Assert.Equal(["accuracy", "average_precision", "f1", "log_loss", "macro_f1"], result.Candidates[0].Metrics.Keys);
        Assert.Equal((6, 3, 4), (result.Rows["train"], result.Rows["dev"], result.Rows["test"]));
        Assert.Contains(result.Comparisons, c => (c.Metric, c.A, c.B) == ("accuracy", "finds-big", "logistic"));
        Assert.True(result.Candidates[0].Choices!.ContainsKey("cost"));
    }

    [Fact]
    public void The_document_has_the_figures_under_their_names_and_reads_back()
    {
        var result = Run(Sample());
        var bytes = File.ReadAllBytes(_folder.In("out", "result.json"));
        using var document = JsonDocument.Parse(bytes);
        var first = document.RootElement.GetProperty("candidates")[0];
        foreach (var figure in new[] { "accuracy", "macro_f1", "f1", "average_precision" })
            Assert.Equal(result.Candidates[0].Metrics[figure], first.GetProperty("metrics").GetProperty(figure).GetDouble());
        var run = new RepeatableRun(result, RunEnvironment.Current, new Dictionary<string, string>());
        Assert.True(Reproduction.Of(run, run with { Result = RunResultFile.Read(bytes) }).Holds);
        Assert.True(File.Exists(_folder.In("out", "environment.json")));
    }

    [Fact]
    public void What_was_run_on_and_what_came_of_it_is_logged()
    {
        var result = Run(Sample(new Finds("finds", "好")));
        var run = _runs.All[0];
        Assert.Equal((result.RunId, "sample", RunStatus.Finished, "Good or bad?", "abc"), (run.Id, run.Start.Experiment, run.Status, run.Start.Note, run.Start.Commit));
        Assert.Equal(["training", "validation", "evaluation"], run.Inputs.Select(i => i.Context));
        Assert.Equal(File.ReadAllBytes(_folder.In("out", "result.json")), run.Files["result.json"]);
        Assert.Equal(result.Winner!.Name, run.LaterTags["winner"]);
        Assert.Equal(["logistic", "finds"], _runs.All[1..].Select(r => r.Start.Name));
        Assert.Equal(result.Candidates[0].Validation["accuracy"], _runs.All[1].Points.Single(p => p.Name == "validation.accuracy").Value);
        Assert.Equal(result.Candidates[0].Choices!["cost"], _runs.All[1].Settings["chosen.cost"]);
    }

    [Fact]
    public void Predictions_name_texts_by_hash_and_tell_class_and_probabilities()
    {
        Run(Sample());
        var columns = ParquetColumns.Read(_folder.In("out", "predictions.parquet"));
        Assert.Equal(["text_sha256", "actual", "logistic", "logistic.bad", "logistic.good"], columns.Names);
        Assert.Equal(["good", "bad", "bad", "good"], columns.Column<string>("actual"));
        Assert.Equal(["good", "bad", "good", "good"], columns.Column<string>("logistic"));
        Assert.Equal(TextDataset.Digest("好呀"), columns.Column<string>("text_sha256")[0]);
    }

    [Fact]
    public void A_finished_candidate_isnt_fitted_again_until_something_that_decides_it_changes()
    {
        var finds = new Finds("finds", "好");
        var first = Run(Sample(finds));
        var second = Run(Sample(finds));
        Assert.Equal(1, finds.Fits);
        Assert.All(second.Stages.Where(s => s.Name.StartsWith("fit", StringComparison.Ordinal)), s => Assert.True(s.Reused, s.Name));
        Assert.Equal(first.Candidates.Select(c => (c.Metrics["log_loss"], c.FitSeconds)), second.Candidates.Select(c => (c.Metrics["log_loss"], c.FitSeconds)));

        var other = new Finds("finds", "差");
        Run(Sample(other));
        Run(Sample(finds) with { Seed = 8 });
        Run(Sample(finds), fresh: true);
        Assert.Equal((1, 3), (other.Fits, finds.Fits));
    }

    [Fact]
    public void A_stopped_run_goes_on_and_finds_its_checkpoints()
    {
        using var stop = new CancellationTokenSource();
        var (done, stopped) = (new Finds("done", "好"), new Finds("stopped", "差") { OnFit = stop.Cancel });
        Assert.Throws<OperationCanceledException>(() => Run(Sample(done, stopped), cancellation: stop.Token));
        Assert.Equal(RunStatus.Killed, _runs.All[0].Status);
        Run(Sample(done, stopped));
        Assert.Equal((1, 2), (done.Fits, stopped.Fits));
        Assert.Equal(stopped.Folders[0], stopped.Folders[1]);
        Assert.NotEqual(done.Folders[0], stopped.Folders[0]);
        Assert.False(Directory.Exists(stopped.Folders[1]));             // it has ended, and its answers are kept elsewhere
    }

    [Fact]
    public void Candidates_are_made_from_the_folders_that_the_run_is_given()
    {
        ExperimentFolders? given = null;
        Run(Sample() with { Candidates = from => { given = from; return [s_logistic]; } });
        Assert.Equal(Path.GetFullPath(Path.Combine(given!.Data, "..", "models")), Path.GetFullPath(given.Models));
        Assert.Equal(Path.Combine(given.Data, "reviews"), given.DataSet("reviews"));
        var missing = Assert.Throws<DirectoryNotFoundException>(() => given.Model("tiny-encoder")).Message;
        Assert.Contains("begins with the published model tiny-encoder", missing, StringComparison.Ordinal);
        Assert.Contains("--models FOLDER", missing, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blends_members_are_fitted_once_also_those_that_stand_in_no_list_and_those_of_an_earlier_run()
    {
        var (listed, hidden) = (new Finds("listed", "好"), new Finds("hidden", "差", 0.6));
        var result = Run(Sample(listed, new TextBlend([listed, hidden], "blend")));
        Assert.Equal((1, 1), (listed.Fits, hidden.Fits));
        Assert.Equal(["logistic", "listed", "blend"], result.Candidates.Select(c => c.Name));
        Assert.Equal("1 0", result.Candidates[2].Choices!["weights"]);

        Run(Sample(listed, new TextBlend([listed, hidden], "another")));
        Assert.Equal((1, 1), (listed.Fits, hidden.Fits));
    }

    [Fact]
    public void The_winner_leaves_as_a_package_that_answers_as_it_did()
    {
        var result = Run(Sample(new TextBlend([s_logistic, new NGramClassifier(new() { Blocks = [NGramBlock.Characters(2, 2, 1)] }, new LinearSvm(), "pairs")], "blend")), codecs: ModelCodecs.Core);
        Assert.Equal("logistic", result.Winner!.Name);
        using var package = TextPackage.Open(_folder.In("out", "package", "sample.zip"), ModelCodecs.Core);
        var bytes = File.ReadAllBytes(_folder.In("out", "package", "sample.zip"));
        Assert.Equal((Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), bytes.Length, package.Files.Paths.Count), (result.Package!.Sha256, result.Package.Bytes, result.Package.Files));
        var columns = ParquetColumns.Read(_folder.In("out", "predictions.parquet"));
        Assert.All(package.Classify(s_data.Test.Texts).Zip(columns.Column<double>("logistic.good")), p => Assert.Equal(p.Second, p.First[1], 1e-6));
        Assert.Equal(package.Files.Text("manifest.json"), File.ReadAllText(_folder.In("out", "package", "sample", "manifest.json")));
        Assert.Equal("somewhere", _runs.All[0].Start.Tags["data"]);
        Assert.Equal(result.Package.Sha256, _runs.All[0].LaterTags["package.sha256"]);
        Assert.True(_runs.All[0].Files.ContainsKey("model-card.md"));
        Assert.Equal("logistic2", System.Text.Encoding.UTF8.GetString(_runs.All[0].Files["plots/a.svg"]));
        Assert.Equal("logistic2", File.ReadAllText(_folder.In("out", "plots", "a.svg")));
        Assert.Equal((1, "logistic"), (_runs.Named("sample", IModelRegistry.Champion)!.Version, _runs.Named("sample", IModelRegistry.Champion)!.Tags["winner"]));
        Assert.Equal(result.Package, ((FiguresResult)RunResultFile.Read(File.ReadAllBytes(_folder.In("out", "result.json")))).Package);

        var resumed = Run(Sample(new TextBlend([s_logistic, new NGramClassifier(new() { Blocks = [NGramBlock.Characters(2, 2, 1)] }, new LinearSvm(), "pairs")], "blend")), codecs: ModelCodecs.Core);
        Assert.All(resumed.Stages.Where(s => s.Name.StartsWith("fit", StringComparison.Ordinal)), s => Assert.True(s.Reused, s.Name));
        Assert.Equal(result.Package, resumed.Package);
        var logged = new RepeatableRun(result, RunEnvironment.Current, new Dictionary<string, string>());
        Assert.Contains(Reproduction.Of(logged, logged with { Result = resumed with { Package = null } }).Points, p => p is { Name: "package", Agreement: Agreement.Differs });
    }

    [Fact]
    public void A_blend_that_wins_is_packaged_with_its_members_also_of_an_earlier_run()
    {
        ITextCandidate one = new NGramClassifier(new() { Blocks = [NGramBlock.Characters(1, 1, 1)] }, new LogisticRegression(), "one"), two = new NGramClassifier(new() { Blocks = [NGramBlock.Characters(1, 2, 1)] }, new LinearSvm(), "two");
        Run(Sample(one, two), codecs: ModelCodecs.Core);
        Run(Sample() with { Candidates = _ => [new TextBlend([one, two], "blend")] }, codecs: ModelCodecs.Core);
        using var package = TextPackage.Open(_folder.In("out", "package", "sample"), ModelCodecs.Core);
        Assert.Equal("blend", package.Manifest.Label.Candidate);
        Assert.All(package.Classify(s_data.Test.Texts).Zip(ParquetColumns.Read(_folder.In("out", "predictions.parquet")).Column<double>("blend.good")), p => Assert.Equal(p.Second, p.First[1], 1e-6));
    }

    [Fact]
    public void A_candidate_that_cant_be_packaged_may_lose_but_not_win()
    {
        Assert.NotNull(Run(Sample(new Finds("finds-big", "大")), codecs: ModelCodecs.Core).Package);
        var error = Assert.Throws<InvalidOperationException>(() => Run(Sample() with { Candidates = _ => [new Finds("finds", "好")] }, codecs: ModelCodecs.Core)).Message;
        Assert.StartsWith("The winner 'finds' can't be packaged. No codec writes Found", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_that_are_no_probabilities_are_refused() =>
        Assert.Contains("'much' told of text 0: -1.5 2.5. Expected are 2 probabilities", Assert.Throws<InvalidOperationException>(() => Run(Sample(new Finds("much", "好", 2.5)))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_experiment_that_cant_mean_what_it_says_is_refused()
    {
        Assert.Contains("two candidates named 'logistic'", Assert.Throws<ArgumentException>(() => Run(Sample(s_logistic))).Message, StringComparison.Ordinal);
        Assert.Contains("compares nothing", Assert.Throws<ArgumentException>(() => Run(Sample() with { Candidates = _ => [] })).Message, StringComparison.Ordinal);
        Assert.Contains("has no dev texts", Assert.Throws<InvalidDataException>(() => Run(Sample() with { Data = _ => s_data with { Dev = new([], []) } })).Message, StringComparison.Ordinal);
        Assert.Contains("isn't among its metrics", Assert.Throws<ArgumentException>(() => Run(Sample() with { Metrics = [CustomerValue.Evaluation.ClassMetric.F1] })).Message, StringComparison.Ordinal);
    }
}
