using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CustomerValue.Ingestion;

namespace CustomerValue.Text;

/// <summary>Texts out of a file: one a line (.txt), or a column of a table with a header (.csv, .tsv) or of JSON lines (.jsonl); each may be gzipped (.gz); or a column of a .parquet file.</summary>
public static class TextColumn
{
    /// <summary>Reads the texts one by one.</summary>
    /// <param name="path">The file, in UTF-8; its ending says what it is.</param>
    /// <param name="column">The column that holds the texts; null only for files of one text a line.</param>
    /// <param name="group">The column that says which group wrote it; null for none.</param>
    /// <exception cref="InvalidDataException">A column isn't there, or a line can't be read.</exception>
    public static IEnumerable<GroupedText> Read(string path, string? column = null, string? group = null)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        var kind = Path.GetExtension(name).ToLowerInvariant();
        if (kind is ".csv" or ".tsv") return Table(path, kind == ".csv" ? (byte)',' : (byte)'\t', Named(path, column), group);
        if (kind is ".parquet") return Parquet(path, Named(path, column), group);
        if (kind is ".jsonl" or ".ndjson") return JsonLines(path, Named(path, column), group);
        if (column is not null || group is not null)
            throw new InvalidDataException($"{path}: a file that ends in '{kind}' is read as one text a line and has no columns. Leave the columns out, or name a .csv, .tsv or .jsonl file.");
        return Lines(path);
    }

    private static string Named(string path, string? column) =>
        column ?? throw new InvalidDataException($"{path}: say which column holds the texts; a table has several.");

    private static Stream Open(string path)
    {
        var file = File.OpenRead(path);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static IEnumerable<GroupedText> Lines(string path)
    {
        using var reader = new StreamReader(Open(path));
        while (reader.ReadLine() is { } line) yield return new(line);
    }

    private static IEnumerable<GroupedText> Table(string path, byte delimiter, string column, string? group)
    {
        using var reader = new DelimitedReader(Open(path), delimiter);
        if (!reader.Read()) yield break;
        var (text, by) = (Place(reader, path, column), group is null ? -1 : Place(reader, path, group));
        var fields = reader.Fields;
        while (reader.Read())
        {
            if (reader.Defect is { } defect) throw new InvalidDataException($"{path}, line {reader.Line}: {defect}");
            if (reader.Fields != fields) throw new InvalidDataException($"{path}, line {reader.Line}: {reader.Fields} fields where the header has {fields}. Check the quotes around texts with a delimiter in them.");
            yield return new(Encoding.UTF8.GetString(reader[text]), by < 0 ? null : Encoding.UTF8.GetString(reader[by]));
        }
    }

    private static IEnumerable<GroupedText> Parquet(string path, string column, string? group)
    {
        var table = ParquetColumns.Read(path);
        var (texts, groups) = (table.Column<string>(column), group is null ? null : table.Column<string>(group));
        for (var row = 0; row < texts.Length; row++) yield return new(texts[row] ?? "", groups?[row]);
    }

    private static int Place(DelimitedReader header, string path, string column)
    {
        var names = Enumerable.Range(0, header.Fields).Select(f => Encoding.UTF8.GetString(header[f])).ToArray();
        var place = Array.IndexOf(names, column);
        return place >= 0 ? place : throw NoColumn(path, column, names);
    }

    private static IEnumerable<GroupedText> JsonLines(string path, string column, string? group)
    {
        using var reader = new StreamReader(Open(path));
        for (var number = 1; reader.ReadLine() is { } line; number++)
            if (!string.IsNullOrWhiteSpace(line)) yield return Row(line, number, path, column, group);
    }

    private static GroupedText Row(string line, int number, string path, string column, string? group)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{path}, line {number}: a line is {json.RootElement.ValueKind} where an object is expected, such as {{\"{column}\": \"...\"}}.");
            return new(Value(json.RootElement, column, number, path) ?? "", group is null ? null : Value(json.RootElement, group, number, path));
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}, line {number}: not JSON ({error.Message})", error);
        }
    }

    private static string? Value(JsonElement row, string column, int number, string path)
    {
        if (!row.TryGetProperty(column, out var value)) throw NoColumn($"{path}, line {number}", column, [.. row.EnumerateObject().Select(p => p.Name)]);
        return value.ValueKind is JsonValueKind.Null ? null : value.ToString();
    }

    private static InvalidDataException NoColumn(string where, string column, string[] names) =>
        new($"{where}: there is no column '{column}'. There are: {string.Join(", ", names)}.");
}
