using System.Globalization;
using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Tracking;

namespace CustomerValue.Experiments;

/// <summary>Takes an experiment the whole way: records, features, validation, candidates on the test cutoff, evaluation, winners.</summary>
/// <remarks>Winners are chosen on the latest training cutoff (see <see cref="Backtest"/>), before any test label is read; the test rows only tell how good they are.</remarks>
public sealed class ExperimentRunner(Experiment experiment, RunOptions options)
{
    private readonly StageStore _stages = new(Path.Combine(options.OutputFolder, "stages"), !options.Fresh, options.Time);
    private readonly RunRecorder _recorder = new(experiment.Name, experiment.Question, experiment.Seed, options);

    /// <summary>Runs, or goes on from the stages that an earlier run finished. Writes <c>result.json</c> and <c>predictions.parquet</c>.</summary>
    /// <exception cref="ArgumentException">The experiment can't mean what it says.</exception>
    /// <exception cref="OperationCanceledException">Stopped; finished stages stay.</exception>
    public ExperimentResult Run(CancellationToken cancellation)
    {
        experiment.Validate();
        var dataset = experiment.Data(options.DataFolder);
        // Records that have changed are another shop: loaded beside the old ones, both would be in every figure.
        var warehouses = Path.Combine(options.OutputFolder, "warehouse");
        var warehouse = Path.Combine(warehouses, dataset.Fingerprint[..16]);
        if (Directory.Exists(warehouses) && (options.Fresh || !Directory.Exists(warehouse))) Directory.Delete(warehouses, recursive: true);
        var store = _stages.Measure("ingest", () =>
        {
            var opened = experiment.Features.Open(dataset, experiment.Pseudonyms, warehouse, options.Threads, options.Progress, cancellation);
            return (opened, opened.Report.WasLoadedBefore);
        });

        return _recorder.Record(store.Fingerprint, run =>
        {
            var result = Measured(store, run, cancellation);
            Log(run, result);
            return result;
        });
    }

    private ExperimentResult Measured(IFeatureStore store, ITrackedRun run, CancellationToken cancellation)
    {
        var split = experiment.Split;
        string[] dataKey = [store.Fingerprint, .. RunRecorder.Pairs(experiment.Features.Settings), ProgramVersion.Current];
        var training = split.TrainCutoffs.Select(cutoff => Labelled(store, cutoff, split.TrainHorizonDays, dataKey, cancellation)).ToList();
        var test = Labelled(store, split.TestCutoff, split.HorizonDays, dataKey, cancellation);
        var data = new TrainingData(training, test.Features, split.HorizonDays);
        foreach (var table in training) run.Input(TableInput.Of(table, store.Fingerprint, "training"));
        run.Input(TableInput.Of(test, store.Fingerprint, "evaluation"));

        string[] fitKey = [.. dataKey, .. split.Key(), Text(experiment.Seed), Text(options.Threads)];
        var context = new FitContext(experiment.Seed, options.Threads, cancellation) { Progress = options.Progress, Folder = Path.Combine(options.OutputFolder, "fits") };
        var validation = Validate(data, context, fitKey, cancellation);
        var winners = Choose(validation?.Board);

        var fits = new List<FittedAnswer>();
        foreach (var (candidate, number) in experiment.Candidates.Select((c, i) => (c, i)))
        {
            cancellation.ThrowIfCancellationRequested();
            options.Progress?.Report(new("fitting", number, experiment.Candidates.Count, "candidates"));
            fits.Add(Fit(candidate, data, context, fitKey));
        }
        options.Progress?.Report(new("fitting", experiment.Candidates.Count, experiment.Candidates.Count, "candidates"));

        var answers = fits.Select(f => f.Answer).ToList();
        var scores = answers.Select(a => (a.Name, a.Scores)).ToList();
        var (board, comparisons) = _stages.Measure("evaluate", () => (Judge(test.Labels, scores, winners, experiment.Metrics, cancellation), false));
        if (validation is null) winners = Choose(board) with { ChosenBy = "test rows, as there is no training cutoff to choose on: a little flattered" };

        var byOrders = ByOrders(test, scores, winners, cancellation);
        var told = new TextGainStage(experiment, options, _stages).Answers(data, answers, winners, context, fitKey);
        var best = options.Truth is { } truth ? _stages.Measure("truth", () => (truth(test.Features, split.HorizonDays), false)) : null;     // every answer has been given
        var foreseeable = best is null ? null : ForeseeableRow.Of(test, best);
        var gains = told.Count == 0 ? null : _stages.Measure("what text bought", () => (TextGain.Of(test, told, experiment.Seed, best, options.Progress, cancellation), false));
        var warnings = TextGain.Warnings(gains ?? []);

        var package = options.Codecs is not { } codecs ? null : _stages.Measure("package", () => (new PackageStage(experiment, options, codecs).Run(
            new(run.Id, store.Fingerprint, data, test, fits, validation?.Board, comparisons, winners, () => store.EncoderAt(split.TestCutoff, cancellation)), cancellation), false));
        PredictionFile.Write(Path.Combine(options.OutputFolder, PredictionFile.Name), test, scores);
        var result = new ExperimentResult(experiment.Name, experiment.Question, run.Id, options.Commit, store.Fingerprint, experiment.Seed, options.Threads,
            new(split.TrainCutoffs, split.TestCutoff, split.HorizonDays, split.TrainHorizonDays),
            new(data.Rows, test.Features.Rows),
            new(test.Labels.Churned.Average(c => c ? 1.0 : 0.0), test.Labels.Spend.Average(), test.Labels.Spend.Sum()),
            [.. experiment.Candidates.Select((candidate, i) => new CandidateResult(candidate.Name, answers[i].FitSeconds, answers[i].PredictSeconds,
                board.Candidates[i].Metrics, validation?.Board.Candidates[i].Metrics ?? new SortedDictionary<string, double>(), candidate.Settings))],
            comparisons, winners, [.. _stages.Costs], package)
        {
            TextGain = gains, Foreseeable = foreseeable, ByOrders = byOrders, Warnings = warnings.Count > 0 ? warnings : null,
        };
        _recorder.Write(result);
        _recorder.Plot(run, options.Plots?.Invoke(new(experiment, result, test.Labels, scores)));
        return result;
    }

