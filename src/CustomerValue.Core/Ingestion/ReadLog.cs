using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace CustomerValue.Ingestion;

/// <summary>What happens while files are read: rows read and kept by file, and where rejected rows go: counted by reason, the first of each kept as examples, and all of
/// them written to a file of JSON lines.</summary>
/// <remarks>A line reads {"source":file name,"line":number,"reason":fixed words,"detail":what was found,"row":the row as it was}; a row that isn't UTF-8 comes as row_base64.
/// The file holds rows as the shop wrote them, customer ids included: keep it where the raw records are kept. It is made readable by its owner only.</remarks>
public sealed class ReadLog : IDisposable
{
    private const int Examples = 3, LongestExample = 300;
    private static readonly JsonEncodedText s_source = JsonEncodedText.Encode("source"), s_line = JsonEncodedText.Encode("line"), s_reason = JsonEncodedText.Encode("reason"),
        s_detail = JsonEncodedText.Encode("detail"), s_row = JsonEncodedText.Encode("row"), s_base64 = JsonEncodedText.Encode("row_base64");

    private readonly List<FileTally> _files = [];
    private readonly Dictionary<(string Source, string Reason), Tally> _reasons = [];
    private readonly Stream? _file;
    private readonly Utf8JsonWriter? _json;
    private readonly ArrayBufferWriter<byte> _pending = new(1 << 16);

    /// <summary>Counts only, or writes too.</summary>
    /// <param name="path">The file to write; packed where it ends in .gz; null to count only.</param>
    public ReadLog(string? path = null)
    {
        Path = path;
        if (path is null) return;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Stream file = new FileStream(path, options);
        _file = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        _json = new Utf8JsonWriter(_pending, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>The file written; null when none is.</summary>
    public string? Path { get; }

    /// <summary>The files begun so far, in reading order.</summary>
    public IReadOnlyList<FileReport> Files => [.. _files.Select(f => new FileReport(
        f.File.Name, f.File.Mapping.Kind, f.File.Sha256, f.File.Bytes, f.Read, f.Kept, f.Read - f.Kept, Counted(_reasons.Where(r => r.Key.Source == f.File.Name))))];

    /// <summary>The reasons met over all files, most rows first.</summary>
    public IReadOnlyList<RejectCount> Rejected => Counted(_reasons);

    /// <summary>Takes a row.</summary>
    /// <param name="source">Name of its file.</param>
    /// <param name="line">Its line, from 1.</param>
    /// <param name="reason">Why, in fixed words.</param>
    /// <param name="detail">What was found; may be empty.</param>
    /// <param name="row">The row as it was.</param>
    internal void Add(string source, long line, string reason, string detail, ReadOnlySpan<byte> row)
    {
        var tally = Of(source, reason);
        if (tally.Rows++ < Examples) tally.Examples.Add(new(source, line, detail, Excerpt(row)));
        if (_json is null) return;
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString(s_source, source);
        _json.WriteNumber(s_line, line);
        _json.WriteString(s_reason, reason);
        if (detail.Length > 0) _json.WriteString(s_detail, detail);
        if (Utf8.IsValid(row)) _json.WriteString(s_row, row);
        else _json.WriteBase64String(s_base64, row);
        _json.WriteEndObject();
        _json.Flush();
        _pending.Write("\n"u8);
        if (_pending.WrittenCount > 1 << 15) Drain();
    }

    /// <summary>Notes that a row already rejected has this fault too.</summary>
    internal void Also(string source, string reason) => Of(source, reason).Also++;

    /// <summary>Writes out what is pending and closes the file.</summary>
    public void Dispose()
    {
        Drain();
        _json?.Dispose();
        _file?.Dispose();
    }

    /// <summary>Starts counting the rows of a file.</summary>
    internal FileTally Begin(DataFile file)
    {
        var tally = new FileTally(file);
        _files.Add(tally);
        return tally;
    }

    private Tally Of(string source, string reason)
    {
        if (!_reasons.TryGetValue((source, reason), out var tally)) _reasons[(source, reason)] = tally = new();
        return tally;
    }

    private static IReadOnlyList<RejectCount> Counted(IEnumerable<KeyValuePair<(string Source, string Reason), Tally>> tallies) => [.. tallies
        .GroupBy(t => t.Key.Reason, t => t.Value, StringComparer.Ordinal)
        .Select(g => new RejectCount(g.Key, g.Sum(t => t.Rows), g.Sum(t => t.Also), [.. g.SelectMany(t => t.Examples).Take(Examples)]))
        .OrderByDescending(c => c.Rows).ThenBy(c => c.Reason, StringComparer.Ordinal)];

    private void Drain()
    {
        _file?.Write(_pending.WrittenSpan);
        _pending.ResetWrittenCount();
    }

    private static string Excerpt(ReadOnlySpan<byte> row)
    {
        var text = Encoding.UTF8.GetString(row[..Math.Min(row.Length, LongestExample)]);
        return row.Length > LongestExample ? text + " ..." : text;
    }

    private sealed class Tally
    {
        public long Rows, Also;
        public readonly List<RejectExample> Examples = [];
    }

    /// <summary>Rows of one file.</summary>
    internal sealed class FileTally(DataFile file)
    {
        public readonly DataFile File = file;
        public long Read, Kept;
    }
}
