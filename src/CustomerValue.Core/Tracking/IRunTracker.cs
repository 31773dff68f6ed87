using System.Security.Cryptography;
using System.Text;

namespace CustomerValue.Tracking;

/// <summary>Keeps what runs did: names, numbers and files. Knows nothing of shops, features or models.</summary>
public interface IRunTracker
{
    /// <summary>Begins a run, or goes on with one of the same id that a broken-off attempt began.</summary>
    /// <param name="start">What is known at the beginning.</param>
    ITrackedRun Start(RunStart start);
}

/// <summary>What is known when a run begins.</summary>
/// <param name="Id">32 lower-case hexadecimal digits, unique.</param>
/// <param name="Experiment">The experiment that the run belongs to.</param>
/// <param name="Name">What the run is called in lists.</param>
/// <param name="Tags">Commit, data fingerprint, seed, threads and the like.</param>
public sealed record RunStart(string Id, string Experiment, string Name, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>When it began; the tracker's clock says where this doesn't.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>What a reader should know of it, in Markdown.</summary>
    public string? Note { get; init; }

    /// <summary>Who ran it.</summary>
    public string? User { get; init; }

    /// <summary>The file that was run.</summary>
    public string? Source { get; init; }

    /// <summary>The commit that was run, in hexadecimal digits.</summary>
    public string? Commit { get; init; }

    /// <summary>Whether a run of this id that was stopped, or failed, is taken up again: it then runs as if it had never ended. One that finished never is.</summary>
    public bool TakesUp { get; init; }

    /// <summary>A run inside another: its id follows from the two.</summary>
    public static RunStart Inside(ITrackedRun run, string experiment, string name) => new(
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{run.Id}/{name}")))[..32], experiment, name, new Dictionary<string, string>());
}

/// <summary>One run being written. What a call has written stays, whatever comes after; disposing a run that hasn't ended marks it as failed.</summary>
public interface ITrackedRun : IDisposable
{
    /// <summary>The run's id.</summary>
    string Id { get; }

    /// <summary>Records settings; the same again is fine, another value for a setting recorded before isn't.</summary>
    /// <exception cref="InvalidOperationException">A setting has another value already.</exception>
    void Parameters(IEnumerable<KeyValuePair<string, string>> parameters);

    /// <summary>Records figures.</summary>
    void Metrics(IEnumerable<MetricPoint> points);

    /// <summary>Sets tags; a later value takes the place of an earlier one.</summary>
    void Tags(IEnumerable<KeyValuePair<string, string>> tags);

    /// <summary>Records a data set that the run read.</summary>
    void Input(DatasetInput input);

    /// <summary>Keeps a file; one of the same path is replaced.</summary>
    /// <param name="path">Relative path inside the run's artifacts, parts parted by '/'.</param>
    /// <param name="content">The file's bytes, read to the end from where the stream stands; a stream that can seek may be read more than once.</param>
    /// <exception cref="ArgumentException">The path isn't a plain relative one.</exception>
    void Artifact(string path, Stream content);

    /// <summary>Begins a run inside this one: a candidate, a trial.</summary>
    ITrackedRun Nested(RunStart start);

    /// <summary>Ends the run.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="at">When; the tracker's clock says where this doesn't.</param>
    void End(RunStatus status, DateTimeOffset? at = null);
}

/// <summary>A figure, or one point of a curve.</summary>
/// <param name="Name">Name of the figure; what stands before a '/' groups figures.</param>
/// <param name="Value">The figure; may be NaN or infinite.</param>
/// <param name="Step">Position in a curve; 0 for a single figure.</param>
/// <param name="At">When it was measured; the tracker's clock says where this doesn't.</param>
public sealed record MetricPoint(string Name, double Value, long Step = 0, DateTimeOffset? At = null);

/// <summary>A data set that a run read.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Digest">Tells its contents from others; at most 36 characters.</param>
/// <param name="Context">What it served for: training, evaluation.</param>
public sealed record DatasetInput(string Name, string Digest, string Context)
{
    /// <summary>The kind of place that it came from.</summary>
    public string SourceType { get; init; } = "local";

    /// <summary>Where it came from, a JSON document.</summary>
    public string Source { get; init; } = "{}";

    /// <summary>Its columns, a JSON document.</summary>
    public string? Schema { get; init; }

    /// <summary>Figures over it, such as its number of rows; a JSON document.</summary>
    public string? Profile { get; init; }
}

/// <summary>How a run stands.</summary>
public enum RunStatus
{
    /// <summary>Not ended; that of a process that was killed too.</summary>
    Running,

    /// <summary>Ended well.</summary>
    Finished,

    /// <summary>Ended by an error.</summary>
    Failed,

    /// <summary>Stopped by a person.</summary>
    Killed,
}
