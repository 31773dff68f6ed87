using CustomerValue.Tracking;

namespace CustomerValue.Mlflow;

/// <summary>Reads runs from a file, and sets their tags.</summary>
internal static class SqliteRuns
{
    public static void SetTags(MlflowSession session, string run, IEnumerable<KeyValuePair<string, string>> tags)
    {
        var length = session.Length("tags", "value", MlflowLimits.TagValue);
        session.Insert("INSERT OR REPLACE", "tags", ["key", "value", "run_uuid"], tags.Select(t => new object?[] { MlflowLimits.Name(t.Key), MlflowLimits.Text(t.Value, length), run }));
    }

    public static List<RunSummary> Summaries(MlflowSession session, string where, params (string, object?)[] values) => session.Rows(
        $"""
        SELECT r.run_uuid, e.name, r.name, r.status, r.start_time, r.end_time, parent.value
        FROM runs r JOIN experiments e ON e.experiment_id = r.experiment_id LEFT JOIN tags parent ON parent.run_uuid = r.run_uuid AND parent.key = '{MlflowTags.Parent}'
        WHERE r.lifecycle_stage = 'active' AND {where}
        ORDER BY r.start_time DESC, r.rowid DESC
        """,
        r => new RunSummary(r.GetString(0), r.GetString(1), Text(r, 2), Status(Text(r, 3)), Time(r, 4) ?? DateTimeOffset.UnixEpoch, Time(r, 5), r.IsDBNull(6) ? null : r.GetString(6)), values);

    /// <summary>A run with those inside it; null where there is none. Runs that name one another as parent are followed only so deep.</summary>
    public static StoredRun? Read(MlflowSession session, string id, MlflowDatabase database, int depth = 5)
    {
        if (Summaries(session, "r.run_uuid = $run", ("$run", id)) is not [var summary]) return null;
        var nested = depth == 0 ? [] : Summaries(session, "parent.value = $run", ("$run", id));
        nested.Reverse();
        return new(summary, (long)session.One("SELECT experiment_id FROM runs WHERE run_uuid = $run", ("$run", id))!,
            Pairs(session.Rows("SELECT key, value FROM params WHERE run_uuid = $run", r => (r.GetString(0), Text(r, 1)), ("$run", id))),
            Pairs(session.Rows("SELECT key, value, is_nan FROM latest_metrics WHERE run_uuid = $run", r => (r.GetString(0), Value(r.GetDouble(1), r.GetBoolean(2))), ("$run", id))),
            Pairs(session.Rows("SELECT key, value FROM tags WHERE run_uuid = $run", r => (r.GetString(0), Text(r, 1)), ("$run", id))),
            Inputs(session, id), ArtifactPath.Under(ArtifactFolder(session, id, database)),
            [.. nested.Select(n => Read(session, n.Id, database, depth - 1)!)]);
    }

    public static List<MetricPoint> Points(MlflowSession session, string id) => session.Rows(
        "SELECT key, value, is_nan, step, timestamp FROM metrics WHERE run_uuid = $run ORDER BY key, step, timestamp, value",
        r => new MetricPoint(r.GetString(0), Value(r.GetDouble(1), r.GetBoolean(2)), r.GetInt64(3), DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(4))), ("$run", id));

    public static string ArtifactFolder(MlflowSession session, string id, MlflowDatabase database) =>
        session.One("SELECT artifact_uri FROM runs WHERE run_uuid = $run", ("$run", id)) is string uri && SqliteArtifacts.Resolve(database.File, uri) is { } folder ? folder : "";

    private static List<DatasetInput> Inputs(MlflowSession session, string id) => session.Rows(
        $"""
        SELECT d.name, d.digest, t.value, d.dataset_source_type, d.dataset_source, d.dataset_schema, d.dataset_profile
        FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = '{MlflowTags.DataContext}'
        WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id = $run
        ORDER BY i.rowid
        """,
        r => new DatasetInput(r.GetString(0), r.GetString(1), Text(r, 2)) { SourceType = r.GetString(3), Source = r.GetString(4), Schema = r.IsDBNull(5) ? null : r.GetString(5), Profile = r.IsDBNull(6) ? null : r.GetString(6) },
        ("$run", id));

    // The largest finite numbers stand for the infinities.
    private static double Value(double value, bool isNan) => isNan ? double.NaN : value >= double.MaxValue ? double.PositiveInfinity : value <= -double.MaxValue ? double.NegativeInfinity : value;

    private static RunStatus Status(string status) => Enum.TryParse<RunStatus>(status, ignoreCase: true, out var known) ? known : RunStatus.Running;

    private static string Text(Microsoft.Data.Sqlite.SqliteDataReader row, int column) => row.IsDBNull(column) ? "" : row.GetString(column);

    private static DateTimeOffset? Time(Microsoft.Data.Sqlite.SqliteDataReader row, int column) => row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static SortedDictionary<string, T> Pairs<T>(List<(string Key, T Value)> rows) => new(rows.ToDictionary(r => r.Key, r => r.Value), StringComparer.Ordinal);
}
