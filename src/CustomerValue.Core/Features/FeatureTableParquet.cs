using System.Globalization;
using System.Text.Json;

namespace CustomerValue.Features;

/// <summary>Feature tables as Parquet: customer_id, then one DOUBLE column a feature. Cutoff and catalogue stand in the file's metadata,
/// cutoffs of customers' own, where there are any, in a column own_cutoff (days since 0001-01-01), so that reading gives back the same table, bit for bit.</summary>
public static class FeatureTableParquet
{
    private const string Id = "customer_id", Own = "own_cutoff", Cutoff = "customervalue.cutoff", Catalogue = "customervalue.features";

    /// <summary>Writes <paramref name="table"/>; the file appears when it is complete.</summary>
    public static void Write(FeatureTable table, string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var columns = new ParquetColumns().Add(Id, table.CustomerIds.ToArray());
        if (table.OwnCutoffs is { } own) columns.Add(Own, own.Select(day => day.DayNumber).ToArray());
        for (var c = 0; c < table.Columns.Count; c++) columns.Add(table.Features[c].Name, table.Columns[c]);
        columns.Facts[Cutoff] = table.Cutoff.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        columns.Facts[Catalogue] = JsonSerializer.Serialize(table.Features);
        columns.Write(path);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no feature table.</exception>
    public static FeatureTable Read(string path)
    {
        var columns = ParquetColumns.Read(path);
        if (!columns.Facts.TryGetValue(Cutoff, out var cutoff) || !columns.Facts.TryGetValue(Catalogue, out var catalogue))
            throw new InvalidDataException(
                $"{path} is a Parquet file, but no feature table: it doesn't carry a cutoff and a catalogue. Write one with: customervalue features --out {path} …");
        var features = JsonSerializer.Deserialize<FeatureInfo[]>(catalogue) ?? [];
        return new(DateOnly.ParseExact(cutoff, "yyyy-MM-dd", CultureInfo.InvariantCulture), columns.Column<string>(Id), features,
            [.. features.Select(f => columns.Column<double>(f.Name))],
            columns.NamesOf<int>().Contains(Own) ? [.. columns.Column<int>(Own).Select(DateOnly.FromDayNumber)] : null);
    }
}
