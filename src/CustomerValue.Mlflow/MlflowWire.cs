using System.Text.Json.Serialization;

namespace CustomerValue.Mlflow;

// Documents of MLflow's REST API, names in snake_case; lists that are empty are left out of answers.

internal sealed record PairWire(string Key, string? Value);

internal sealed record MetricWire(string Key, double Value, long Timestamp, long Step);

internal sealed record BatchWire(string RunId, IReadOnlyList<MetricWire>? Metrics, [property: JsonPropertyName("params")] IReadOnlyList<PairWire>? Parameters, IReadOnlyList<PairWire>? Tags);

internal sealed record ExperimentWire(string ExperimentId, string Name, string? LifecycleStage);

internal sealed record ExperimentAnswer(ExperimentWire Experiment);

internal sealed record ExperimentIdAnswer(string ExperimentId);

internal sealed record RunWire(RunInfoWire Info, RunDataWire? Data, RunInputsWire? Inputs);

internal sealed record RunInfoWire(string RunId, string Status, string ArtifactUri, string? LifecycleStage);

internal sealed record RunDataWire(IReadOnlyList<MetricWire>? Metrics, [property: JsonPropertyName("params")] IReadOnlyList<PairWire>? Parameters, IReadOnlyList<PairWire>? Tags);

internal sealed record RunInputsWire(IReadOnlyList<DatasetInputWire>? DatasetInputs);

internal sealed record RunAnswer(RunWire Run);

internal sealed record RunsAnswer(IReadOnlyList<RunWire>? Runs);

internal sealed record RunSearch(IReadOnlyList<string> ExperimentIds)
{
    public string? Filter { get; init; }
    public int? MaxResults { get; init; }
    public IReadOnlyList<string>? OrderBy { get; init; }
    public string? RunViewType { get; init; }
}

internal sealed record DatasetInputWire(DatasetWire Dataset, IReadOnlyList<PairWire>? Tags);

internal sealed record DatasetWire(string Name, string Digest, string? SourceType, string? Source, string? Schema, string? Profile);

internal sealed record ModelAnswer(ModelWire RegisteredModel);

internal sealed record ModelWire(string Name, IReadOnlyList<AliasWire>? Aliases);

internal sealed record AliasWire(string Alias, string Version);

internal sealed record VersionAnswer(VersionWire ModelVersion);

internal sealed record VersionsAnswer(IReadOnlyList<VersionWire>? ModelVersions, string? NextPageToken);

internal sealed record VersionWire(string Name, string Version, long? CreationTimestamp, string? Description, string? Source, string? RunId, IReadOnlyList<PairWire>? Tags, IReadOnlyList<string>? Aliases);
