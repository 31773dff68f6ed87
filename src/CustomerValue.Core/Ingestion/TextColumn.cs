using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace CustomerValue.Ingestion;

/// <summary>One column of texts from a file: .csv or .tsv with a header, .jsonl, .parquet, or .txt with a text a line; .gz after any but .parquet.</summary>
public static class TextColumn
{
    /// <summary>The texts, in the file's order; a missing value is an empty text, so that rows stay where they are.</summary>
    /// <param name="path">The file.</param>
    /// <param name="column">The column's name; null for a .txt file, or for the only column.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file has no such column, or a row can't be read; the message says where.</exception>
    public static string[] Read(string path, string? column)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}.", path);
        var plain = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        switch (Path.GetExtension(plain).ToLowerInvariant())
        {
            case ".parquet":
                var table = ParquetColumns.Read(path);
                return table.Column<string>(column ?? Only(path, [.. table.NamesOf<string>()]));
            case ".csv":
                return Delimited(path, column, (byte)',');
            case ".tsv":
                return Delimited(path, column, (byte)'\t');
            case ".jsonl" or ".ndjson":
                return JsonLines(path, column ?? throw new InvalidDataException($"{path}: name the property that holds the text."));
            case ".txt":
                using (var reader = new StreamReader(Opened(path), Encoding.UTF8))
                    return [.. Lines(reader)];
            default:
                throw new InvalidDataException($"{path}: the name doesn't tell what the file is. Expected is .csv, .tsv, .jsonl, .parquet or .txt, with .gz behind it or not.");
        }
    }

    private static string[] Delimited(string path, string? column, byte delimiter)
    {
        using var reader = new DelimitedReader(Opened(path), delimiter);
        if (!reader.Read() || reader.Defect is not null) throw new InvalidDataException($"{path}: there is no line of column names{(reader.Defect is { } defect ? $": {defect}" : "")}.");
        string[] names = [.. Enumerable.Range(0, reader.Fields).Select(i => Encoding.UTF8.GetString(reader[i]))];
        var at = Array.IndexOf(names, column ?? Only(path, names));
        if (at < 0) throw new InvalidDataException($"{path}: there is no column '{column}'. There are: {string.Join(", ", names)}.");
        var texts = new List<string>();
        while (reader.Read())
        {
            if (reader.Defect is { } fault) throw new InvalidDataException($"{path}, line {reader.Line}: {fault}.");
            texts.Add(at < reader.Fields ? Encoding.UTF8.GetString(reader[at]) : "");
        }
        return [.. texts];
    }

    private static string[] JsonLines(string path, string column)
    {
        using var reader = new StreamReader(Opened(path), Encoding.UTF8);
        var (texts, line) = (new List<string>(), 0L);
        foreach (var text in Lines(reader))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            try
            {
                using var json = JsonDocument.Parse(text);
                texts.Add(json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(column, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "");
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException) { throw new InvalidDataException($"{path}, line {line}: this is no JSON object. {error.Message}", error); }
        }
        return [.. texts];
    }

    private static string Only(string path, string[] names) => names is [var one] ? one
        : throw new InvalidDataException($"{path}: name the column that holds the text. There are: {string.Join(", ", names)}.");

    private static IEnumerable<string> Lines(StreamReader reader)
    {
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static Stream Opened(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
