using System.Globalization;
using System.Text.Json;
using CustomerValue.Evaluation;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Packaging;
using CustomerValue.Tracking;

namespace CustomerValue.Experiments;

/// <summary>Takes an experiment on texts the whole way: texts, candidates, the winner chosen on dev, figures on test, the winner's package.</summary>
public sealed class TextExperimentRunner(TextExperiment experiment, RunOptions options)
{
    private readonly IReadOnlyList<ITextCandidate> _candidates = experiment.Candidates(new(options.DataFolder, options.ModelFolder));
    private readonly StageStore _stages = new(Path.Combine(options.OutputFolder, "stages"), !options.Fresh, options.Time);
    private readonly RunRecorder _recorder = new(experiment.Name, experiment.Question, experiment.Seed, options);
    private readonly Dictionary<ITextCandidate, TextAnswers> _answers = new(ReferenceEqualityComparer.Instance);

    /// <summary>Runs, or goes on from the candidates that an earlier run finished. Writes <c>result.json</c> and <c>predictions.parquet</c>.</summary>
    /// <exception cref="ArgumentException">The experiment can't mean what it says.</exception>
    /// <exception cref="InvalidDataException">A part of the data has no texts.</exception>
    /// <exception cref="OperationCanceledException">Stopped; finished candidates stay, and checkpoints of the one that was being fitted.</exception>
    public FiguresResult Run(CancellationToken cancellation)
    {
        experiment.Validate(_candidates);
        var (data, fingerprint) = _stages.Measure("read", () => experiment.Data(options.DataFolder) is var read ? ((read, read.Fingerprint), false) : default);
        foreach (var (part, split) in new[] { ("training", data.Train), ("dev", data.Dev), ("test", data.Test) })
            if (split.Texts.Count == 0) throw new InvalidDataException($"{data.Name} has no {part} texts, so experiment {experiment.Name} can't be run on it.");
        return _recorder.Record(fingerprint, run =>
        {
            var result = Measured(new(data, fingerprint), run, cancellation);
            Log(run, result);
            return result;
        });
    }

    private FiguresResult Measured(Texts texts, ITrackedRun run, CancellationToken cancellation)
    {
        run.Input(texts.Input("training", texts.Train));
        run.Input(texts.Input("validation", texts.Dev));
        run.Input(texts.Input("evaluation", texts.Test));
        var answers = new List<(string Name, TextAnswers Answers)>();
        foreach (var candidate in _candidates)
        {
            options.Progress?.Report(new("fitting", answers.Count, _candidates.Count, "candidates"));
            answers.Add((candidate.Name, Answers(candidate, texts, cancellation)));
        }
        options.Progress?.Report(new("fitting", answers.Count, answers.Count, "candidates"));

        // The winner is chosen before a test label is read.
        var dev = answers.Select(a => Figures(texts.Dev, a.Answers.Dev)).ToList();
        var winner = Winner.OnDev(experiment.ChosenBy.Figure, answers.Zip(dev, (a, figures) => (a.Name, (IReadOnlyDictionary<string, double>)figures)));
        var (test, comparisons) = _stages.Measure("evaluate", () => ((answers.Select(a => Figures(texts.Test, a.Answers.Test)).ToList(),
            Compare(texts.Test, answers, winner, cancellation)), false));

        var package = winner is null || options.Codecs is not { } codecs ? null
            : _stages.Measure("package", () => (Package(codecs, run.Id, texts, answers, dev, winner, comparisons, cancellation), false));
        TextPredictionFile.Write(Path.Combine(options.OutputFolder, "predictions.parquet"), texts.Test, answers.Select(a => (a.Name, a.Answers.Test)));
        var result = new FiguresResult(experiment.Name, experiment.Question, run.Id, options.Commit, texts.Fingerprint, experiment.Seed, options.Threads,
            new SortedDictionary<string, int>(StringComparer.Ordinal) { ["train"] = texts.Train.Texts.Count, ["dev"] = texts.Dev.Texts.Count, ["test"] = texts.Test.Texts.Count },
            [.. _candidates.Select((candidate, i) => new CandidateResult(candidate.Name, answers[i].Answers.FitSeconds, answers[i].Answers.PredictSeconds,
                test[i], dev[i], candidate.Settings, answers[i].Answers.Choices))],
            comparisons, winner, [.. _stages.Costs], package);
        _recorder.Write(result);
        _recorder.Plot(run, options.TextPlots?.Invoke(new(experiment, result, texts.Test, [.. answers.Select(a => (a.Name, a.Answers.Test))])));
        return result;
    }

