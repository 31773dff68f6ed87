using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Testing;
using CustomerValue.Tracking;

namespace CustomerValue.Tests.Experiments;

public sealed class FigureExperimentRunnerTests : IDisposable
{
    private static readonly Figure s_tags = new("tag_en", "Tags"), s_words = new("segment_zh", "Words");
    private readonly TemporaryFolder _folder = new();
    private readonly RecordedRuns _runs = new();
    private int _measured;

    public void Dispose() => _folder.Dispose();

    private FigureExperiment Sample() => new("taggers")
    {
        Question = "How well are words tagged?", Files = ["train.txt"], Figures = [s_tags, s_words], ChosenBy = s_tags, Seed = 7,
        Candidates =
        [
            Candidate("careful", 0.95, 0.94), Candidate("quick", 0.93, 0.96),
            new("words only", new Dictionary<string, string>(), (_, _) => new(new Dictionary<string, double> { ["segment_zh"] = 0.92 }, new Dictionary<string, double>())),
        ],
    };

    private FigureCandidate Candidate(string name, double dev, double test) => new(name, new Dictionary<string, string> { ["epochs"] = "5" }, (context, _) =>
    {
        _measured++;
        Assert.True(Directory.Exists(context.Folder) && File.Exists(Path.Combine(context.DataFolder, "train.txt")));
        return new(new Dictionary<string, double> { ["tag_en"] = test }, new Dictionary<string, double> { ["tag_en"] = dev }, new Dictionary<string, string> { ["epoch"] = "3" });
    });

    private FiguresResult Run(FigureExperiment experiment)
    {
        if (!File.Exists(_folder.In("train.txt"))) _folder.Write("train.txt", "words");
        return new FigureExperimentRunner(experiment, new()
        {
            DataFolder = _folder.Path, OutputFolder = Directory.CreateDirectory(_folder.In("out")).FullName, Time = TimeProvider.System, Tracker = _runs,
        }).Run(CancellationToken.None);
    }

    [Fact]
    public void Named_figures_are_recorded_as_those_of_any_experiment_and_the_winner_is_chosen_on_dev()
    {
        var result = Run(Sample());
        Assert.Equal("careful", result.Winner!.Name);
        Assert.Equal((0.94, 0.95, "3"), (result.Candidates[0].Metrics["tag_en"], result.Candidates[0].Validation["tag_en"], result.Candidates[0].Choices!["epoch"]));
        Assert.Equal(["segment_zh"], result.Candidates[2].Metrics.Keys);
        Assert.Equal(RunStatus.Finished, _runs.All[0].Status);
        Assert.Equal(["careful", "quick", "words only"], _runs.All[1..].Select(r => r.Start.Name));
        Assert.Equal(0.94, _runs.All[0].Points.Single(p => p.Name == "tag_en").Value);
        Assert.Equal(File.ReadAllBytes(_folder.In("out", "result.json")), _runs.All[0].Files["result.json"]);
    }

    [Fact]
    public void A_measurement_is_taken_again_only_when_settings_or_files_change()
    {
        Run(Sample());
        Run(Sample());
        Assert.Equal(2, _measured);
        _folder.Write("train.txt", "other words");
        Run(Sample());
        Assert.Equal(4, _measured);
    }

    [Fact]
    public void A_repetition_compares_figure_by_figure()
    {
        var run = new RepeatableRun(Run(Sample()), RunEnvironment.Current, new Dictionary<string, string>());
        var again = (FiguresResult)RunResultFile.Read(File.ReadAllBytes(_folder.In("out", "result.json")));
        Assert.True(Reproduction.Of(run, run with { Result = again }).Holds);
        var changed = again with { Candidates = [again.Candidates[0] with { Metrics = new Dictionary<string, double> { ["tag_en"] = 0.5 } }, .. again.Candidates.Skip(1)], Winner = null };
        Assert.Equal(["careful tag_en", "winner"], Reproduction.Of(run, run with { Result = changed }).Points.Where(p => p.Agreement == Agreement.Differs).Select(p => p.Name));
    }

    [Fact]
    public void What_is_missing_or_unnamed_is_told()
    {
        Assert.Contains("lacks dev.txt", Assert.Throws<FileNotFoundException>(() => Run(Sample() with { Files = ["train.txt", "dev.txt"] })).Message, StringComparison.Ordinal);
        var odd = new FigureCandidate("odd", new Dictionary<string, string>(), (_, _) => new(new Dictionary<string, double> { ["speed"] = 1 }, new Dictionary<string, double>()));
        Assert.Contains("'odd' gave speed = 1. Expected are finite figures among: tag_en, segment_zh", Assert.Throws<InvalidOperationException>(() => Run(Sample() with { Candidates = [odd] })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Run(Sample() with { Files = [] }));
    }
}
