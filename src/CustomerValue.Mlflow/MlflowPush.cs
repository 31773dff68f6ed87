using CustomerValue.Tracking;

namespace CustomerValue.Mlflow;

/// <summary>What became of a run that was to be sent.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Experiment">Its experiment.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Link">The page that shows it at the server; null where it isn't there.</param>
/// <param name="Problem">Why it isn't, and what to do; null where it is.</param>
public sealed record PushedRun(string RunId, string Experiment, PushOutcome Outcome, string? Link, string? Problem);

/// <summary>What became of a run that was to be sent.</summary>
public enum PushOutcome
{
    /// <summary>It was sent now, whole or what was missing.</summary>
    Sent,

    /// <summary>The server has it already.</summary>
    There,

    /// <summary>It isn't there, or not whole.</summary>
    Failed,
}

/// <summary>Sends runs from a store in a file to a server, with the runs inside them, their files and their registered models. Sending again doubles nothing, and a
/// broken-off attempt goes on: at the server a run carries the id that it has here, and is ended last.</summary>
/// <param name="store">Where the runs are.</param>
/// <param name="server">Where they go.</param>
/// <param name="progress">Told which run is sent.</param>
public sealed class MlflowPush(MlflowSqliteStore store, MlflowRestClient server, IProgress<StageProgress>? progress = null)
{
    private readonly string _mark = MlflowLimits.Name(MlflowTags.SentTo + server.Server.Address.GetComponents(UriComponents.HostAndPort | UriComponents.Path, UriFormat.Unescaped).TrimEnd('/'));
    private bool _unreachable;

    /// <summary>The runs that have ended and aren't marked as sent to this server, oldest first.</summary>
    public IReadOnlyList<string> Pending() => store.EndedWithout(_mark);

    /// <summary>Sends runs, one after the other; where one fails for want of the server, the others aren't tried.</summary>
    /// <param name="ids">The runs, by their full ids.</param>
    /// <exception cref="MlflowException">Another process is sending from the same store.</exception>
    public IReadOnlyList<PushedRun> Send(IReadOnlyList<string> ids)
    {
        using var gate = Gate();
        var sent = new List<PushedRun>();
        foreach (var id in ids)
        {
            progress?.Report(new("sending", sent.Count, ids.Count, "runs"));
            sent.Add(sent is [.., { Outcome: PushOutcome.Failed } failed] && _unreachable ? failed with { RunId = id, Experiment = store.Read(id).Run.Experiment } : Send(store.Read(id)));
        }
        progress?.Report(new("sending", ids.Count, ids.Count, "runs"));
        return sent;
    }

    private PushedRun Send(StoredRun run)
    {
        try
        {
            var experiment = server.Experiment(run.Run.Experiment);
            var before = server.Find(experiment, run.Run.Id);
            // A run that was sent as stopped and went on here goes on there.
            if (before is { Info.Status: not "RUNNING", Info.LifecycleStage: not "deleted" } && (before.Info.Status == "FINISHED" || before.Info.Status == run.Run.Status.ToString().ToUpperInvariant()))
                return Mark(run, PushOutcome.There, server.Server.Link(experiment, before.Info.RunId));
            var there = server.Begin(Start(run), experiment, parent: null);
            Fill(there, run, experiment);
            return Mark(run, PushOutcome.Sent, there.Link);
        }
        catch (Exception error) when (error is MlflowException or ArgumentException or InvalidOperationException or IOException)
        {
            _unreachable = error is MlflowException { IsTransient: true };
            return new(run.Run.Id, run.Run.Experiment, PushOutcome.Failed, null, error.Message);
        }
    }

    private PushedRun Mark(StoredRun run, PushOutcome outcome, string link)
    {
        if (run.Run.Status != RunStatus.Running) store.Tag(run.Run.Id, _mark, link);
        return new(run.Run.Id, run.Run.Experiment, outcome, link, null);
    }

    private void Fill(RestRun there, StoredRun run, string experiment)
    {
        there.Parameters(run.Parameters);
        there.Metrics(store.Points(run.Run.Id));
        foreach (var input in run.Inputs) there.Input(input);
        // Another client's versions may have their files elsewhere; those go as the artifacts that they are.
        var versions = store.VersionsOf(run.Run.Id).Where(v => v.Source.EndsWith($"/{MlflowModel.Path(v.Name)}", StringComparison.Ordinal)).ToList();
        foreach (var path in run.Artifacts.Where(a => !versions.Exists(v => a.StartsWith(MlflowModel.Path(v.Name) + "/", StringComparison.Ordinal))))
        {
            using var content = store.OpenArtifact(run.Run.Id, path);
            there.Artifact(path, content);
        }
        foreach (var nested in run.Nested)
        {
            if (server.Find(experiment, nested.Run.Id) is { Info.Status: not "RUNNING" }) continue;
            Fill((RestRun)there.Nested(Start(nested)), nested, experiment);
        }
        foreach (var version in versions)
        {
            var registered = server.Register(there, version.Name, store.ArtifactFolder(run.Run.Id, MlflowModel.Path(version.Name)), version.Description, version.Tags);
            if (version.Aliases.Contains(IModelRegistry.Champion)) server.Promote(version.Name, registered.Version);
        }
        Compare(there, run);
        if (run.Run.Status != RunStatus.Running) there.End(run.Run.Status, run.Run.EndedAt);
    }

    // What answered "200" may have been a proxy: a run is ended, and marked as sent, only when the server shows it.
    private static void Compare(RestRun there, StoredRun run)
    {
        var wire = there.Wire();
        var missing = run.Parameters.Keys.Except((wire.Data?.Parameters ?? []).Select(p => p.Key)).Select(k => $"the setting {k}")
            .Concat(run.Metrics.Keys.Except((wire.Data?.Metrics ?? []).Select(m => m.Key)).Select(k => $"the figure {k}"))
            .Concat(run.Inputs.Select(i => i.Name).Except((wire.Inputs?.DatasetInputs ?? []).Select(i => i.Dataset.Name)).Select(n => $"the data set {n}")).ToList();
        if (missing.Count > 0) throw new MlflowException($"The server took run {run.Run.Id} but doesn't show {string.Join(", ", missing.Take(5))}{(missing.Count > 5 ? ", ..." : "")}. Send it again; what stands between here and there may have answered for it.");
    }

    // The server's own ids stand in the tags that name runs, so those are made there anew.
    private static RunStart Start(StoredRun run) => new(run.Run.Id, run.Run.Experiment, run.Run.Name, run.Tags
        .Where(t => t.Key is not (MlflowTags.Parent or MlflowTags.ModelHistory) && !t.Key.StartsWith(MlflowTags.SentTo, StringComparison.Ordinal))
        .ToDictionary(t => t.Key, t => t.Value)) { At = run.Run.StartedAt, TakesUp = true };

    private FileStream Gate()
    {
        try
        {
            return new FileStream(store.File + ".sending", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException error)
        {
            throw new MlflowException($"Another process is sending runs from {store.File}. Wait for it to end; sending again then sends what is left.", error) { IsTransient = true };
        }
    }
}
