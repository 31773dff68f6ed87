using System.Text.RegularExpressions;
using CustomerValue.Tracking;

namespace CustomerValue.Mlflow;

/// <summary>A run being written into a file.</summary>
internal sealed partial class SqliteRun : ITrackedRun
{
    private readonly MlflowDatabase _database;
    private readonly TimeProvider _time;
    private readonly string _experiment;
    private bool _ended;

    private SqliteRun(MlflowDatabase database, TimeProvider time, string id, string experiment, string folder) =>
        (_database, _time, Id, _experiment, ArtifactFolder) = (database, time, id, experiment, folder);

    public string Id { get; }

    /// <summary>Where its artifacts lie.</summary>
    public string ArtifactFolder { get; }

    public static SqliteRun Begin(MlflowDatabase database, TimeProvider time, RunStart start, string? parent)
    {
        if (!RunId().IsMatch(start.Id)) throw new ArgumentException($"'{start.Id}' is no id of a run: it has 32 lower-case hexadecimal digits.", nameof(start));
        var now = Milliseconds(start.At ?? time.GetUtcNow());
        var uri = database.Write(session =>
        {
            if (session.Rows("SELECT status, artifact_uri FROM runs WHERE run_uuid = $run", r => (Status: r.GetString(0), Uri: r.GetString(1)), ("$run", start.Id)) is [var there])
                return there.Status == "RUNNING" || start.TakesUp && TakenUp(session, start.Id, there.Status) ? there.Uri
                    : throw new InvalidOperationException($"Run {start.Id} in {database.File} has ended already ({there.Status}). Run ids are unique; give this one another.");
            var experiment = Experiment(session, database, start.Experiment, now);
            var place = $"{SqliteArtifacts.Location(database.File, experiment)}/{start.Id}/artifacts";
            session.Insert("INSERT", "runs",
                ["run_uuid", "name", "source_type", "source_name", "entry_point_name", "source_version", "user_id", "status", "start_time", "lifecycle_stage", "artifact_uri", "experiment_id"],
                [[start.Id, MlflowLimits.Text(start.Name, MlflowLimits.RunName), "LOCAL", "", "", "", start.User ?? "", "RUNNING", now, "active", place, experiment]]);
            SqliteRuns.SetTags(session, start.Id, MlflowTags.Of(start, parent));
            return place;
        });
        return new(database, time, start.Id, start.Experiment, SqliteArtifacts.Resolve(database.File, uri)
            ?? throw new MlflowException($"The artifacts of run {start.Id} lie at {uri}, which isn't on this machine. Give the run another id."));
    }

    public bool IsOf(MlflowDatabase database) => _database == database;

    public void Parameters(IEnumerable<KeyValuePair<string, string>> parameters) => _database.Write(session =>
    {
        var length = Math.Min(MlflowLimits.ParameterValue, session.Length("params", "value", MlflowLimits.ParameterValue));
        foreach (var (name, value) in parameters)
        {
            var (key, kept) = (MlflowLimits.Name(name), MlflowLimits.Text(value, length));
            if (session.One("SELECT value FROM params WHERE key = $key AND run_uuid = $run", ("$key", key), ("$run", Id)) is not string before)
                session.Insert("INSERT", "params", ["key", "value", "run_uuid"], [[key, kept, Id]]);
            else if (before != kept)
                throw new InvalidOperationException($"The setting '{key}' of run {Id} is '{before}' already and can't become '{kept}'. A setting is recorded once; record what changes as a metric or a tag.");
        }
        return true;
    });

    public void Metrics(IEnumerable<MetricPoint> points)
    {
        var now = _time.GetUtcNow();
        var rows = points.Select(p => new object?[]
        {
            MlflowLimits.Name(p.Name), double.IsNaN(p.Value) ? 0.0 : Math.Clamp(p.Value, -double.MaxValue, double.MaxValue), Milliseconds(p.At ?? now), Id, p.Step, double.IsNaN(p.Value) ? 1 : 0,
        }).ToList();
        string[] columns = ["key", "value", "timestamp", "run_uuid", "step", "is_nan"];
        _database.Write(session =>
        {
            session.Insert("INSERT OR IGNORE", "metrics", columns, rows);
            // MLflow's pages read only the latest point, which is the greatest by step, time and value, not the last one logged.
            session.Insert("INSERT", "latest_metrics", columns, rows,
                "ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value, timestamp = excluded.timestamp, step = excluded.step, is_nan = excluded.is_nan " +
                "WHERE (excluded.step, excluded.timestamp, excluded.value) > (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)");
            return true;
        });
    }

