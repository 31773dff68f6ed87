using System.Globalization;

namespace CustomerValue.Mlflow;

/// <summary>The calls of MLflow's REST API that runs and models need, each as the API has it.</summary>
internal sealed class MlflowApi(MlflowHttp http)
{
    private const string Api = "api/2.0/mlflow/", Artifacts = "api/2.0/mlflow-artifacts/artifacts/", Missing = "RESOURCE_DOES_NOT_EXIST";

    /// <summary>An experiment, deleted ones among them; null where there is none of that name.</summary>
    public ExperimentWire? ExperimentByName(string name) => Maybe(() => Get<ExperimentAnswer>($"experiments/get-by-name?experiment_name={Escaped(name)}").Experiment, Missing);

    public string CreateExperiment(string name) => Post("experiments/create", new { name }).Json<ExperimentIdAnswer>().ExperimentId;

    /// <summary>Makes a run. The answer may get lost after it was made, so this isn't sent twice: see <see cref="Once{T}"/>.</summary>
    public RunWire CreateRun(string experimentId, long startTime, string runName, IReadOnlyList<PairWire> tags) =>
        Post("runs/create", new { experiment_id = experimentId, start_time = startTime, run_name = runName, tags }, repeatable: false).Json<RunAnswer>().Run;

    public RunWire GetRun(string runId) => Get<RunAnswer>($"runs/get?run_id={Escaped(runId)}").Run;

    public RunsAnswer SearchRuns(RunSearch search) => Post("runs/search", search).Json<RunsAnswer>();

    public void UpdateRun(string runId, string status, long? endTime) => Post("runs/update", new { run_id = runId, status, end_time = endTime });

    public void LogBatch(string runId, IReadOnlyList<MetricWire>? metrics = null, IReadOnlyList<PairWire>? parameters = null, IReadOnlyList<PairWire>? tags = null) =>
        Post("runs/log-batch", new BatchWire(runId, metrics, parameters, tags));

    public void SetTag(string runId, string key, string value) => Post("runs/set-tag", new { run_id = runId, key, value });

    public void LogInputs(string runId, IReadOnlyList<DatasetInputWire> datasets) => Post("runs/log-inputs", new { run_id = runId, datasets });

    /// <summary>Keeps a file through the server's proxy.</summary>
    /// <param name="artifactUri">The run's, <c>mlflow-artifacts:/...</c>.</param>
    /// <param name="path">The plain path below it.</param>
    /// <param name="open">Opens the bytes.</param>
    public void PutArtifact(string artifactUri, string path, Func<Stream> open)
    {
        var root = artifactUri.StartsWith("mlflow-artifacts:", StringComparison.Ordinal) ? new Uri(artifactUri).AbsolutePath.Trim('/')
            : throw new MlflowException($"The server keeps artifacts at {artifactUri.Split("://")[0]}, not behind its own proxy, so they can't be sent through it. Start it with --serve-artifacts and --artifacts-destination.");
        // 200 with or without a body; there is nothing to read in it.
        http.Send(new(HttpMethod.Put, $"{Artifacts}{root}/{string.Join('/', path.Split('/').Select(Escaped))}") { Bytes = open, MediaType = "application/octet-stream" });
    }

    /// <summary>A model with its aliases; null where there is none of that name.</summary>
    public ModelWire? GetModel(string name) => Maybe(() => Get<ModelAnswer>($"registered-models/get?name={Escaped(name)}").RegisteredModel, Missing);

    public void CreateModel(string name) => Post("registered-models/create", new { name });

    /// <inheritdoc cref="CreateRun"/>
    public VersionWire CreateVersion(string name, string source, string runId, string? description, IReadOnlyList<PairWire>? tags) =>
        Post("model-versions/create", new { name, source, run_id = runId, description, tags }, repeatable: false).Json<VersionAnswer>().ModelVersion;

    public VersionsAnswer SearchVersions(string filter, int? maxResults = null, string? pageToken = null) => Get<VersionsAnswer>($"model-versions/search?filter={Escaped(filter)}" +
        $"{(maxResults is { } max ? string.Create(CultureInfo.InvariantCulture, $"&max_results={max}") : "")}{(pageToken is null ? "" : $"&page_token={Escaped(pageToken)}")}");

    public void SetVersionTag(string name, string version, string key, string value) => Post("model-versions/set-tag", new { name, version, key, value });

    public void SetAlias(string name, string alias, string version) => Post("registered-models/alias", new { name, alias, version });

    /// <summary>The version that an alias names; null where none does.</summary>
    public VersionWire? VersionByAlias(string name, string alias) =>
        Maybe(() => Get<VersionAnswer>($"registered-models/alias?name={Escaped(name)}&alias={Escaped(alias)}").ModelVersion, Missing, "INVALID_PARAMETER_VALUE");

    /// <summary>Makes what must not be made twice: before every further try it looks whether an earlier one did, whose answer was lost.</summary>
    public T Once<T>(int attempts, Func<T?> find, Func<T> make) where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            if (find() is { } there) return there;
            try
            {
                return make();
            }
            catch (MlflowException error) when (error.IsTransient && attempt < attempts)
            {
                http.Wait(attempt, error);
            }
        }
    }

    private T Get<T>(string path) => http.Send(new(HttpMethod.Get, Api + path)).Json<T>();

    private MlflowAnswer Post(string path, object body, bool repeatable = true) => http.Send(new(HttpMethod.Post, Api + path) { Body = body, IsRepeatable = repeatable });

    private static T? Maybe<T>(Func<T> call, params string[] absent) where T : class
    {
        try
        {
            return call();
        }
        catch (MlflowException error) when (absent.Contains(error.ErrorCode))
        {
            return null;
        }
    }

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}
