using CustomerValue.Tracking;

namespace CustomerValue.Testing;

/// <summary>Runs and models kept in memory, to see what was logged.</summary>
public sealed class RecordedRuns : IRunTracker, IModelRegistry
{
    private readonly List<ModelVersion> _versions = [];
    private int _champion;

    /// <summary>All runs in the order they began, nested ones among them.</summary>
    public List<RecordedRun> All { get; } = [];

    /// <inheritdoc/>
    public ITrackedRun Start(RunStart start) => new RecordedRun(this, start, Parent: null);

    /// <inheritdoc/>
    public ModelVersion Register(ITrackedRun run, string name, string folder, string description, IReadOnlyDictionary<string, string> tags)
    {
        _versions.Add(new(name, _versions.Count + 1, run.Id, folder, description, DateTimeOffset.UnixEpoch, tags, []));
        return _versions[^1];
    }

    /// <inheritdoc/>
    public IReadOnlyList<ModelVersion> Versions(string name) => [.. _versions.Where(v => v.Name == name)];

    /// <inheritdoc/>
    public ModelVersion? Named(string name, string alias) => Versions(name).SingleOrDefault(v => alias == IModelRegistry.Champion && v.Version == _champion);

    /// <inheritdoc/>
    public void Promote(string name, int version) => _champion = version;
}

/// <summary>One of them.</summary>
public sealed class RecordedRun : ITrackedRun
{
    private readonly RecordedRuns _runs;

    internal RecordedRun(RecordedRuns runs, RunStart start, RecordedRun? Parent)
    {
        (_runs, Start, this.Parent) = (runs, start, Parent);
        runs.All.Add(this);
    }

    /// <summary>What it began with.</summary>
    public RunStart Start { get; }

    /// <summary>The run that it lies in.</summary>
    public RecordedRun? Parent { get; }

    /// <summary>Its settings.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>Its figures.</summary>
    public List<MetricPoint> Points { get; } = [];

    /// <summary>Tags set after its start.</summary>
    public Dictionary<string, string> LaterTags { get; } = [];

    /// <summary>The data sets that it read.</summary>
    public List<DatasetInput> Inputs { get; } = [];

    /// <summary>Its files.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>How it stands.</summary>
    public RunStatus Status { get; private set; }

    /// <inheritdoc/>
    public string Id => Start.Id;

    /// <inheritdoc/>
    public void Parameters(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        foreach (var (name, value) in parameters) Settings.Add(name, value);
    }

    /// <inheritdoc/>
    public void Metrics(IEnumerable<MetricPoint> points) => Points.AddRange(points);

    /// <inheritdoc/>
    public void Tags(IEnumerable<KeyValuePair<string, string>> tags)
    {
        foreach (var (name, value) in tags) LaterTags[name] = value;
    }

    /// <inheritdoc/>
    public void Input(DatasetInput input) => Inputs.Add(input);

    /// <inheritdoc/>
    public void Artifact(string path, Stream content)
    {
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        Files[path] = copy.ToArray();
    }

    /// <inheritdoc/>
    public ITrackedRun Nested(RunStart start) => new RecordedRun(_runs, start, this);

    /// <inheritdoc/>
    public void End(RunStatus status, DateTimeOffset? at = null) => Status = status;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Status == RunStatus.Running) Status = RunStatus.Failed;
    }
}