    private LabelledTable Labelled(IFeatureStore store, DateOnly cutoff, int horizonDays, string[] key, CancellationToken cancellation)
    {
        var table = _stages.Run(
            $"features {cutoff:yyyy-MM-dd}", [.. key, .. experiment.Split.RowsKey(cutoff), Text(horizonDays)],
            () =>
            {
                var features = experiment.Split.Rows(store, cutoff, cancellation);
                return new LabelledTable(features, store.LabelsFor(features, horizonDays, cancellation));
            },
            LabelledTableFile.Write, LabelledTableFile.Read);
        return table.Features.OwnCutoffs is null ? table with { Features = table.Features.With(store.Records) } : table;
    }

    private ValidationResult? Validate(TrainingData data, FitContext context, string[] key, CancellationToken cancellation)
    {
        if (data.Cutoffs.Count == 0) return null;
        var backtest = Backtest.At(data);
        var answers = new List<(string Name, Scores Scores)>();
        foreach (var candidate in experiment.Candidates)
        {
            cancellation.ThrowIfCancellationRequested();
            options.Progress?.Report(new("validating", answers.Count, experiment.Candidates.Count, "candidates"));
            answers.Add((candidate.Name, _stages.Run($"validate {candidate.Name}", [.. key, .. RunRecorder.Pairs(candidate.Settings), "validate"],
                () => backtest.Answers(candidate, context),
                ScoresFile.Write, ScoresFile.Read)));
        }
        options.Progress?.Report(new("validating", answers.Count, answers.Count, "candidates"));
        return new(Scoreboard.Of(backtest.Labels, answers, experiment.Metrics));
    }

    private FittedAnswer Fit(ICandidate candidate, TrainingData data, FitContext context, string[] key) => _stages.Run(
        $"fit {candidate.Name}", [.. key, .. RunRecorder.Pairs(candidate.Settings), options.Codecs is null ? "scores" : "scores and model"],
        () =>
        {
            var started = options.Time.GetTimestamp();
            var fitted = context.Fit(candidate, data);
            var fitSeconds = options.Time.GetElapsedTime(started).TotalSeconds;
            started = options.Time.GetTimestamp();
            var scores = fitted.Predict(data.Current);
            return new FittedAnswer(new(candidate.Name, Math.Round(fitSeconds, 4), Math.Round(options.Time.GetElapsedTime(started).TotalSeconds, 4), scores), options.Codecs?.TryWrite(fitted));
        },
        (answer, place) => answer.Write(place),
        place => FittedAnswer.Read(candidate.Name, place));

