using CustomerValue.Tracking;

namespace CustomerValue.Mlflow;

/// <summary>A run in short.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Name">The run's name.</param>
/// <param name="Status">How it stands.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; null while it runs, or where its process was killed.</param>
/// <param name="ParentId">The run that it lies in.</param>
public sealed record RunSummary(string Id, string Experiment, string Name, RunStatus Status, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? ParentId);

/// <summary>A run with all that was recorded of it.</summary>
/// <param name="Run">The run in short.</param>
/// <param name="ExperimentId">The experiment's number in the store.</param>
/// <param name="Parameters">Its settings.</param>
/// <param name="Metrics">Its figures, the latest point of each.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Inputs">The data sets that it read.</param>
/// <param name="Artifacts">Its files, by their paths among its artifacts.</param>
/// <param name="Nested">The runs inside it, in the order they began.</param>
public sealed record StoredRun(
    RunSummary Run, long ExperimentId, IReadOnlyDictionary<string, string> Parameters, IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, string> Tags, IReadOnlyList<DatasetInput> Inputs, IReadOnlyList<string> Artifacts, IReadOnlyList<StoredRun> Nested);
