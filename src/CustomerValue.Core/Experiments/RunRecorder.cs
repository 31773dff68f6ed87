using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CustomerValue.Tracking;

namespace CustomerValue.Experiments;

/// <summary>What the run of an experiment leaves behind, whatever kind of experiment it is: the tracked run, a run inside it for each candidate, result.json and environment.json.</summary>
/// <param name="experiment">The experiment's name.</param>
/// <param name="question">What it asks.</param>
/// <param name="seed">Its seed.</param>
/// <param name="options">How and where it runs.</param>
internal sealed class RunRecorder(string experiment, string question, int seed, RunOptions options)
{
    /// <summary>Starts the run, does the work, and ends the run as the work ended.</summary>
    /// <param name="fingerprint">Of the data.</param>
    /// <param name="work">Does and logs everything.</param>
    public T Record<T>(string fingerprint, Func<ITrackedRun, T> work)
    {
        using var run = options.Tracker.Start(new(RunId(fingerprint), experiment, experiment, Tags(fingerprint))
        {
            Note = question, User = options.User, Source = options.Source, Commit = options.Commit == "unknown" ? null : options.Commit.Split('+')[0],
        });
        try
        {
            var result = work(run);
            run.End(RunStatus.Finished);
            return result;
        }
        catch (OperationCanceledException)
        {
            run.End(RunStatus.Killed);
            throw;
        }
    }

    /// <summary>Writes result.json and environment.json into the output folder.</summary>
    public void Write<T>(T result)
    {
        File.WriteAllBytes(Path.Combine(options.OutputFolder, "result.json"), JsonSerializer.SerializeToUtf8Bytes(result, ExperimentResult.Json));
        File.WriteAllBytes(Path.Combine(options.OutputFolder, RunEnvironment.FileName), JsonSerializer.SerializeToUtf8Bytes(RunEnvironment.Current, ExperimentResult.Json));
    }

    /// <summary>Keeps result.json and environment.json with the run.</summary>
    public static void KeepDocuments<T>(ITrackedRun run, T result)
    {
        Keep(run, "result.json", JsonSerializer.SerializeToUtf8Bytes(result, ExperimentResult.Json));
        Keep(run, RunEnvironment.FileName, JsonSerializer.SerializeToUtf8Bytes(RunEnvironment.Current, ExperimentResult.Json));
    }

    /// <summary>Logs what stages cost, and each candidate as a run inside the run.</summary>
    public void Log(ITrackedRun run, IEnumerable<StageCost> stages, IEnumerable<CandidateResult> candidates)
    {
        run.Metrics(stages.Select(stage => new MetricPoint($"seconds.{stage.Name}", stage.Seconds)));
        foreach (var candidate in candidates)
        {
            using var nested = run.Nested(RunStart.Inside(run, experiment, candidate.Name));
            nested.Parameters(candidate.Settings);
            nested.Parameters((candidate.Choices ?? new Dictionary<string, string>()).Select(c => KeyValuePair.Create($"chosen.{c.Key}", c.Value)));
            nested.Metrics(
            [
                .. Points(candidate.Metrics), .. Points(candidate.Validation, "validation."),
                new("fit_seconds", candidate.FitSeconds), new("predict_seconds", candidate.PredictSeconds),
            ]);
            nested.End(RunStatus.Finished);
        }
    }

    /// <summary>Keeps a file with the run.</summary>
    public static void Keep(ITrackedRun run, string path, byte[] content)
    {
        using var stream = new MemoryStream(content);
        run.Artifact(path, stream);
    }

    /// <summary>Figures as a tracker takes them.</summary>
    public static IEnumerable<MetricPoint> Points(IEnumerable<KeyValuePair<string, double>> figures, string before = "") => figures.Select(f => new MetricPoint(before + f.Key, f.Value));

    /// <summary>Settings as parts of a stage's key, in the order of their names.</summary>
    public static IEnumerable<string> Pairs(IReadOnlyDictionary<string, string> settings) =>
        settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}");

    private SortedDictionary<string, string> Tags(string fingerprint) => new(StringComparer.Ordinal)
    {
        ["commit"] = options.Commit,
        ["data"] = options.DataName ?? options.DataFolder,
        ["data_fingerprint"] = fingerprint,
        ["dotnet"] = RuntimeInformation.FrameworkDescription,
        ["program"] = ProgramVersion.Current,
        ["seed"] = Text(seed),
        ["system"] = RuntimeInformation.RuntimeIdentifier,
        ["threads"] = Text(options.Threads),
    };

    // The time makes two runs of the same thing two runs; nothing that is computed depends on it.
    private string RunId(string fingerprint) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', experiment, fingerprint, options.Commit, Text(seed), options.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)))))[..32];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
