namespace CustomerValue.Tracking;

/// <summary>Keeps what runs did: names, numbers and files. Knows nothing of shops, features or models.</summary>
public interface IRunTracker
{
    /// <summary>Begins a run.</summary>
    /// <param name="start">What is known at the beginning.</param>
    ITrackedRun Start(RunStart start);

    /// <summary>Where a person finds the runs: a folder, or a link.</summary>
    string Location { get; }
}

/// <summary>What is known when a run begins.</summary>
/// <param name="Id">32 hexadecimal digits, unique.</param>
/// <param name="Experiment">The experiment that the run belongs to.</param>
/// <param name="Name">What the run is called in lists.</param>
/// <param name="Tags">Commit, data fingerprint, seed, threads and the like.</param>
public sealed record RunStart(string Id, string Experiment, string Name, IReadOnlyDictionary<string, string> Tags);

/// <summary>One run being written. Disposing a run that hasn't ended marks it as failed.</summary>
public interface ITrackedRun : IDisposable
{
    /// <summary>The run's id.</summary>
    string Id { get; }

    /// <summary>Records a setting.</summary>
    void Parameter(string name, string value);

    /// <summary>Records a figure.</summary>
    /// <param name="name">Name of the figure.</param>
    /// <param name="value">The figure; may be NaN.</param>
    /// <param name="step">Position in a curve; 0 for a single figure.</param>
    void Metric(string name, double value, long step = 0);

    /// <summary>Keeps a file.</summary>
    /// <param name="path">Relative path inside the run's artifacts, parts parted by '/'.</param>
    /// <param name="content">The file's bytes.</param>
    void Artifact(string path, ReadOnlySpan<byte> content);

    /// <summary>Begins a run inside this one: a candidate, a trial.</summary>
    ITrackedRun Nested(string name);

    /// <summary>Ends the run.</summary>
    void End(RunStatus status);
}

/// <summary>How a run ended.</summary>
public enum RunStatus { Finished, Failed, Killed }