    private (Scoreboard, IReadOnlyList<ModelComparison>) Judge(Labels labels, IReadOnlyList<(string, Scores)> scores, Winners winners, IReadOnlyList<Metric> metrics, CancellationToken cancellation)
    {
        var board = Scoreboard.Of(labels, scores, metrics);
        var bootstrap = new PairedBootstrap(labels.Rows, experiment.Seed);
        var comparisons = new List<ModelComparison>();
        foreach (var (target, winner) in new[] { (Target.Value, winners.Value ?? board.Best(experiment.ValueMetric)), (Target.Churn, winners.Churn ?? board.Best(experiment.ChurnMetric)) })
            if (winner is not null)
                comparisons.AddRange(Scoreboard.Compare(target, winner, labels, scores, metrics, bootstrap, options.Progress, cancellation));
        return (board, comparisons);
    }

    // Where some have no order yet, figures over all mix customers of whom different things are known.
    private IReadOnlyList<SliceResult>? ByOrders(LabelledTable test, IReadOnlyList<(string Name, Scores Scores)> scores, Winners winners, CancellationToken cancellation)
    {
        var slices = TextGain.Told(test);
        if (slices.All(slice => slice.Key != OrderSlices.NoOrder)) return null;
        return _stages.Measure("by orders so far", () => ((IReadOnlyList<SliceResult>)[.. slices.Where(slice => slice.Key != OrderSlices.All).Select(slice =>
        {
            var (board, comparisons) = Judge(test.Labels.At(slice.Rows), [.. scores.Select(s => (s.Name, s.Scores.At(slice.Rows)))], winners, TextGain.Metrics, cancellation);
            return new SliceResult(slice.Key, slice.Rows.Count, board.Candidates, comparisons);
        })], false));
    }

    private Winners Choose(Scoreboard? board) => new(board?.Best(experiment.ValueMetric), board?.Best(experiment.ChurnMetric),
        $"{experiment.ValueMetric.Key} and {experiment.ChurnMetric.Key} on the latest training cutoff");

    private void Log(ITrackedRun run, ExperimentResult result)
    {
        run.Parameters(experiment.Features.Settings.Select(s => KeyValuePair.Create($"features.{s.Key}", s.Value)).Append(new("split", string.Join(' ', experiment.Split.Key()))));
        _recorder.Log(run, result.Stages, result.Candidates);
        // The winners' figures stand on the run itself, so that a list of runs tells how good each was.
        foreach (var (target, winner) in new[] { (Target.Value, result.Winners.Value), (Target.Churn, result.Winners.Churn) })
        {
            if (winner is null) continue;
            var metrics = result.Candidates.Single(c => c.Name == winner).Metrics;
            run.Tags([new($"winner.{target.ToString().ToLowerInvariant()}", winner)]);
            run.Metrics(RunRecorder.Points(metrics.Where(m => experiment.Metrics.Any(known => known.Key == m.Key && known.Target == target))));
        }
        if (result.TextGain is { } gains)
        {
            run.Parameters([.. TextGainStage.Settings(experiment.Seed)]);
            run.Metrics(TextGainStage.Points(gains));
        }
        if (result.Foreseeable is { } best) run.Metrics(ForeseeablePoints.Of(best));
        if (result.Warnings is { } warnings) run.Tags([new("warnings", string.Join('\n', warnings))]);
        RunRecorder.KeepDocuments(run, result);
        RunRecorder.Keep(run, PredictionFile.Name, File.ReadAllBytes(Path.Combine(options.OutputFolder, PredictionFile.Name)));
        _recorder.Register(run, result, ("winner.churn", result.Winners.Churn ?? "none"), ("winner.value", result.Winners.Value ?? "none"));
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record ValidationResult(Scoreboard Board);
}
