using System.Globalization;
using CustomerValue.DuckDb;
using DuckDB.NET.Data;

namespace CustomerValue.Cli.Bench;

/// <summary>A warehouse of made-up purchases, large enough to time features on: two years, twenty order lines a customer on average (2.5 an order),
/// few customers with many orders and many with few, one order in thirty a return. Hashes of row numbers stand in for chance, so it is always the same.</summary>
internal static class SyntheticWarehouse
{
    private const int Partitions = 16, LinesPerCustomer = 20;
    private const double LinesPerOrder = 2.5;

    /// <summary>Writes the warehouse, laid out as a load would: by partition, in order of customer and time.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="lines">About how many order lines.</param>
    /// <param name="cancellation">Stops between partitions.</param>
    public static Warehouse Write(string folder, long lines, CancellationToken cancellation)
    {
        Warehouse.OpenOrCreate(folder, new() { Partitions = Partitions });
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        Run(connection, $"SET memory_limit = '1GB'; SET temp_directory = '{folder}/spill'; ATTACH '{folder}/warehouse.duckdb' AS warehouse");
        Directory.CreateDirectory(Path.Combine(folder, "purchases"));
        for (var partition = 0; partition < Partitions; partition++)
        {
            cancellation.ThrowIfCancellationRequested();
            var path = string.Create(CultureInfo.InvariantCulture, $"purchases/part-{partition:000}.parquet");
            var (customers, orders) = (lines / LinesPerCustomer / Partitions, (long)(lines / LinesPerOrder / Partitions));
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"""
                CREATE OR REPLACE MACRO u(i, k) AS (hash(i * 64 + k + {partition} * 1000003) % 1000003) / 1000003.0;
                CREATE OR REPLACE TABLE placed AS
                SELECT i * {Partitions} + {partition} AS number, CAST(floor({customers} * pow(u(i, 1), 1.5)) AS BIGINT) * {Partitions} + {partition} AS customer,
                       TIMESTAMP '2024-01-01' + to_seconds(CAST(u(i, 2) * 730 * 86400 AS BIGINT)) AS placed_at, u(i, 3) < 0.033 AS is_return, 1 + hash(i * 3 + 9) % 4 AS lines
                FROM range({orders}) t(i);
                COPY (
                    SELECT md5(CAST(customer AS VARCHAR)) AS customer_id, 'o' || number AS order_id, placed_at AS purchased_at,
                           'p' || CAST(floor(5000 * pow(u(number * 8 + l, 4), 2)) AS INTEGER) AS product_id, 'a product' AS description,
                           'k' || CAST(floor(5000 * pow(u(number * 8 + l, 4), 2)) AS INTEGER) % 40 AS category,
                           CAST(CASE WHEN is_return THEN -1 ELSE 1 END * (1 + CAST(hash(number + l * 3) % 4 AS INTEGER)) AS DECIMAL(18,3)) AS quantity,
                           CAST(1 + (hash(number * 5 + l) % 4000) / 100.0 AS DECIMAL(18,4)) AS unit_price,
                           CAST(CAST(quantity AS DECIMAL(9,3)) * CAST(unit_price AS DECIMAL(9,4)) AS DECIMAL(18,4)) AS amount, 'GBP' AS currency, is_return
                    FROM placed, range(1, 5) s(l) WHERE l <= lines
                    ORDER BY customer_id, purchased_at, order_id)
                TO '{folder}/{path}' (FORMAT parquet);
                INSERT INTO warehouse.files SELECT 'purchases', {partition}, '{path}', sum(lines), 'synthetic', CAST(sum(hash(placed)) AS VARCHAR), bit_xor(hash(placed)) FROM placed
                """));
        }
        return Warehouse.Open(folder);
    }

    private static void Run(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
