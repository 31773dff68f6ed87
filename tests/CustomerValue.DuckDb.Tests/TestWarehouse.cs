using System.Globalization;
using CustomerValue.DuckDb;
using CustomerValue.Testing;
using DuckDB.NET.Data;

namespace CustomerValue.Tests;

/// <summary>A warehouse written from tables that a script makes, in a folder of its own that is removed afterwards.</summary>
internal sealed class TestWarehouse : IDisposable
{
    private static readonly string[] s_tables = ["purchases", "browsing_events", "reviews", "dialogue_turns", "campaign_contacts"];
    private readonly TemporaryFolder _folder = new();

    /// <param name="script">SQL that creates some of the five tables, in the layout of the warehouse.</param>
    /// <param name="partitions">Hash partitions.</param>
    /// <param name="loads">Files that each partition of a table is spread over.</param>
    public TestWarehouse(string script, int partitions = 4, int loads = 1)
    {
        Warehouse.OpenOrCreate(_folder.Path, new() { Partitions = partitions });
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        Query.Run(connection, script);
        Query.Run(connection, $"ATTACH '{_folder.Path}/warehouse.duckdb' AS warehouse");
        foreach (var table in s_tables)
        {
            if (Count(connection, $"SELECT count(*) FROM duckdb_tables() WHERE table_name = '{table}'") == 0) continue;
            for (var part = 0; part < partitions; part++)
                for (var load = 0; load < loads; load++)
                    Write(connection, table, part, partitions, load, loads);
        }
    }

    public Warehouse Open() => Warehouse.Open(_folder.Path);

    public void Dispose() => _folder.Dispose();

    private void Write(DuckDBConnection connection, string table, int part, int partitions, int load, int loads)
    {
        var mine = string.Create(CultureInfo.InvariantCulture, $"FROM {table} WHERE hash(customer_id) % {partitions} = {part} AND hash({table}) % {loads} = {load}");
        var rows = Count(connection, $"SELECT count(*) {mine}");
        if (rows == 0) return;
        var path = string.Create(CultureInfo.InvariantCulture, $"{table}/part-{part:000}/load-{load}.parquet");
        Directory.CreateDirectory(_folder.In(Path.GetDirectoryName(path)!));
        Query.Run(connection, $"COPY ({mine}) TO '{_folder.Path}/{path}' (FORMAT parquet)");
        Query.Run(connection, string.Create(CultureInfo.InvariantCulture,
            $"INSERT INTO warehouse.files SELECT '{table}', {part}, '{path}', {rows}, 'load-{load}', CAST(sum(hash({table})) AS VARCHAR), bit_xor(hash({table})) {mine}"));
    }

    private static long Count(DuckDBConnection connection, string sql) => Query.Rows(connection, sql, r => r.GetInt64(0))[0];
}
