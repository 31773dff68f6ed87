namespace CustomerValue.Packaging.Scoring;

/// <summary>How tables of customers and scores are written.</summary>
public enum ScoreFormat { Csv, JsonLines, Parquet }

/// <summary>Finds the format that a file's name tells, and opens sources and sinks of it.</summary>
public static class ScoreFormats
{
    /// <summary>The format of a file by its name: .csv, .tsv, .jsonl, .ndjson, .parquet, the first ones also with .gz behind; null for another.</summary>
    public static ScoreFormat? Of(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".csv" or ".tsv" or ".txt" => ScoreFormat.Csv,
            ".jsonl" or ".ndjson" => ScoreFormat.JsonLines,
            ".parquet" => ScoreFormat.Parquet,
            _ => null,
        };
    }

    /// <summary>Reads a text of customers' features.</summary>
    /// <param name="stream">The text; disposed with the source.</param>
    /// <param name="name">What it is called in messages; packed by gzip where it ends in .gz.</param>
    /// <param name="format">CSV or JSON lines.</param>
    /// <param name="idColumn">Name of the column of customer ids.</param>
    /// <param name="needed">Names of the columns that the package needs.</param>
    /// <exception cref="InvalidDataException">It is no such text, or lacks a column.</exception>
    public static ICustomerSource Source(Stream stream, string name, ScoreFormat format, string idColumn, IReadOnlyList<string> needed) => format switch
    {
        ScoreFormat.Csv => new CsvSource(stream, name, idColumn, needed),
        ScoreFormat.JsonLines => new JsonLinesSource(stream, name, idColumn, needed),
        _ => throw new ArgumentException("Parquet is read by an engine; text is expected here.", nameof(format)),
    };

    /// <summary>Refuses a table that lacks columns, and says which.</summary>
    /// <exception cref="InvalidDataException">It does.</exception>
    public static void RequireColumns(string name, IReadOnlyCollection<string> found, IReadOnlyList<string> needed)
    {
        string[] missing = [.. needed.Where(n => !found.Contains(n))];
        if (missing.Length == 0) return;
        throw new InvalidDataException(
            $"{name} lacks {(missing.Length == 1 ? "the column" : "the columns")} {string.Join(", ", missing)}, which the package needs ('customervalue package inspect' tells what each means). " +
            $"It has: {string.Join(", ", found.Take(30))}{(found.Count > 30 ? $" and {found.Count - 30} more" : "")}.");
    }

    /// <summary>Writes scores into a file that appears when it is complete, or to a stream.</summary>
    /// <param name="path">The file; null for <paramref name="stream"/>.</param>
    /// <param name="format">The format.</param>
    /// <param name="stream">Where to, in place of a file.</param>
    public static IScoreSink Sink(string? path, ScoreFormat format, Stream? stream = null) => format switch
    {
        ScoreFormat.Csv => new CsvSink(new(path, stream)),
        ScoreFormat.JsonLines => new JsonLinesSink(new(path, stream)),
        _ => new ParquetSink(new(path, stream)),
    };
}
