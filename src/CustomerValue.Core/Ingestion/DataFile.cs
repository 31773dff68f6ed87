using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace CustomerValue.Ingestion;

/// <summary>One file of a data set: plain, gzip or zip, told apart by content and not by ending.</summary>
public sealed class DataFile
{
    private string? _sha256;

    static DataFile()
    {
        // Otherwise .NET takes a gzip file that was cut off for a whole one, and half a shop's records would be loaded without a word.
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
    }

    internal DataFile(string path, TableMapping mapping) => (Path, Mapping) = (path, mapping);

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>Its name, without folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Size on disk, in bytes.</summary>
    public long Bytes => new FileInfo(Path).Length;

    /// <summary>How its rows become records.</summary>
    public TableMapping Mapping { get; }

    /// <summary>SHA-256 of the file as it lies on disk, in lower-case hex; computed once.</summary>
    public string Sha256
    {
        get
        {
            if (_sha256 is not null) return _sha256;
            using var stream = File.OpenRead(Path);
            return _sha256 = Convert.ToHexStringLower(SHA256.HashData(stream));
        }
    }

    internal static Encoding EncodingNamed(string name) => Encoding.GetEncoding(name);

    /// <summary>The delimiter byte; 0 for runs of blanks.</summary>
    internal byte Delimiter => Mapping.Delimiter switch
    {
        "whitespace" => 0,
        { } given => (byte)given[0],
        null => Stem.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) || Stem.EndsWith(".tab", StringComparison.OrdinalIgnoreCase) ? (byte)'\t' : (byte)',',
    };

    private string Stem => Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || Name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)
        ? System.IO.Path.GetFileNameWithoutExtension(Name) : Name;

    /// <summary>Opens the text inside, as UTF-8.</summary>
    /// <param name="onDisk">The file itself, whose position tells how far reading has come.</param>
    /// <exception cref="TableRefusedException">This is no text, or is empty.</exception>
    internal Stream OpenText(out FileStream onDisk)
    {
        onDisk = File.OpenRead(Path);
        Stream stream = onDisk;
        try
        {
            stream = Unpacked(stream);
            var encoding = EncodingNamed(Mapping.Encoding);
            var head = new byte[1 << 12];
            var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            Array.Resize(ref head, read);
            RefuseUnlessText(head, encoding);
            stream = new HeadedStream(head, stream);
            return encoding.CodePage == Encoding.UTF8.CodePage ? stream : Encoding.CreateTranscodingStream(stream, encoding, new UTF8Encoding(false));
        }
        catch (InvalidDataException error)
        {
            stream.Dispose();
            throw new TableRefusedException(Name, $"the file can't be unpacked: {error.Message} Is it whole? Copy it again.");
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private Stream Unpacked(Stream stream)
    {
        Span<byte> magic = stackalloc byte[4];
        magic = magic[..stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false)];
        stream.Position = 0;
        if (magic is [0x1f, 0x8b, ..]) return new GZipStream(stream, CompressionMode.Decompress);
        if (magic is not [(byte)'P', (byte)'K', 3 or 5, ..]) return stream;

        var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        if (zip.GetEntry("[Content_Types].xml") is not null)
            throw new TableRefusedException(Name, "this is an Excel or Word file. Save the sheet as CSV (UTF-8) and read that.");
        var entries = zip.Entries.Where(e => !e.FullName.EndsWith('/') && !e.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)).ToList();
        var names = string.Join(", ", entries.Select(e => e.FullName));
        if (Mapping.Entry is { } wanted)
            return zip.GetEntry(wanted)?.Open() ?? throw new TableRefusedException(Name, $"the archive holds no '{wanted}' (key entry of the mapping). It holds: {names}.");
        return entries.Count == 1 ? entries[0].Open()
            : throw new TableRefusedException(Name, $"the archive holds {entries.Count} files where one is expected{(entries.Count == 0 ? "" : ": " + names)}. Name the one to read in the mapping: entry: <name>.");
    }

    private void RefuseUnlessText(ReadOnlySpan<byte> head, Encoding encoding)
    {
        var expected = $"a text table of {RecordFields.Section(Mapping.Kind)} is expected (CSV or TSV, plain, .gz or .zip)";
        if (head.Trim(" \t\r\n"u8).IsEmpty) throw new TableRefusedException(Name, $"the file is empty; {expected}.");
        var what = head switch
        {
            _ when head.StartsWith("PAR1"u8) => "a Parquet file",
            _ when head.StartsWith("%PDF"u8) => "a PDF",
            _ when head.StartsWith("SQLite format 3"u8) => "an SQLite database",
            [0xff, 0xfe, ..] or [0xfe, 0xff, ..] when encoding.CodePage is not (1200 or 1201) => "UTF-16 text; write encoding: utf-16 in the mapping",
            _ when encoding.CodePage is not (1200 or 1201) && head.Contains((byte)0) => "a binary file (it holds NUL bytes)",
            _ when StartsLikeHtml(head) => "an HTML page; was a sign-in or error page saved instead of the table?",
            _ => null,
        };
        if (what is not null) throw new TableRefusedException(Name, $"this is {what}; {expected}.");
    }

    private static bool StartsLikeHtml(ReadOnlySpan<byte> head)
    {
        var start = Encoding.UTF8.GetString(head[..Math.Min(head.Length, 512)]).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }
}
