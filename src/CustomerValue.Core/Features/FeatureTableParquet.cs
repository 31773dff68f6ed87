using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace CustomerValue.Features;

/// <summary>Feature tables as Parquet: customer_id, then one DOUBLE column a feature. Cutoff and catalogue stand in the file's metadata,
/// so that reading gives back the same table, bit for bit.</summary>
public static class FeatureTableParquet
{
    private const string Id = "customer_id", Cutoff = "customervalue.cutoff", Catalogue = "customervalue.features";
    private const int RowsPerGroup = 131_072;

    /// <summary>Writes <paramref name="table"/>; the file appears when it is complete.</summary>
    public static void Write(FeatureTable table, string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var unfinished = path + ".tmp";
        WriteAsync(table, unfinished).GetAwaiter().GetResult();
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is no feature table.</exception>
    public static FeatureTable Read(string path) => ReadAsync(path).GetAwaiter().GetResult();

    private static async Task WriteAsync(FeatureTable table, string path)
    {
        var id = new DataField<string>(Id, nullable: false);
        var fields = table.Features.Select(f => new DataField<double>(f.Name)).ToArray();
        await using var stream = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema([id, .. fields]), stream).ConfigureAwait(false);
        writer.CustomMetadata = new Dictionary<string, string>
        {
            [Cutoff] = table.Cutoff.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            [Catalogue] = JsonSerializer.Serialize(table.Features),
        };
        for (var start = 0; start == 0 || start < table.Rows; start += RowsPerGroup)
        {
            var rows = Math.Min(RowsPerGroup, table.Rows - start);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(id, [.. table.CustomerIds.Skip(start).Take(rows)]).ConfigureAwait(false);
            for (var c = 0; c < fields.Length; c++)
                await group.WriteAsync<double>(fields[c], table.Columns[c].AsMemory(start, rows)).ConfigureAwait(false);
        }
    }

    private static async Task<FeatureTable> ReadAsync(string path)
    {
        await using var reader = await ParquetReader.CreateAsync(path).ConfigureAwait(false);
        if (!reader.CustomMetadata.TryGetValue(Cutoff, out var cutoff) || !reader.CustomMetadata.TryGetValue(Catalogue, out var catalogue))
            throw new InvalidDataException(
                $"{path} is a Parquet file, but no feature table: it doesn't carry a cutoff and a catalogue. Write one with: customervalue features --out {path} …");

        var features = JsonSerializer.Deserialize<FeatureInfo[]>(catalogue) ?? [];
        var fields = reader.Schema.DataFields;
        var total = (int)reader.RowGroups.Sum(g => g.RowCount);
        var ids = new string?[total];
        var columns = features.Select(_ => new double[total]).ToArray();
        var start = 0;
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            var rows = (int)group.RowCount;
            if (rows == 0) continue;
            await group.ReadAsync(fields[0], ids.AsMemory(start, rows)).ConfigureAwait(false);
            for (var c = 0; c < columns.Length; c++)
                await group.ReadAsync<double>(fields[c + 1], columns[c].AsMemory(start, rows)).ConfigureAwait(false);
            start += rows;
        }
        return new(DateOnly.ParseExact(cutoff, "yyyy-MM-dd", CultureInfo.InvariantCulture), [.. ids.Select(id => id ?? "")], features, columns);
    }
}