    public void Tags(IEnumerable<KeyValuePair<string, string>> tags) => _database.Write(session => { SqliteRuns.SetTags(session, Id, tags); return true; });

    public void Input(DatasetInput input)
    {
        MlflowDataset.Check(input);
        _database.Write(session =>
        {
            var experiment = session.One("SELECT experiment_id FROM runs WHERE run_uuid = $run", ("$run", Id))!;
            session.Insert("INSERT OR IGNORE", "datasets",
                ["dataset_uuid", "experiment_id", "name", "digest", "dataset_source_type", "dataset_source", "dataset_schema", "dataset_profile"],
                [[MlflowDataset.Id($"{experiment}", input.Name, input.Digest), experiment, input.Name, input.Digest, input.SourceType, input.Source, input.Schema, input.Profile]]);
            var dataset = (string)session.One("SELECT dataset_uuid FROM datasets WHERE experiment_id = $experiment AND name = $name AND digest = $digest",
                ("$experiment", experiment), ("$name", input.Name), ("$digest", input.Digest))!;
            session.Insert("INSERT OR IGNORE", "inputs", ["input_uuid", "source_type", "source_id", "destination_type", "destination_id"],
                [[MlflowDataset.Id(dataset, Id), "DATASET", dataset, "RUN", Id]]);
            var used = (string)session.One("SELECT input_uuid FROM inputs WHERE source_type = 'DATASET' AND source_id = $dataset AND destination_type = 'RUN' AND destination_id = $run",
                ("$dataset", dataset), ("$run", Id))!;
            session.Insert("INSERT OR REPLACE", "input_tags", ["input_uuid", "name", "value"], [[used, MlflowTags.DataContext, input.Context]]);
            return true;
        });
    }

    public void Artifact(string path, Stream content) => SqliteArtifacts.Write(_database.File, ArtifactFolder, path, content);

    public ITrackedRun Nested(RunStart start) => Begin(_database, _time, start with { Experiment = _experiment }, Id);

    public void End(RunStatus status, DateTimeOffset? at = null)
    {
        _database.Write(session => session.Do("UPDATE runs SET status = $status, end_time = $end WHERE run_uuid = $run",
            ("$status", status.ToString().ToUpperInvariant()), ("$end", status == RunStatus.Running ? null : Milliseconds(at ?? _time.GetUtcNow())), ("$run", Id)));
        _ended = true;
    }

    public void Dispose()
    {
        if (!_ended) End(RunStatus.Failed);
    }

    // What was sent of it is no longer all of it.
    private static bool TakenUp(MlflowSession session, string id, string status)
    {
        if (status is not ("KILLED" or "FAILED")) return false;
        session.Do("UPDATE runs SET status = 'RUNNING', end_time = NULL WHERE run_uuid = $run", ("$run", id));
        session.Do("DELETE FROM tags WHERE run_uuid = $run AND substr(key, 1, length($sent)) = $sent", ("$run", id), ("$sent", MlflowTags.SentTo));
        return true;
    }

    private static long Experiment(MlflowSession session, MlflowDatabase database, string name, long now)
    {
        if (session.Rows($"SELECT experiment_id, lifecycle_stage FROM experiments WHERE name = $name{session.Here("experiments")}", r => (Id: r.GetInt64(0), Stage: r.GetString(1)), ("$name", name)) is [var there])
            return there.Stage == "active" ? there.Id
                : throw new MlflowException($"The experiment '{name}' was deleted in {database.File}. Restore it in MLflow's pages or with 'mlflow experiments restore -x {there.Id}', and run again.");
        // MLflow counts on its experiment 0 and adds it where it is missing.
        if (session.One("SELECT 1 FROM experiments WHERE experiment_id = 0") is null) Add(0, "Default");
        var next = Convert.ToInt64(session.One("SELECT max(experiment_id) FROM experiments"), System.Globalization.CultureInfo.InvariantCulture) + 1;
        Add(next, name);
        return next;

        void Add(long id, string title) => session.Insert("INSERT", "experiments",
            ["experiment_id", "name", "artifact_location", "lifecycle_stage", "creation_time", "last_update_time"],
            [[id, title, SqliteArtifacts.Location(database.File, id), "active", now, now]]);
    }

    private static long Milliseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex RunId();
}