    /// <summary>A candidate's answers: of this run, of an earlier one, or computed now. A blend's members go the same way.</summary>
    private TextAnswers Answers(ITextCandidate candidate, Texts texts, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_answers.TryGetValue(candidate, out var known)) return known;
        string[] key = [texts.Fingerprint, Text(experiment.Seed), Text(options.Threads), options.Codecs is null ? "answers" : "answers and model", .. Key(candidate)];
        var checkpoints = Path.Combine(options.OutputFolder, "fits", $"{candidate.Name}-{StageStore.Digest(key)}");
        if (options.Fresh && Directory.Exists(checkpoints)) Directory.Delete(checkpoints, recursive: true);
        var context = new TextFitContext(experiment.Seed, options.Threads, checkpoints, options.Progress)
        {
            TaughtFolder = options.Fresh ? null : options.TaughtFolder,
            Known = (member, train, dev) => ReferenceEquals(train, texts.Train) && ReferenceEquals(dev, texts.Dev) ? new KnownAnswers(texts.Dev, texts.Test, Answers(member, texts, cancellation)) : null,
        };
        var answers = _stages.Run($"fit {candidate.Name}", key, () => Fit(candidate, texts, context, cancellation), (made, place) => made.Write(place), TextAnswers.Read);
        if (Directory.Exists(checkpoints)) Directory.Delete(checkpoints, recursive: true);       // what is needed of it is kept
        return _answers[candidate] = answers;
    }

    private static IEnumerable<string> Key(ITextCandidate candidate) =>
        [ProgramVersion.Behind(candidate), candidate.GetType().Name, .. RunRecorder.Pairs(candidate.Settings), .. candidate is TextBlend blend ? blend.Members.SelectMany(Key) : []];

    private TextAnswers Fit(ITextCandidate candidate, Texts texts, TextFitContext context, CancellationToken cancellation)
    {
        var started = options.Time.GetTimestamp();
        using var fitted = candidate.Fit(texts.Train, texts.Dev, context, cancellation);
        var fitSeconds = options.Time.GetElapsedTime(started).TotalSeconds;
        var dev = Checked(candidate, texts.Dev, fitted.Probabilities(texts.Dev.Texts, cancellation));
        started = options.Time.GetTimestamp();
        var test = Checked(candidate, texts.Test, fitted.Probabilities(texts.Test.Texts, cancellation));
        var predictSeconds = options.Time.GetElapsedTime(started).TotalSeconds;
        var (model, unwritten) = Written(fitted);
        return new(dev, test, Math.Round(fitSeconds, 4), Math.Round(predictSeconds, 4), (fitted as ITellsChoices)?.Choices ?? new Dictionary<string, string>(), model, unwritten);
    }

    // What can't be written may still lose; only a winner that can't be is an error.
    private (PackageFiles? Model, string? Unwritten) Written(IFittedTextCandidate fitted)
    {
        if (options.Codecs is not { } codecs) return (null, null);
        try
        {
            var model = codecs.Write(fitted);
            return model.Bytes <= PackageFiles.MostBytes ? (model, null)
                : (null, $"Its model takes {model.Bytes >> 20} MB, and a package holds at most {PackageFiles.MostBytes >> 20}. Let fewer or smaller models stand for election.");
        }
        catch (InvalidOperationException error)
        {
            return (null, error.Message);
        }
    }

    private PackageResult Package(ModelCodecs codecs, string runId, Texts texts, IReadOnlyList<(string Name, TextAnswers Answers)> answers, IReadOnlyList<SortedDictionary<string, double>> dev, Winner winner,
        IReadOnlyList<ModelComparison> comparisons, CancellationToken cancellation)
    {
        var number = _candidates.Select((c, i) => (c, i)).Single(c => c.c.Name == winner.Name).i;
        var own = answers[number].Answers;
        using var package = new TextPackageBuilder(codecs).Build(new()
        {
            Program = new(typeof(TextExperimentRunner).Assembly.GetName().Version?.ToString(3) ?? "unknown", ProgramVersion.Current),
            Origin = new(experiment.Name, experiment.Question, options.Commit, texts.Fingerprint, experiment.Seed, options.Threads, texts.Train.Texts.Count, texts.Dev.Texts.Count, texts.Test.Texts.Count, winner.ChosenBy),
            Candidate = winner.Name,
            Settings = _candidates[number].Settings,
            Model = own.Model ?? throw new InvalidOperationException($"The winner '{winner.Name}' can't be packaged. {own.Unwritten}"),
            Answers = own.Test,
            Validation = dev[number],
            Metrics = experiment.Metrics,
            Comparisons = comparisons,
            Training = texts.Train.Texts,
            Test = texts.Test,
        }, cancellation);
        return WrittenPackage.Write(package.Files, options.PackagePlace(experiment.Name), experiment.Name, runId);
    }

    private static double[][] Checked(ITextCandidate candidate, LabelledTexts texts, double[][] probabilities)
    {
        if (probabilities.Length != texts.Texts.Count)
            throw new InvalidOperationException($"'{candidate.Name}' gave {probabilities.Length} answers to {texts.Texts.Count} texts.");
        for (var row = 0; row < probabilities.Length; row++)
            if (probabilities[row].Length != texts.Classes.Count || !probabilities[row].All(p => p is >= 0 and <= 1.000001) || Math.Abs(probabilities[row].Sum() - 1) > 1e-3)
                throw new InvalidOperationException($"'{candidate.Name}' told of text {row}: {string.Join(' ', probabilities[row].Select(p => p.ToString("0.####", CultureInfo.InvariantCulture)))}. Expected are {texts.Classes.Count} probabilities that sum to 1.");
        return probabilities;
    }

    private SortedDictionary<string, double> Figures(LabelledTexts texts, double[][] probabilities)
    {
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var metric in experiment.Metrics)
            if (metric.Of(texts.Labels, probabilities) is var figure && double.IsFinite(figure)) figures[metric.Figure.Key] = figure;
        return figures;
    }

    private List<ModelComparison> Compare(LabelledTexts test, IReadOnlyList<(string Name, TextAnswers Answers)> answers, Winner? winner, CancellationToken cancellation)
    {
        var bootstrap = new PairedBootstrap(test.Texts.Count, experiment.Seed);
        var comparisons = new List<ModelComparison>();
        var baseline = answers[0].Name;
        foreach (var (metric, number) in experiment.Metrics.Select((m, i) => (m, i)))
        {
            var drawn = answers.Select(a => (a.Name, Figure: metric.Of(test.Labels, a.Answers.Test), Draws: bootstrap.Figures(metric.Prepare(test.Labels, a.Answers.Test), cancellation))).ToList();
            foreach (var other in drawn.Skip(1)) comparisons.Add(PairedBootstrap.Compare(metric.Figure.Key, other, drawn[0]));
            if (winner is not null)
                foreach (var other in drawn.Where(d => d.Name != winner.Name && d.Name != baseline))
                    comparisons.Add(PairedBootstrap.Compare(metric.Figure.Key, drawn.Single(d => d.Name == winner.Name), other));
            options.Progress?.Report(new("comparing", number + 1, experiment.Metrics.Count, "metrics"));
        }
        return [.. comparisons.Where(c => double.IsFinite(c.Difference))];
    }

    private void Log(ITrackedRun run, FiguresResult result)
    {
        _recorder.Log(run, result.Stages, result.Candidates);
        if (result.Winner is { } winner)
        {
            run.Tags([new("winner", winner.Name)]);
            run.Metrics(RunRecorder.Points(result.Candidates.Single(c => c.Name == winner.Name).Metrics));
        }
        RunRecorder.KeepDocuments(run, result);
        _recorder.Register(run, result, ("winner", result.Winner?.Name ?? "none"));
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The three parts as candidates take them; the same objects all through a run, which is how known answers are found.</summary>
    private sealed class Texts(TextDataset data, string fingerprint)
    {
        public LabelledTexts Train { get; } = new(data.Train.Texts, data.Train.Labels, data.Classes);
        public LabelledTexts Dev { get; } = new(data.Dev.Texts, data.Dev.Labels, data.Classes);
        public LabelledTexts Test { get; } = new(data.Test.Texts, data.Test.Labels, data.Classes);
        public string Fingerprint => fingerprint;

        public DatasetInput Input(string context, LabelledTexts texts) => new($"{data.Name}, {context} texts", fingerprint[..32], context)
        {
            Source = JsonSerializer.Serialize(new { texts = data.Name, fingerprint }),
            Schema = JsonSerializer.Serialize(new { mlflow_colspec = new[] { new { type = "string", name = "text", required = true }, new { type = "string", name = "label", required = true } } }),
            Profile = JsonSerializer.Serialize(new { num_rows = texts.Texts.Count, num_elements = 2 * texts.Texts.Count }),
        };
    }
}
