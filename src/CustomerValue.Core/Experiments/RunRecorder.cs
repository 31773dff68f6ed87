using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CustomerValue.Packaging;
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

    /// <summary>Keeps the package that this run wrote: its card with the run, and the whole of it in the registry, where it is the one in use from now on; the registry keeps the one before.</summary>
    /// <param name="run">The run, not ended yet.</param>
    /// <param name="result">What it found.</param>
    /// <param name="tags">What the registered version is told by besides; it says which commit, data and package it is.</param>
    public void Register(ITrackedRun run, IRunResult result, params ReadOnlySpan<(string Name, string Value)> tags)
    {
        if (result.Package is not { } package) return;
        var place = options.PackagePlace(experiment);
        var card = File.ReadAllText(Path.Combine(place, PackageManifest.Card));
        run.Tags([new("package.sha256", package.Sha256)]);
        Keep(run, PackageManifest.Card, Encoding.UTF8.GetBytes(card));
        if (options.Registry is not { } registry) return;
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["commit"] = result.Commit, ["data_fingerprint"] = result.DataFingerprint, ["package.sha256"] = package.Sha256 };
        foreach (var (name, value) in tags) all[name] = value;
        var version = registry.Register(run, experiment, place, card, all);
        registry.Promote(version.Name, version.Version);
    }

    /// <summary>Writes pictures to plots/ in the output folder and keeps them with the run; pictures of an earlier run that this one doesn't have are gone.</summary>
    public void Plot(ITrackedRun run, IReadOnlyDictionary<string, byte[]>? pictures)
    {
        var folder = Path.Combine(options.OutputFolder, "plots");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        if (pictures is null) return;
        Directory.CreateDirectory(folder);
        foreach (var (name, picture) in pictures.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            File.WriteAllBytes(Path.Combine(folder, name), picture);
            Keep(run, $"plots/{name}", picture);
        }
    }

    /// <summary>Figures as a tracker takes them.</summary>
    public static IEnumerable<MetricPoint> Points(IEnumerable<KeyValuePair<string, double>> figures, string before = "") => figures.Select(f => new MetricPoint(before + f.Key, f.Value));

    /// <summary>Settings as parts of a stage's key, in the order of their names.</summary>
    public static IEnumerable<string> Pairs(IReadOnlyDictionary<string, string> settings) =>
        settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}");

    private SortedDictionary<string, string> Tags(string fingerprint)
    {
        var tags = Always(fingerprint);
        if (options.TruthName is { } truth) tags["truth"] = truth;
        return tags;
    }

    private SortedDictionary<string, string> Always(string fingerprint) => new(StringComparer.Ordinal)
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
