using System.Globalization;
using DuckDB.NET.Data;

namespace CustomerValue.Tests;

/// <summary>A warehouse written from tables that a script makes, in a folder of its own that is removed afterwards.</summary>
internal sealed class TestWarehouse : IDisposable
{
    private static readonly string[] s_tables = ["purchases", "browsing_events", "reviews", "dialogue_turns", "campaign_contacts"];

    /// <param name="script">SQL that creates some of the five tables, in the layout of the warehouse.</param>
    /// <param name="partitions">Hash partitions.</param>
    public TestWarehouse(string script, int partitions = 4)
    {
        Folder = Directory.CreateTempSubdirectory("customervalue-").FullName;
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        Run(connection, script);
        Run(connection, $"ATTACH '{Folder}/warehouse.duckdb' AS warehouse; CREATE TABLE warehouse.files(table_name VARCHAR, partition INTEGER, path VARCHAR, rows BIGINT, load_id VARCHAR)");
        foreach (var table in s_tables)
        {
            if (Scalar(connection, $"SELECT count(*) FROM duckdb_tables() WHERE table_name = '{table}'") == 0) continue;
            for (var part = 0; part < partitions; part++)
            {
                var mine = string.Create(CultureInfo.InvariantCulture, $"FROM {table} WHERE hash(customer_id) % {partitions} = {part}");
                var rows = Scalar(connection, $"SELECT count(*) {mine}");
                if (rows == 0) continue;
                var path = string.Create(CultureInfo.InvariantCulture, $"{table}/part-{part:000}/load-1.parquet");
                Directory.CreateDirectory(Path.Combine(Folder, Path.GetDirectoryName(path)!));
                Run(connection, $"COPY ({mine}) TO '{Folder}/{path}' (FORMAT parquet)");
                Run(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO warehouse.files VALUES ('{table}', {part}, '{path}', {rows}, 'load-1')"));
            }
        }
    }

    public string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Run(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Scalar(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
