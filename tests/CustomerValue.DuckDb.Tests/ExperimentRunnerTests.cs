using System.Text;
using System.Text.Json;
using CustomerValue.DuckDb;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Btyd;
using CustomerValue.Packaging;
using CustomerValue.Testing;
using CustomerValue.Tracking;

namespace CustomerValue.Tests;

/// <summary>The whole way over the sample shop, with candidates that need no engine.</summary>
public sealed class ExperimentRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordedRuns _runs = new();

    public void Dispose() => _folder.Dispose();

    private static Experiment Sample(params ICandidate[] more) => new("sample")
    {
        Question = "Does the whole way work?",
        Data = folder => Dataset.Open(Path.Combine(folder, "shop")),
        Pseudonyms = Pseudonyms.Published,
        Features = new FeatureQuery("purchase_history", "rfm"),
        Split = new([new(2023, 7, 1), new(2024, 1, 1)], TestCutoff: new(2024, 7, 1), HorizonDays: 180),
        Candidates = [new MeanCustomer(), new RecencyRule(), new BtydLifetimeValue(new MbgNbd(), new GammaGamma(includeFirst: true)), .. more],
        Seed = 7,
    };

    private ExperimentResult Run(Experiment experiment, string output = "out", CancellationToken cancellation = default, bool fresh = false,
        Func<RunFindings, IReadOnlyDictionary<string, byte[]>>? plots = null) =>
        new ExperimentRunner(experiment, new()
        {
            DataFolder = Path.Combine(RealData.Root, "data-samples"), OutputFolder = _folder.In(output), Fresh = fresh,
            DataName = "data-samples", Codecs = ModelCodecs.Core, Time = TimeProvider.System, Tracker = _runs, Registry = _runs, Commit = "abc+changes", User = "someone", Plots = plots,
        }).Run(cancellation);

    [Fact]
    public void Records_become_a_compared_winner()
    {
        var result = Run(Sample());
        Assert.Equal(["mean", "recency", "mbg-nbd-gg-all"], result.Candidates.Select(c => c.Name));
        Assert.Equal("mbg-nbd-gg-all", result.Winners.Value);
        Assert.All(result.Comparisons, c => Assert.InRange(c.Difference, Math.Min(c.Low, c.Difference), Math.Max(c.High, c.Difference)));
        Assert.InRange(result.Labels.ChurnRate, 0.4, 0.6);
    }

    [Fact]
    public void Records_that_changed_since_are_another_shop_and_not_more_of_the_same()
    {
        var shop = Directory.CreateDirectory(_folder.In("data", "shop")).FullName;
        var lines = File.ReadAllLines(Path.Combine(RealData.Root, "data-samples", "shop", "purchases.csv"));
        var experiment = Sample() with { Data = _ => Dataset.Open(shop) };
        File.WriteAllLines(Path.Combine(shop, "purchases.csv"), lines);
        var whole = Run(experiment);
        File.WriteAllLines(Path.Combine(shop, "purchases.csv"), lines.Where(line => !line.StartsWith("C00", StringComparison.Ordinal)));
        var (part, anew) = (Run(experiment), Run(experiment, "elsewhere"));
        Assert.InRange(part.Rows.Test, 1, whole.Rows.Test - 1);
        Assert.Equal(anew.DataFingerprint, part.DataFingerprint);
        Assert.Equal(anew.Rows, part.Rows);
        Assert.Equal(anew.Candidates.SelectMany(c => c.Metrics), part.Candidates.SelectMany(c => c.Metrics));
    }

    [Fact]
    public void The_packaged_winner_of_each_run_is_registered_and_is_the_champion_until_the_next()
    {
        var first = Run(Sample());
        var champion = _runs.Named("sample", IModelRegistry.Champion)!;
        Assert.Equal((1, first.RunId, first.Package!.Sha256), (champion.Version, champion.RunId, champion.Tags["package.sha256"]));
        Assert.Equal(Encoding.UTF8.GetString(_runs.All[0].Files["model-card.md"]), champion.Description);
        Assert.True(File.Exists(Path.Combine(champion.Source, "MLmodel")));

        var second = Run(Sample());
        Assert.Equal((2, second.RunId), (_runs.Named("sample", IModelRegistry.Champion)!.Version, _runs.Named("sample", IModelRegistry.Champion)!.RunId));
        Assert.Equal(2, _runs.Versions("sample").Count);
    }

    [Fact]
    public void What_was_run_on_and_what_came_of_it_is_logged()
    {
        var result = Run(Sample());
        var run = _runs.All[0];
        Assert.Equal((result.RunId, "sample", RunStatus.Finished, "Does the whole way work?", "someone", "abc"), (run.Id, run.Start.Experiment, run.Status, run.Start.Note, run.Start.User, run.Start.Commit));
        Assert.Equal(["commit", "data", "data_fingerprint", "dotnet", "program", "seed", "system", "threads"], run.Start.Tags.Keys);
        Assert.Equal([("customers at 2023-07-01", "training"), ("customers at 2024-01-01", "training"), ("customers at 2024-07-01", "evaluation")], run.Inputs.Select(i => (i.Name, i.Context)));
        Assert.Contains("\"type\":\"double\",\"name\":\"frequency\"", run.Inputs[0].Schema, StringComparison.Ordinal);
        Assert.Contains($"\"num_rows\":{result.Rows.Test},", run.Inputs[^1].Profile, StringComparison.Ordinal);
        Assert.Equal("mbg-nbd-gg-all", run.LaterTags["winner.value"]);
        Assert.Equal(result.Candidates[2].Metrics["gini"], run.Points.Single(p => p.Name == "gini").Value);
        Assert.Equal(File.ReadAllBytes(_folder.In("out", "result.json")), run.Files["result.json"]);

        Assert.Equal(RunEnvironment.Current.Processor, JsonSerializer.Deserialize<RunEnvironment>(run.Files["environment.json"], ExperimentResult.Json)!.Processor);

        var nested = _runs.All[1..];
        Assert.Equal(result.Candidates.Select(c => c.Name), nested.Select(n => n.Start.Name));
        Assert.All(nested, n => Assert.Equal((run, RunStatus.Finished), (n.Parent, n.Status)));
        Assert.Equal(result.Candidates[0].Metrics["mae"], nested[0].Points.Single(p => p.Name == "mae").Value);
        Assert.Equal(result.Candidates[0].Validation["mae"], nested[0].Points.Single(p => p.Name == "validation.mae").Value);
    }

    [Fact]
    public void Plots_of_what_was_found_are_written_and_kept_with_the_run()
    {
        Directory.CreateDirectory(_folder.In("out", "plots"));
        File.WriteAllText(_folder.In("out", "plots", "of-an-earlier-run.svg"), "stale");
        RunFindings? seen = null;
        var result = Run(Sample(), plots: found =>
        {
            seen = found;
            return new Dictionary<string, byte[]> { ["spend.svg"] = Encoding.UTF8.GetBytes($"<svg>{found.Labels.Spend.Sum():0}</svg>") };
        });
        Assert.Equal((result, "sample"), (seen!.Result, seen.Experiment.Name));
        Assert.Equal((result.Labels.SpendSum, result.Rows.Test), (seen.Labels.Spend.Sum(), seen.Scores[2].Scores.Spend!.Length));
        Assert.Equal(["spend.svg"], Directory.GetFiles(_folder.In("out", "plots")).Select(Path.GetFileName));
        Assert.Equal(File.ReadAllBytes(_folder.In("out", "plots", "spend.svg")), _runs.All[0].Files["plots/spend.svg"]);
    }

    [Fact]
    public void Predictions_judged_from_their_file_have_the_figures_of_the_result()
    {
        var result = Run(Sample());
        var (labels, candidates) = PredictionFile.Read(_folder.In("out", "predictions.parquet"));
        var board = Scoreboard.Of(labels, candidates, Metric.All);
        foreach (var (written, judged) in result.Candidates.Zip(board.Candidates))
            Assert.Equal(written.Metrics, judged.Metrics);
    }

    [Fact]
    public void A_second_run_takes_every_finished_stage_and_answers_the_same()
    {
        var first = Run(Sample());
        var bytes = File.ReadAllBytes(_folder.In("out", "predictions.parquet"));
        var second = Run(Sample());
        Assert.All(second.Stages.Where(s => s.Name is not ("evaluate" or "package")), s => Assert.True(s.Reused, s.Name));
        Assert.Equal(first.Candidates.Select(c => c.Metrics), second.Candidates.Select(c => c.Metrics));
        Assert.Equal(bytes, File.ReadAllBytes(_folder.In("out", "predictions.parquet")));

        var elsewhere = Run(Sample(), "elsewhere");
        Assert.DoesNotContain(elsewhere.Stages, s => s.Reused);
        Assert.Equal(first.DataFingerprint, elsewhere.DataFingerprint);
        Assert.Equal(bytes, File.ReadAllBytes(_folder.In("elsewhere", "predictions.parquet")));
    }

    [Fact]
    public void A_stopped_run_goes_on_from_its_finished_stages()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Run(Sample(new StopsIt(stop)), cancellation: stop.Token));
        Assert.Equal(RunStatus.Killed, _runs.All.Single().Status);
        var result = Run(Sample());
        Assert.All(result.Stages.Where(s => s.Name.StartsWith("features", StringComparison.Ordinal) || s.Name == "ingest"), s => Assert.True(s.Reused, s.Name));
    }

    [Fact]
    public void Winners_without_a_codec_are_named_and_a_run_may_do_without_a_package()
    {
        var nameless = Sample() with { Candidates = [new RemembersWhom()] };
        Assert.Contains("The winner 'spy' can't be packaged", Assert.Throws<InvalidOperationException>(() => Run(nameless)).Message, StringComparison.Ordinal);
        var kept = new ExperimentRunner(nameless, new()
        {
            DataFolder = Path.Combine(RealData.Root, "data-samples"), OutputFolder = _folder.In("kept"),
            Time = TimeProvider.System, Tracker = new RecordedRuns(),
        }).Run(CancellationToken.None);
        Assert.Null(kept.Package);
        Assert.False(Directory.Exists(_folder.In("kept", "package")));
    }

    [Fact]
    public void A_split_that_looks_ahead_is_refused()
    {
        var ahead = Sample() with { Split = new([new(2024, 3, 1)], TestCutoff: new(2024, 7, 1), HorizonDays: 180) };
        var error = Assert.Throws<ArgumentException>(() => Run(ahead));
        Assert.Contains("runs to 2024-08-28, past the test cutoff 2024-07-01", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_candidates_of_one_name_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Run(Sample(new MeanCustomer())));
        Assert.Contains("two candidates named 'mean'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_backtest_asks_about_customers_that_a_fit_has_not_seen()
    {
        var store = Sample().Features.Open(Sample().Data(Path.Combine(RealData.Root, "data-samples")), Pseudonyms.Published, _folder.In("w"), 1, null, default);
        LabelledTable At(DateOnly cutoff) => store.At(cutoff) is var table ? new(table, store.LabelsFor(table, 180)) : null!;
        var data = new TrainingData([At(new(2023, 7, 1)), At(new(2024, 1, 1))], store.At(new(2024, 7, 1)), 180);

        var spy = new RemembersWhom();
        Backtest.At(data).Answers(spy, new FitContext(7));
        Assert.Equal(data.Cutoffs[^1].Features.Rows, spy.Asked.Count);
        Assert.True(spy.NeverAskedAboutTheSeen);
        Assert.True(spy.LatestLabelEnd <= new DateOnly(2024, 1, 1));
    }

    private sealed class StopsIt(CancellationTokenSource stop) : ICandidate
    {
        public string Name => "stops";
        public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

        public IFittedCandidate Fit(TrainingData data, FitContext context)
        {
            stop.Cancel();
            context.Cancellation.ThrowIfCancellationRequested();
            throw new InvalidOperationException("unreachable");
        }
    }

    private sealed class RemembersWhom : ICandidate
    {
        public HashSet<string> Asked { get; } = [];
        public bool NeverAskedAboutTheSeen { get; private set; } = true;
        public DateOnly LatestLabelEnd { get; private set; }
        public string Name => "spy";
        public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

        public IFittedCandidate Fit(TrainingData data, FitContext context)
        {
            foreach (var table in data.Cutoffs)
                if (table.Features.Cutoff.AddDays(table.Labels.HorizonDays) is var end && end > LatestLabelEnd) LatestLabelEnd = end;
            return new Fitted(this, [.. data.Cutoffs.SelectMany(c => c.Features.CustomerIds), .. data.Current.CustomerIds]);
        }

        private sealed class Fitted(RemembersWhom spy, HashSet<string> seen) : IFittedCandidate
        {
            public IReadOnlyList<string> Columns => [];

            public Scores Predict(FeatureTable customers)
            {
                spy.Asked.UnionWith(customers.CustomerIds);
                spy.NeverAskedAboutTheSeen &= !customers.CustomerIds.Any(seen.Contains);
                return new(Churn: new double[customers.Rows]);
            }
        }
    }
}
