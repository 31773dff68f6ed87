using System.Globalization;
using CustomerValue.Tracking;

namespace CustomerValue.Mlflow;

/// <summary>Registered models in a file.</summary>
/// <remarks>After an upgrade the registry's keys have a workspace in front, so nothing here names a conflict target: update, and insert where nothing was updated.</remarks>
internal static class SqliteRegistry
{
    // MLflow keeps a deleted version as a row, for its number.
    private const string Deleted = "Deleted_Internal";

    public static ModelVersion Register(MlflowDatabase database, TimeProvider time, SqliteRun run, string name, string folder, string description, IReadOnlyDictionary<string, string> tags)
    {
        var path = MlflowModel.Path(name);
        foreach (var file in MlflowModel.Files(folder))
        {
            using var content = File.OpenRead(Path.Combine(folder, file));
            run.Artifact($"{path}/{file}", content);
        }
        return database.Write(session =>
        {
            var now = time.GetUtcNow();
            var source = $"{session.One("SELECT artifact_uri FROM runs WHERE run_uuid = $run", ("$run", run.Id))}/{path}";
            if (Versions(session, "v.run_id = $run AND v.source = $source", ("$run", run.Id), ("$source", source)) is [var there]) return there;

            if (session.Do($"UPDATE registered_models SET last_updated_time = $now WHERE name = $name{session.Here("registered_models")}", ("$now", now.ToUnixTimeMilliseconds()), ("$name", name)) == 0)
                session.Insert("INSERT", "registered_models", ["name", "creation_time", "last_updated_time", "description"], [[name, now.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), ""]]);
            var version = Convert.ToInt32(session.One($"SELECT coalesce(max(version), 0) FROM model_versions WHERE name = $name{session.Here("model_versions")}", ("$name", name)), CultureInfo.InvariantCulture) + 1;
            session.Insert("INSERT", "model_versions",
                ["name", "version", "creation_time", "last_updated_time", "description", "user_id", "current_stage", "source", "run_id", "status", "storage_location"],
                [[name, version, now.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), MlflowLimits.Text(description, MlflowLimits.Description), "", "None", source, run.Id, "READY", source]]);
            SetTags(session, name, version, tags);
            var history = (string?)session.One($"SELECT value FROM tags WHERE key = '{MlflowTags.ModelHistory}' AND run_uuid = $run", ("$run", run.Id));
            if (ModelHistory.With(history, run.Id, path, folder, now) is { } longer && longer != history) SqliteRuns.SetTags(session, run.Id, [new(MlflowTags.ModelHistory, longer)]);
            return Versions(session, "v.name = $name AND v.version = $version" + session.Here("v", "model_versions"), ("$name", name), ("$version", version)).Single();
        });
    }

    public static void Promote(MlflowDatabase database, TimeProvider time, string name, int version) => database.Write(session =>
    {
        var versions = Versions(session, "v.name = $name" + session.Here("v", "model_versions"), ("$name", name));
        if (versions.All(v => v.Version != version))
            throw new ArgumentException($"There is no version {version} of '{name}' in {database.File}. There are: {string.Join(", ", versions.Select(v => v.Version))}.", nameof(version));
        var former = versions.SingleOrDefault(v => v.Aliases.Contains(IModelRegistry.Champion));
        if (former?.Version == version) return true;
        var now = MlflowModel.When(time.GetUtcNow());
        if (former is not null)
        {
            SetTags(session, name, former.Version, new Dictionary<string, string> { [MlflowModel.ChampionUntil] = now });
            SetAlias(session, name, IModelRegistry.FormerChampion, former.Version);
        }
        SetTags(session, name, version, new Dictionary<string, string> { [MlflowModel.ChampionSince] = now });
        SetAlias(session, name, IModelRegistry.Champion, version);
        return true;
    });

    /// <summary>The versions that meet a condition on the table <c>v</c>, by name and number.</summary>
    public static List<ModelVersion> Versions(MlflowSession session, string where, params (string, object?)[] values) =>
    [
        .. session.Rows(
            $"SELECT v.name, v.version, v.run_id, v.source, v.description, v.creation_time FROM model_versions v WHERE coalesce(v.current_stage, '') <> '{Deleted}' AND {where} ORDER BY v.name, v.version",
            r => new ModelVersion(r.GetString(0), r.GetInt32(1), Text(r, 2), Text(r, 3), Text(r, 4), DateTimeOffset.FromUnixTimeMilliseconds(r.IsDBNull(5) ? 0 : r.GetInt64(5)), new Dictionary<string, string>(), []),
            values)
        .Select(version => version with
        {
            Tags = new SortedDictionary<string, string>(session.Rows($"SELECT key, value FROM model_version_tags WHERE name = $name AND version = $version{session.Here("model_version_tags")}",
                r => (Key: r.GetString(0), Value: Text(r, 1)), ("$name", version.Name), ("$version", version.Version)).ToDictionary(t => t.Key, t => t.Value), StringComparer.Ordinal),
            Aliases = session.Rows($"SELECT alias FROM registered_model_aliases WHERE name = $name AND version = $version{session.Here("registered_model_aliases")} ORDER BY alias",
                r => r.GetString(0), ("$name", version.Name), ("$version", version.Version)),
        }),
    ];

    private static void SetTags(MlflowSession session, string name, int version, IReadOnlyDictionary<string, string> tags)
    {
        var length = session.Length("model_version_tags", "value", 5000);
        foreach (var (key, value) in tags)
            if (session.Do($"UPDATE model_version_tags SET value = $value WHERE key = $key AND name = $name AND version = $version{session.Here("model_version_tags")}",
                    ("$value", MlflowLimits.Text(value, length)), ("$key", MlflowLimits.Name(key)), ("$name", name), ("$version", version)) == 0)
                session.Insert("INSERT", "model_version_tags", ["key", "value", "name", "version"], [[MlflowLimits.Name(key), MlflowLimits.Text(value, length), name, version]]);
    }

    private static void SetAlias(MlflowSession session, string name, string alias, int version)
    {
        if (session.Do($"UPDATE registered_model_aliases SET version = $version WHERE name = $name AND alias = $alias{session.Here("registered_model_aliases")}",
                ("$version", version), ("$name", name), ("$alias", alias)) == 0)
            session.Insert("INSERT", "registered_model_aliases", ["name", "alias", "version"], [[name, alias, version]]);
    }

    private static string Text(Microsoft.Data.Sqlite.SqliteDataReader row, int column) => row.IsDBNull(column) ? "" : row.GetString(column);
}
