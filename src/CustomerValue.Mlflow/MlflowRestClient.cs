using System.Globalization;
using CustomerValue.Tracking;

namespace CustomerValue.Mlflow;

/// <summary>Runs and models at an MLflow tracking server (2.8 and later), artifacts through its proxy.</summary>
/// <remarks>Everything it sends may be sent again: a run is found by the tag <c>customervalue.run_id</c> before it is made, so that a broken-off attempt goes on and
/// nothing is doubled.</remarks>
public sealed class MlflowRestClient : IRunTracker, IModelRegistry, IDisposable
{
    private const int PageSize = 1000;

    private readonly MlflowHttp _http;
    private readonly TimeProvider _time;

    /// <param name="server">Where it is, and how long to wait for it.</param>
    /// <param name="time">The clock of start and end times, and of waits.</param>
    /// <param name="cancellation">Stops whatever is being sent.</param>
    public MlflowRestClient(MlflowServer server, TimeProvider time, CancellationToken cancellation = default)
    {
        (Server, _time, _http) = (server, time, new MlflowHttp(server, time, cancellation));
        Api = new MlflowApi(_http);
    }

    /// <summary>Where it is.</summary>
    public MlflowServer Server { get; }

    internal MlflowApi Api { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A run of that id has ended already.</exception>
    /// <exception cref="MlflowException">The server can't be reached, or refuses.</exception>
    public ITrackedRun Start(RunStart start) => Begin(start, Experiment(start.Experiment), parent: null);

    /// <inheritdoc/>
    public ModelVersion Register(ITrackedRun run, string name, string folder, string description, IReadOnlyDictionary<string, string> tags)
    {
        if (run is not RestRun own || !own.IsOf(this)) throw new ArgumentException("A model is registered by the tracker that its run belongs to.", nameof(run));
        var path = MlflowModel.Path(name);
        foreach (var file in MlflowModel.Files(folder)) Api.PutArtifact(own.ArtifactUri, $"{path}/{file}", () => File.OpenRead(Path.Combine(folder, file)));

        var source = $"{own.ArtifactUri}/{path}";
        var wire = Api.Once(MlflowServer.Attempts,
            () => All($"run_id={Quoted(own.ServerId)}").FirstOrDefault(v => v.Name == name && v.Source == source),
            () =>
            {
                try { Api.CreateModel(name); }
                catch (MlflowException error) when (error.ErrorCode == "RESOURCE_ALREADY_EXISTS") { }       // the next version of it
                return Api.CreateVersion(name, source, own.ServerId, MlflowLimits.Text(description, MlflowLimits.Description),
                    tags.Count == 0 ? null : [.. tags.Select(t => new PairWire(MlflowLimits.Name(t.Key), t.Value))]);
            });
        var history = own.Wire().Data?.Tags?.FirstOrDefault(t => t.Key == MlflowTags.ModelHistory)?.Value;
        if (ModelHistory.With(history, own.ServerId, path, folder, _time.GetUtcNow()) is { } longer && longer != history) Api.SetTag(own.ServerId, MlflowTags.ModelHistory, longer);
        return Of(wire, wire.Aliases ?? []);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ModelVersion> Versions(string name)
    {
        if (Api.GetModel(name) is not { } model) return [];
        return [.. All($"name={Quoted(name)}").Select(v => Of(v, [.. (model.Aliases ?? []).Where(a => a.Version == v.Version).Select(a => a.Alias)])).OrderBy(v => v.Version)];
    }

    /// <inheritdoc/>
    public ModelVersion? Named(string name, string alias) => Api.VersionByAlias(name, alias) is { } wire ? Of(wire, wire.Aliases ?? [alias]) : null;

    /// <inheritdoc/>
    public void Promote(string name, int version)
    {
        var versions = Versions(name);
        if (versions.All(v => v.Version != version))
            throw new ArgumentException($"There is no version {version} of '{name}' at {Server}. There are: {string.Join(", ", versions.Select(v => v.Version))}.", nameof(version));
        var former = versions.SingleOrDefault(v => v.Aliases.Contains(IModelRegistry.Champion));
        if (former?.Version == version) return;
        var now = MlflowModel.When(_time.GetUtcNow());
        if (former is not null)
        {
            Api.SetVersionTag(name, Number(former.Version), MlflowModel.ChampionUntil, now);
            Api.SetAlias(name, IModelRegistry.FormerChampion, Number(former.Version));
        }
        Api.SetVersionTag(name, Number(version), MlflowModel.ChampionSince, now);
        Api.SetAlias(name, IModelRegistry.Champion, Number(version));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>The experiment's number at the server; made where there is none.</summary>
    internal string Experiment(string name)
    {
        var experiment = Api.Once(MlflowServer.Attempts, () => Api.ExperimentByName(name), () =>
        {
            try { return new ExperimentWire(Api.CreateExperiment(name), name, "active"); }
            catch (MlflowException error) when (error.ErrorCode == "RESOURCE_ALREADY_EXISTS" && Api.ExperimentByName(name) is { } first)
            {
                return first;                                                                              // another process was quicker
            }
        });
        return experiment.LifecycleStage != "deleted" ? experiment.ExperimentId
            : throw new MlflowException($"The experiment '{name}' was deleted at {Server}. Restore it in its pages or with 'mlflow experiments restore -x {experiment.ExperimentId}', and send again.");
    }

    /// <summary>The run that was made here from one of ours; null where none was.</summary>
    internal RunWire? Find(string experiment, string localId) => Api.SearchRuns(new([experiment])
    {
        Filter = $"tags.`{MlflowTags.LocalId}` = '{localId}'", MaxResults = 1, OrderBy = ["attributes.start_time ASC"], RunViewType = "ALL",
    }).Runs?.FirstOrDefault();

    internal RestRun Begin(RunStart start, string experiment, RestRun? parent)
    {
        var tags = MlflowTags.Of(start, parent?.ServerId);
        tags[MlflowTags.LocalId] = start.Id;
        var first = tags.Where(t => t.Key is MlflowTags.LocalId or MlflowTags.Parent or MlflowTags.RunName).Select(t => new PairWire(t.Key, t.Value)).ToList();
        var wire = Api.Once(MlflowServer.Attempts, () => Find(experiment, start.Id),
            () => Api.CreateRun(experiment, (start.At ?? _time.GetUtcNow()).ToUnixTimeMilliseconds(), MlflowLimits.Text(start.Name, MlflowLimits.RunName), first));
        if (wire.Info.LifecycleStage == "deleted")
            throw new MlflowException($"Run {start.Id} was sent to {Server} before and deleted there (run {wire.Info.RunId}). Restore it there to send the rest.");
        if (wire.Info.Status is "KILLED" or "FAILED" && start.TakesUp) Api.UpdateRun(wire.Info.RunId, "RUNNING", null);
        else if (wire.Info.Status != "RUNNING")
            throw new InvalidOperationException($"Run {start.Id} has ended already at {Server} ({wire.Info.Status}). Run ids are unique; give this one another.");
        var run = new RestRun(this, _time, start.Id, experiment, wire.Info);
        run.Tags(tags);
        return run;
    }

    private List<VersionWire> All(string filter)
    {
        var versions = new List<VersionWire>();
        string? token = null;
        do
        {
            var page = Api.SearchVersions(filter, PageSize, token);
            versions.AddRange(page.ModelVersions ?? []);
            token = page.NextPageToken;
        }
        while (!string.IsNullOrEmpty(token));
        return versions;
    }

    private static ModelVersion Of(VersionWire wire, IReadOnlyList<string> aliases) => new(wire.Name, int.Parse(wire.Version, CultureInfo.InvariantCulture), wire.RunId ?? "", wire.Source ?? "",
        wire.Description ?? "", DateTimeOffset.FromUnixTimeMilliseconds(wire.CreationTimestamp ?? 0),
        new SortedDictionary<string, string>((wire.Tags ?? []).ToDictionary(t => t.Key, t => t.Value ?? ""), StringComparer.Ordinal), aliases);

    // Filters know no escapes, but two kinds of quotes.
    private static string Quoted(string text) => text.Contains('\'') ? $"\"{text}\"" : $"'{text}'";

    private static string Number(int version) => version.ToString(CultureInfo.InvariantCulture);
}
