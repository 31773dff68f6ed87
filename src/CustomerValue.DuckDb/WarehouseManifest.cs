using System.Globalization;
using System.Text.Json;
using CustomerValue.Ingestion;
using DuckDB.NET.Data;

namespace CustomerValue.DuckDb;

/// <summary>What stands in warehouse.duckdb: the files that exist, the loads done, and what was fixed when the warehouse was made. Opened for moments only.</summary>
internal sealed record WarehouseManifest(int Partitions, string? Pseudonyms, IReadOnlyList<WarehouseFile> Files)
{
    public const string FileName = "warehouse.duckdb";
    private const string Schema = "1";
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Writes the manifest of an empty warehouse: complete, or not at all.</summary>
    public static void Create(string folder, int partitions)
    {
        var (path, temporary) = (Path.Combine(folder, FileName), Path.Combine(folder, FileName + ".new"));
        foreach (var leftover in new[] { temporary, temporary + ".wal" }) File.Delete(leftover);
        using (var connection = Connect(temporary, readOnly: false))
        {
            connection.Run("CREATE TABLE meta(key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)");
            connection.Run("CREATE TABLE loads(load_id VARCHAR PRIMARY KEY, number INTEGER NOT NULL, dataset VARCHAR NOT NULL, data_fingerprint VARCHAR NOT NULL, report VARCHAR NOT NULL)");
            connection.Run("CREATE TABLE files(table_name VARCHAR NOT NULL, partition INTEGER NOT NULL, path VARCHAR PRIMARY KEY, rows BIGINT NOT NULL, load_id VARCHAR NOT NULL, hash_sum VARCHAR NOT NULL, hash_xor UBIGINT NOT NULL)");
            connection.Run("INSERT INTO meta VALUES ('schema', $1), ('partitions', $2)", Schema, partitions.ToString(CultureInfo.InvariantCulture));
        }
        File.Move(temporary, path);
    }

    /// <summary>Reads the manifest.</summary>
    /// <exception cref="WarehouseException">There is none, or it isn't one this version reads.</exception>
    public static WarehouseManifest Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw new WarehouseException($"{folder} is no warehouse: it holds no {FileName}. Load records first: customervalue ingest --data FOLDER --warehouse {folder}");
        using var connection = Connect(path, readOnly: true);
        Dictionary<string, string> meta;
        try
        {
            meta = connection.Rows("SELECT key, value FROM meta", r => (r.GetString(0), r.GetString(1))).ToDictionary(r => r.Item1, r => r.Item2);
        }
        catch (DuckDBException error)
        {
            throw new WarehouseException($"{path} isn't a warehouse's list of files: {error.Message} Move it away and load the records again.", error);
        }
        if (meta.GetValueOrDefault("schema") is var schema && schema != Schema)
            throw new WarehouseException($"{path} has schema '{schema}'; this version reads schema {Schema}. Make a new warehouse and load the records again.");
        var files = connection.Rows("SELECT table_name, partition, path, rows, load_id, hash_sum, hash_xor FROM files ORDER BY table_name, partition, path",
            r => new WarehouseFile(WarehouseTable.Kind(r.GetString(0)), r.GetInt32(1), r.GetString(2), r.GetInt64(3), r.GetString(4), r.GetString(5), (ulong)r.GetValue(6)));
        return new(int.Parse(meta["partitions"], CultureInfo.InvariantCulture), meta.GetValueOrDefault("pseudonyms"), files);
    }

    /// <summary>The report of a load; null when there was none of that name.</summary>
    public static IngestReport? ReportOf(string folder, string loadId)
    {
        using var connection = Connect(Path.Combine(folder, FileName), readOnly: true);
        var found = connection.Rows("SELECT report FROM loads WHERE load_id = $1", r => r.GetString(0), loadId);
        return found.Count == 0 ? null : JsonSerializer.Deserialize<IngestReport>(found[0], s_json);
    }

    /// <summary>Adds a load and its files, in one transaction: the moment at which they come to exist.</summary>
    public static void Commit(string folder, IngestReport report, string pseudonyms, IReadOnlyList<WarehouseFile> files)
    {
        using var connection = Connect(Path.Combine(folder, FileName), readOnly: false);
        using var transaction = connection.BeginTransaction();
        connection.Run("INSERT INTO meta VALUES ('pseudonyms', $1) ON CONFLICT DO NOTHING", pseudonyms);
        connection.Run("INSERT INTO loads SELECT $1, 1 + (SELECT count(*) FROM loads), $2, $3, $4", report.LoadId, report.Dataset, report.DataFingerprint, JsonSerializer.Serialize(report, s_json));
        foreach (var file in files)
            connection.Run("INSERT INTO files VALUES ($1, $2, $3, $4, $5, $6, $7)", WarehouseTable.Of(file.Table).Name, file.Partition, file.Path, file.Rows, file.LoadId, file.HashSum, file.HashXor);
        transaction.Commit();
    }

    private static DuckDBConnection Connect(string path, bool readOnly)
    {
        for (var attempt = 1; ; attempt++)
        {
            var connection = new DuckDBConnection($"DataSource={path};ACCESS_MODE={(readOnly ? "READ_ONLY" : "READ_WRITE")};threads=1");
            try
            {
                connection.Open();
                return connection;
            }
            catch (DuckDBException error)
            {
                connection.Dispose();
                if (!error.Message.Contains("lock", StringComparison.OrdinalIgnoreCase)) throw new WarehouseException($"{path} can't be opened: {error.Message}", error);
                if (attempt == 50) throw new WarehouseException($"{path} is held open by another program: {error.Message} Close it and try again.", error);
                Thread.Sleep(100);          // a commit of another process takes a moment
            }
        }
    }
}
