using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace CustomerValue.Experiments;

/// <summary>Runs an experiment on named figures and records it as any other.</summary>
public sealed class FigureExperimentRunner(FigureExperiment experiment, RunOptions options)
{
    private readonly StageStore _stages = new(Path.Combine(options.OutputFolder, "stages"), !options.Fresh, options.Time);
    private readonly RunRecorder _recorder = new(experiment.Name, experiment.Question, experiment.Seed, options);

    /// <summary>Runs, or goes on from the candidates that an earlier run finished. Writes <c>result.json</c>.</summary>
    /// <exception cref="ArgumentException">The experiment can't mean what it says.</exception>
    /// <exception cref="FileNotFoundException">The data folder lacks one of the experiment's files.</exception>
    /// <exception cref="InvalidOperationException">A candidate gives a figure that the experiment doesn't name, or one that isn't finite.</exception>
    /// <exception cref="OperationCanceledException">Stopped; finished candidates stay.</exception>
    public FiguresResult Run(CancellationToken cancellation)
    {
        experiment.Validate();
        var fingerprint = _stages.Measure("read", () => (Fingerprint(), false));
        return _recorder.Record(fingerprint, run =>
        {
            run.Input(new(experiment.Name, fingerprint[..32], "training and evaluation") { Source = JsonSerializer.Serialize(new { files = experiment.Files, fingerprint }) });
            var answers = new List<TimedFigures>();
            foreach (var candidate in experiment.Candidates)
            {
                cancellation.ThrowIfCancellationRequested();
                options.Progress?.Report(new("measuring", answers.Count, experiment.Candidates.Count, "candidates"));
                answers.Add(Measure(candidate, fingerprint, cancellation));
            }
            var winner = experiment.ChosenBy is { } figure ? Winner.OnDev(figure, experiment.Candidates.Zip(answers, (c, a) => (c.Name, a.Answers.Dev))) : null;
            var result = new FiguresResult(experiment.Name, experiment.Question, run.Id, options.Commit, fingerprint, experiment.Seed, options.Threads, new Dictionary<string, int>(),
                [.. experiment.Candidates.Zip(answers, (c, a) => new CandidateResult(c.Name, a.Seconds, 0, a.Answers.Test, a.Answers.Dev, c.Settings, a.Answers.Choices))],
                [], winner, [.. _stages.Costs]);
            _recorder.Write(result);
            _recorder.Log(run, result.Stages, result.Candidates);
            foreach (var candidate in result.Candidates.Where(c => winner is null ? result.Candidates.Count == 1 : c.Name == winner.Name)) run.Metrics(RunRecorder.Points(candidate.Metrics));
            RunRecorder.KeepDocuments(run, result);
            return result;
        });
    }

    private TimedFigures Measure(FigureCandidate candidate, string fingerprint, CancellationToken cancellation)
    {
        string[] key = [fingerprint, ProgramVersion.Behind(candidate.Measure.Target ?? candidate), experiment.Seed.ToString(CultureInfo.InvariantCulture), options.Threads.ToString(CultureInfo.InvariantCulture), .. RunRecorder.Pairs(candidate.Settings)];
        var folder = Path.Combine(options.OutputFolder, "fits", $"{candidate.Name}-{StageStore.Digest(key)}");
        if (options.Fresh && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        return _stages.Run($"measure {candidate.Name}", key,
            () =>
            {
                Directory.CreateDirectory(folder);
                var started = options.Time.GetTimestamp();
                var answers = candidate.Measure(new(options.DataFolder, experiment.Seed, options.Threads, folder, options.Progress), cancellation);
                foreach (var (name, figure) in answers.Test.Concat(answers.Dev))
                    if (!double.IsFinite(figure) || experiment.Figures.All(known => known.Key != name))
                        throw new InvalidOperationException($"'{candidate.Name}' gave {name} = {figure.ToString(CultureInfo.InvariantCulture)}. Expected are finite figures among: {string.Join(", ", experiment.Figures.Select(f => f.Key))}.");
                return new TimedFigures(answers, Math.Round(options.Time.GetElapsedTime(started).TotalSeconds, 4));
            },
            (made, place) => File.WriteAllBytes(Path.Combine(place, "figures.json"), JsonSerializer.SerializeToUtf8Bytes(made)),
            place => JsonSerializer.Deserialize<TimedFigures>(File.ReadAllBytes(Path.Combine(place, "figures.json")))!);
    }

    private string Fingerprint()
    {
        var missing = experiment.Files.Where(file => !File.Exists(Path.Combine(options.DataFolder, file))).ToList();
        if (missing.Count > 0)
            throw new FileNotFoundException($"{options.DataFolder} lacks {string.Join(", ", missing)}, which experiment {experiment.Name} reads. Name the folder that holds them: --data FOLDER.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in experiment.Files) hash.AppendData(SHA256.HashData(File.ReadAllBytes(Path.Combine(options.DataFolder, file))));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed record TimedFigures(FigureAnswers Answers, double Seconds);
}
