using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;

namespace CustomerValue.DuckDb;

/// <summary>The Parquet files that make up a warehouse at one moment.</summary>
/// <param name="Folder">The warehouse's folder.</param>
/// <param name="Files">Every file, in order of table, partition and path.</param>
internal sealed record WarehouseListing(string Folder, IReadOnlyList<PartitionFile> Files)
{
    /// <summary>Reads the list of files; a Parquet file that isn't listed doesn't exist.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no warehouse in the folder.</exception>
    public static WarehouseListing Read(string folder)
    {
        var database = Path.Combine(folder, "warehouse.duckdb");
        if (!File.Exists(database))
            throw new DirectoryNotFoundException($"There is no warehouse in {folder}: it has no warehouse.duckdb. Make one with: customervalue ingest --warehouse {folder} …");
        using var connection = new DuckDBConnection($"Data Source={database};ACCESS_MODE=READ_ONLY");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT table_name, partition, path, rows FROM files ORDER BY ALL";
        using var reader = command.ExecuteReader();
        var files = new List<PartitionFile>();
        while (reader.Read())
            files.Add(new(reader.GetString(0), reader.GetInt32(1), Path.Combine(folder, reader.GetString(2)), reader.GetInt64(3)));
        return new(folder, files);
    }

    /// <summary>A hash of which files there are; a load that adds or removes one changes it.</summary>
    public string Fingerprint
    {
        get
        {
            var lines = Files.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Table}\t{f.Partition}\t{Path.GetRelativePath(Folder, f.Path)}\t{f.Rows}"));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..16];
        }
    }

    /// <summary>Neighbouring partitions put together until they hold <paramref name="recordsPerUnit"/> records of the tables that are read.</summary>
    public IReadOnlyList<IReadOnlyList<PartitionFile>> Units(long recordsPerUnit)
    {
        var units = new List<IReadOnlyList<PartitionFile>>();
        var unit = new List<PartitionFile>();
        foreach (var partition in Files.Where(f => SourceTable.Names.Contains(f.Table)).GroupBy(f => f.Partition).OrderBy(p => p.Key))
        {
            unit.AddRange(partition);
            if (unit.Sum(f => f.Rows) < recordsPerUnit) continue;
            units.Add(unit);
            unit = [];
        }
        if (unit.Count > 0) units.Add(unit);
        return units;
    }
}
