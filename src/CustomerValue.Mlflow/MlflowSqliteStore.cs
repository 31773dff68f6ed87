using CustomerValue.Tracking;

namespace CustomerValue.Mlflow;

/// <summary>Runs and models in one SQLite file that every MLflow since 2.8 opens (<c>mlflow ui --backend-store-uri sqlite:///FILE</c>), artifacts in
/// <c>mlartifacts/</c> beside it. Needs no server and no Python.</summary>
/// <remarks>Each call is one transaction: a process killed at any moment leaves a store that can be read, and several may write at once.</remarks>
public sealed class MlflowSqliteStore : IRunTracker, IModelRegistry
{
    private readonly MlflowDatabase _database;
    private readonly TimeProvider _time;

    private MlflowSqliteStore(MlflowDatabase database, TimeProvider time) => (_database, _time) = (database, time);

    /// <summary>Opens a store for writing; makes it when absent.</summary>
    /// <param name="file">The database file.</param>
    /// <param name="time">The clock of start and end times.</param>
    /// <exception cref="MlflowException">The file is something else, lacks a table that is needed, or can't be written.</exception>
    public static MlflowSqliteStore OpenOrCreate(string file, TimeProvider time)
    {
        var database = new MlflowDatabase(file);
        database.Create();
        database.Read(_ => true);
        return new(database, time);
    }

    /// <summary>Opens a store that is there.</summary>
    /// <inheritdoc cref="OpenOrCreate" path="/param"/>
    /// <exception cref="MlflowException">There is none, the file is something else, or lacks a table that is needed.</exception>
    public static MlflowSqliteStore Open(string file, TimeProvider time)
    {
        var database = new MlflowDatabase(file);
        database.Read(_ => true);
        return new(database, time);
    }

    /// <summary>The database file's full path.</summary>
    public string File => _database.File;

    /// <summary>The command that shows the runs in MLflow's pages, with the file as seen from a folder.</summary>
    /// <param name="from">The folder that the command is given in.</param>
    public string ShowCommand(string from)
    {
        var relative = Path.GetRelativePath(from, File).Replace('\\', '/');
        var file = relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? File.Replace('\\', '/') : relative;
        var uri = $"sqlite:///{file}";
        return $"mlflow ui --backend-store-uri {(uri.Any(c => char.IsWhiteSpace(c) || c is '\'' or '"' or '$' or '&' or '(' or ')' or ';') ? $"\"{uri}\"" : uri)}";
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A run of that id has ended already.</exception>
    /// <exception cref="MlflowException">The store can't be written.</exception>
    public ITrackedRun Start(RunStart start) => SqliteRun.Begin(_database, _time, start, parent: null);

    /// <inheritdoc/>
    public ModelVersion Register(ITrackedRun run, string name, string folder, string description, IReadOnlyDictionary<string, string> tags) =>
        run is SqliteRun own && own.IsOf(_database) ? SqliteRegistry.Register(_database, _time, own, name, folder, description, tags)
            : throw new ArgumentException("A model is registered by the tracker that its run belongs to.", nameof(run));

    /// <inheritdoc/>
    public IReadOnlyList<ModelVersion> Versions(string name) => _database.Read(session => SqliteRegistry.Versions(session, $"v.name = $name{session.Here("v", "model_versions")}", ("$name", name)));

    /// <summary>The versions that a run made.</summary>
    public IReadOnlyList<ModelVersion> VersionsOf(string runId) => _database.Read(session => SqliteRegistry.Versions(session, "v.run_id = $run", ("$run", runId)));

    /// <inheritdoc/>
    public ModelVersion? Named(string name, string alias) => Versions(name).SingleOrDefault(v => v.Aliases.Contains(alias));

    /// <inheritdoc/>
    public void Promote(string name, int version) => SqliteRegistry.Promote(_database, _time, name, version);

    /// <summary>The runs that lie in no other run, newest first; deleted ones are left out.</summary>
    public IReadOnlyList<RunSummary> Runs() => _database.Read(session => SqliteRuns.Summaries(session, "parent.value IS NULL"));

    /// <summary>The ids of the runs whose id begins so, newest first.</summary>
    public IReadOnlyList<string> Matching(string prefix) => _database.Read(session =>
        SqliteRuns.Summaries(session, "substr(r.run_uuid, 1, length($prefix)) = $prefix", ("$prefix", prefix)).Select(r => r.Id).ToList());

    /// <summary>A run with all that was recorded of it and of the runs inside it.</summary>
    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    public StoredRun Read(string id) => _database.Read(session => SqliteRuns.Read(session, id, _database))
        ?? throw new KeyNotFoundException($"There is no run {id} in {File}.");

    /// <summary>Every point of every figure of a run, by name, step and time.</summary>
    public IReadOnlyList<MetricPoint> Points(string id) => _database.Read(session => SqliteRuns.Points(session, id));

    /// <summary>Opens a file among a run's artifacts.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public Stream OpenArtifact(string id, string path) =>
        System.IO.File.OpenRead(ArtifactFolder(id, path));

    /// <summary>The runs that lie in no other run, have ended and lack a tag, oldest first.</summary>
    internal IReadOnlyList<string> EndedWithout(string tag) => _database.Read(session => SqliteRuns.Summaries(session,
        "parent.value IS NULL AND r.status <> 'RUNNING' AND NOT EXISTS (SELECT 1 FROM tags t WHERE t.run_uuid = r.run_uuid AND t.key = $tag)", ("$tag", tag)).Select(r => r.Id).Reverse().ToList());

    /// <summary>The folder on this machine of a path among a run's artifacts.</summary>
    internal string ArtifactFolder(string id, string path) => Path.Combine(_database.Read(session => SqliteRuns.ArtifactFolder(session, id, _database)), ArtifactPath.Plain(path));

    /// <summary>Sets a tag of a run, also of one that has ended.</summary>
    internal void Tag(string id, string name, string value) => _database.Write(session => { SqliteRuns.SetTags(session, id, [new(name, value)]); return true; });
}
