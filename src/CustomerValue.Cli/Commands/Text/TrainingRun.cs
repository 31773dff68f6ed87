using System.Security.Cryptography;
using System.Text;
using CustomerValue.Mlflow;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Training;
using CustomerValue.Tracking;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>A training run of the command line: its folder, its progress bar, and its curve in the store of runs.</summary>
/// <remarks>The run's id stands in the folder, so that a broken-off run goes on under the same id.</remarks>
internal sealed class TrainingRun : IProgress<TrainingStep>, IDisposable
{
    private const int Together = 50;                                     // points are written so many steps at a time
    private readonly string _stage, _folder;
    private readonly Terminal _terminal;
    private readonly MlflowTracking _places = RunPlaces.Chosen();
    private readonly MlflowSqliteStore _store;
    private readonly ITrackedRun _run;
    private readonly List<MetricPoint> _points = [];

    /// <param name="stage">What is done, in a word or two.</param>
    /// <param name="folder">The output folder; made when it isn't there.</param>
    /// <param name="settings">All that decides the result.</param>
    /// <param name="terminal">Where progress is shown.</param>
    /// <exception cref="UsageException">The folder holds a finished model.</exception>
    public TrainingRun(string stage, string folder, IReadOnlyDictionary<string, string> settings, Terminal terminal)
    {
        (_stage, _folder, _terminal) = (stage, folder, terminal);
        if (WeightFolder.Has(folder))
            throw new UsageException($"--output {folder}: it holds a finished model already. Name another folder, or remove it to train anew.");
        Directory.CreateDirectory(folder);
        var kept = Path.Combine(folder, "run-id");
        var id = File.Exists(kept) ? File.ReadAllText(kept).Trim() : NewId(folder);
        _store = MlflowSqliteStore.OpenOrCreate(_places.StoreFile, TimeProvider.System);
        _run = _store.Start(new(id, $"text-{stage}", Path.GetFileName(Path.GetFullPath(folder)), new Dictionary<string, string>()) { User = Environment.UserName, Source = $"text {stage}", Commit = Checkout.Commit() });
        _run.Parameters(settings);
        File.WriteAllText(kept, id);
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

    /// <summary>Ends the run: its result, sent to where runs go, and the checkpoints away, since the model stands.</summary>
    public void Finish(TrainingReport report, CancellationToken cancellation)
    {
        Flush();
        _run.Metrics([new("steps", report.Steps), new("seconds", report.Seconds), new("final_loss", report.Loss), .. (report.Best ?? new Dictionary<string, double>()).Select(f => new MetricPoint($"best/{f.Key}", f.Value))]);
        _run.End(RunStatus.Finished);
        if (Directory.Exists(Checkpoints)) Directory.Delete(Checkpoints, recursive: true);
        foreach (var line in RunPlaces.Deliver(_places, _store, Id, _terminal, cancellation)) _terminal.Line(line);
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
        _run.Dispose();
    }
}
