using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CustomerValue.Mlflow;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Training;
using CustomerValue.Tracking;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>A training run of the command line: its folder, its progress bar, and its curve in the store of runs.</summary>
/// <remarks>
/// The run's id stands in the folder, so that a run that was cancelled or killed goes on under the same id; cancelled ones stand as killed until then. The result is the last
/// file written: where it stands the model is whole, and all that can be missing is the run's end.
/// </remarks>
internal sealed class TrainingRun : IProgress<TrainingStep>, IDisposable
{
    private const int Together = 50;                                     // points are written so many steps at a time
    private const string ResultFile = "training.json";
    private readonly string _stage, _folder;
    private readonly Terminal _terminal;
    private readonly MlflowTracking _places = RunPlaces.Chosen();
    private readonly MlflowSqliteStore _store;
    private readonly ITrackedRun _run;
    private readonly CancellationToken _cancellation;
    private readonly List<MetricPoint> _points = [];
    private bool _ended;

    /// <param name="stage">What is done, in a word or two.</param>
    /// <param name="folder">The output folder; made when it isn't there.</param>
    /// <param name="settings">All that decides the result.</param>
    /// <param name="terminal">Where progress is shown.</param>
    /// <param name="cancellation">Tells a run that a person stopped from one that failed.</param>
    /// <exception cref="UsageException">The folder holds a finished model.</exception>
    public TrainingRun(string stage, string folder, IReadOnlyDictionary<string, string> settings, Terminal terminal, CancellationToken cancellation)
    {
        (_stage, _folder, _terminal, _cancellation) = (stage, folder, terminal, cancellation);
        _store = MlflowSqliteStore.OpenOrCreate(_places.StoreFile, TimeProvider.System);
        var kept = Path.Combine(folder, "run-id");
        var known = File.Exists(kept) ? File.ReadAllText(kept).Trim() : null;
        if (IsFinished(known)) throw new UsageException($"--output {folder}: it holds a finished model already. Name another folder, or remove it to train anew.");
        Directory.CreateDirectory(folder);
        var id = known ?? NewId(folder);
        if (known is null) Written(kept, Encoding.UTF8.GetBytes(id));
        _run = _store.Start(new(id, $"text-{stage}", Path.GetFileName(Path.GetFullPath(folder)), new Dictionary<string, string>())
            { User = Environment.UserName, Source = $"text {stage}", Commit = Checkout.Commit(), TakesUp = true });
        try
        {
            _run.Parameters(settings);
        }
        catch
        {
            _run.Dispose();
            throw;
        }
    }

    /// <summary>The run's id.</summary>
    public string Id => _run.Id;

    /// <summary>Where checkpoints are kept.</summary>
    public string Checkpoints => Path.Combine(_folder, "checkpoints");

    public void Report(TrainingStep value)
    {
        _terminal.Report(new(_stage, value.Step, value.Steps, "steps", Terminal.Text($"loss {value.Loss:0.000}, rate {value.LearningRate:0.0e0}, {value.TokensPerSecond:#,0} tokens/s")));
        _points.Add(new("loss", value.Loss, value.Step));
        _points.Add(new("learning_rate", value.LearningRate, value.Step));
        _points.Add(new("gradient_norm", value.GradientNorm, value.Step));
        _points.Add(new("tokens_per_second", value.TokensPerSecond, value.Step));
        foreach (var (name, figure) in value.Evaluation ?? new Dictionary<string, double>()) _points.Add(new($"dev/{name}", figure, value.Step));
        if (value.Evaluation is { } figures) _terminal.Line(Terminal.Text($"Step {value.Step:#,0}: {string.Join(", ", figures.Select(f => Terminal.Text($"{f.Key} {f.Value:0.0000}")))}"));
        if (value.Step % Together == 0 || value.Step == value.Steps) Flush();
    }

    /// <summary>The result of a training whose process was killed when all files were written and only the run's end was missing; null for any other.</summary>
    public T? Whole<T>() where T : class
    {
        var path = Path.Combine(_folder, ResultFile);
        if (!File.Exists(path)) return null;
        _terminal.Line($"{_folder} is whole: only the end of its run was missing.");
        return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Shared.JsonOptions);
    }

    /// <summary>Ends the run once the model stands in the folder: its result there too, the checkpoints away, the end in the store, and sent to where runs go.</summary>
    /// <returns>The result.</returns>
    public T Finish<T>(T result, TrainingReport report) where T : class
    {
        Flush();
        Written(Path.Combine(_folder, ResultFile), [.. JsonSerializer.SerializeToUtf8Bytes(result, Shared.JsonOptions), (byte)'\n']);
        if (Directory.Exists(Checkpoints)) Directory.Delete(Checkpoints, recursive: true);
        _run.Metrics([new("steps", report.Steps), new("seconds", report.Seconds), new("final_loss", report.Loss), .. (report.Best ?? new Dictionary<string, double>()).Select(f => new MetricPoint($"best/{f.Key}", f.Value))]);
        _run.End(RunStatus.Finished);
        _ended = true;
        foreach (var line in RunPlaces.Deliver(_places, _store, Id, _terminal, _cancellation)) _terminal.Line(line);
        return result;
    }

    // Weights alone say nothing: they are written before other files. A folder without checkpoints and without a result is of an earlier version, or somebody else's.
    private bool IsFinished(string? id)
    {
        RunStatus? status = id is not null && _store.Matching(id).Contains(id) ? _store.Read(id).Run.Status : null;
        if (status == RunStatus.Finished) return true;
        return File.Exists(Path.Combine(_folder, ResultFile)) ? status is null : !Directory.Exists(Checkpoints) && WeightFolder.IsIn(_folder);
    }

    // A file that is complete or absent.
    private static void Written(string path, byte[] content)
    {
        File.WriteAllBytes(path + ".part", content);
        File.Move(path + ".part", path, overwrite: true);
    }

    private void Flush()
    {
        if (_points.Count > 0) _run.Metrics(_points);
        _points.Clear();
    }

    private static string NewId(string folder) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        Terminal.Text($"{Path.GetFullPath(folder)}\n{TimeProvider.System.GetUtcNow():O}"))))[..32];

    public void Dispose()
    {
        Flush();
        if (!_ended && _cancellation.IsCancellationRequested) _run.End(RunStatus.Killed);
        _run.Dispose();
    }
}
