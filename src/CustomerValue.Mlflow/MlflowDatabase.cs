using System.Globalization;
using Microsoft.Data.Sqlite;

namespace CustomerValue.Mlflow;

/// <summary>An MLflow database in a file: short transactions, each on a connection of its own, as MLflow's programs may write at the same time.</summary>
/// <remarks>Journal mode, foreign keys and the wait for a lock are MLflow's own. Statements name tables and columns and never look at the revision, so that they hold
/// in a file that a later MLflow has upgraded.</remarks>
internal sealed class MlflowDatabase(string file)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    // What can't be missing; columns that are only filled for MLflow's sake are left out where they are gone.
    private static readonly string[] s_needed =
    [
        "experiments experiment_id name artifact_location lifecycle_stage",
        "runs run_uuid name status start_time end_time lifecycle_stage artifact_uri experiment_id",
        "params key value run_uuid", "tags key value run_uuid",
        "metrics key value timestamp run_uuid step is_nan", "latest_metrics key value timestamp step is_nan run_uuid",
        "datasets dataset_uuid experiment_id name digest dataset_source_type dataset_source dataset_schema dataset_profile",
        "inputs input_uuid source_type source_id destination_type destination_id", "input_tags input_uuid name value",
        "registered_models name", "registered_model_aliases name alias version",
        "model_versions name version creation_time current_stage source run_id status", "model_version_tags key value name version",
    ];

    private Dictionary<string, Dictionary<string, string>>? _tables;

    /// <summary>The file's full path.</summary>
    public string File { get; } = Path.GetFullPath(file);

    /// <summary>Makes the file with MLflow's tables where there is none.</summary>
    public void Create() => Guarded(() =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        using var connection = Connect(SqliteOpenMode.ReadWriteCreate);
        using var transaction = connection.BeginTransaction();
        var session = new MlflowSession(connection, []);
        if ((long)session.One("SELECT count(*) FROM sqlite_master")! > 0) return true;
        using var reader = new StreamReader(typeof(MlflowDatabase).Assembly.GetManifestResourceStream("schema.sql")!);
        session.Do(reader.ReadToEnd());
        transaction.Commit();
        return true;
    });

    /// <summary>Reads, in one transaction.</summary>
    public T Read<T>(Func<MlflowSession, T> work) => Guarded(() =>
    {
        if (!System.IO.File.Exists(File))
            throw new MlflowException($"There are no runs yet: {File} doesn't exist. An experiment makes it; or name another with MLFLOW_TRACKING_URI=sqlite:///FILE.");
        // Not opened for reading alone: after a writer was killed, the next one to open the file takes back what it left half done.
        using var connection = Connect(SqliteOpenMode.ReadWrite);
        using var transaction = connection.BeginTransaction(deferred: true);
        return work(new(connection, Tables(connection)));
    });

    /// <summary>Writes, in one transaction that holds the file from its beginning: all of it is kept, or nothing.</summary>
    public T Write<T>(Func<MlflowSession, T> work) => Guarded(() =>
    {
        using var connection = Connect(SqliteOpenMode.ReadWrite);
        using var transaction = connection.BeginTransaction(deferred: false);
        var result = work(new(connection, Tables(connection)));
        transaction.Commit();
        return result;
    });

    private SqliteConnection Connect(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = File, Mode = mode, ForeignKeys = true, Pooling = false, DefaultTimeout = (int)s_patience.TotalSeconds,
        }.ToString());
        connection.Open();
        // SQLite's own wait looks again within milliseconds; the provider's, in steps of 150.
        new MlflowSession(connection, []).Do(string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {s_patience.TotalMilliseconds:0}"));
        return connection;
    }

    private Dictionary<string, Dictionary<string, string>> Tables(SqliteConnection connection)
    {
        if (_tables is not null) return _tables;
        var session = new MlflowSession(connection, []);
        var tables = session.Rows("SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'",
                r => (Table: r.GetString(0), Column: r.GetString(1), Type: r.GetString(2)))
            .GroupBy(r => r.Table, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToDictionary(r => r.Column, r => r.Type, StringComparer.Ordinal), StringComparer.Ordinal);
        var missing = (
            from line in s_needed
            let words = line.Split(' ')
            from column in words.Skip(1)
            where !tables.TryGetValue(words[0], out var there) || !there.ContainsKey(column)
            select tables.ContainsKey(words[0]) ? $"column {words[0]}.{column}" : $"table {words[0]}").Distinct().ToList();
        if (missing.Count > 0)
        {
            var revision = tables.ContainsKey("alembic_version") ? $"MLflow's revision {session.One("SELECT version_num FROM alembic_version")}" : "no database of MLflow's";
            throw new MlflowException($"{File} is {revision} and lacks what runs are written into: {string.Join(", ", missing)}. It is left as it is; " +
                "write to another file (MLFLOW_TRACKING_URI=sqlite:///FILE), which is made with the tables that every MLflow since 2.8 opens.");
        }
        return _tables = tables;
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException error)
        {
            var (why, transient) = error.SqliteErrorCode switch
            {
                5 or 6 => (string.Create(CultureInfo.InvariantCulture, $"another program has kept it locked for {s_patience.TotalSeconds:0} s. Try again when that has ended"), true),
                8 => ("it can't be written. Check the rights on the file and its folder", false),
                11 => ("its contents are damaged. Copy the file away and let a new one be made, or take a copy from before", false),
                13 => ("the disk is full. Make room; what was written before is kept", false),
                14 => ("it can't be opened. Check that its folder exists and may be written", false),
                26 => ("it isn't an SQLite database. Name another file", false),
                _ => ($"SQLite says: {error.Message}", false),
            };
            throw new MlflowException($"{File}: {why}.", error) { IsTransient = transient };
        }
    }
}
