using System.IO.Compression;
using System.Text;

namespace CustomerValue.Packaging.Scoring;

/// <summary>Cuts a stream of text into blocks of whole rows, without looking into them.</summary>
internal abstract class LineSource : ICustomerSource
{
    private const int Piece = 1 << 20, LongestRow = 16 << 20;

    private readonly Stream _stream;
    private readonly Stream _counted;
    private readonly string _name;
    private readonly bool _quotes;
    private byte[] _buffer = new byte[4 * Piece];
    private int _start, _end;
    private bool _finished;

    /// <param name="stream">The text; disposed with this.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="quotes">Whether a line break inside double quotes belongs to its row.</param>
    protected LineSource(Stream stream, string name, bool quotes)
    {
        (_counted, _name, _quotes) = (stream, name, quotes);
        _stream = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        Line = 1;
        Fill();
        var begin = _buffer.AsSpan(0, _end);
        if (begin.StartsWith("\uFEFF"u8)) _start = 3;
        if (begin.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || begin.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            throw new InvalidDataException($"{name} is UTF-16, and UTF-8 is expected. Save it as UTF-8.");
        if (begin.StartsWith("PAR1"u8)) throw new InvalidDataException($"{name} is a Parquet file. Say so with --format parquet, or let its name end in .parquet.");
        if (begin.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) && ReferenceEquals(_stream, stream)) throw new InvalidDataException($"{name} is packed by gzip. Let its name end in .gz.");
    }

    public long? Total => _counted.CanSeek ? _counted.Length : null;

    public string Unit => "bytes";

    /// <summary>The line that the next row begins on, from 1.</summary>
    protected long Line { get; private set; }

    /// <summary>Takes up to so many whole rows off the stream: their bytes, the line of the first, and how many. Null at the end.</summary>
    protected (byte[] Content, long Line, int Rows)? Take(int rows, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (at, found, lines, quoted) = (_start, 0, 0, false);
        while (found < rows)
        {
            var rest = _buffer.AsSpan(at, _end - at);
            var next = _quotes ? rest.IndexOfAny((byte)'\n', (byte)'"') : rest.IndexOf((byte)'\n');
            if (next >= 0)
            {
                at += next + 1;
                if (_buffer[at - 1] == '"') { quoted = !quoted; continue; }
                lines++;
                if (!quoted) found++;
                continue;
            }
            if (_finished)
            {
                if (_end > _start && _buffer[_end - 1] != '\n') { at = _end; found++; lines++; }
                break;
            }
            if (_end - _start > LongestRow && found == 0)
                throw new InvalidDataException($"{_name}, line {Line}: no row ends within {LongestRow >> 20} MB{(_quotes ? "; a double quote may be open" : "")}. That is no table of customers.");
            var scanned = _end - _start;                   // nothing is left to be found in these; Fill moves them to the front
            Fill();
            at = _start + scanned;
        }
        if (found == 0) return null;
        var content = _buffer.AsSpan(_start, at - _start).ToArray();
        var first = Line;
        Line += lines;
        _start = at;
        return (content, first, found);
    }

    /// <summary>How far the underlying file has been read.</summary>
    protected long Position => _counted.CanSeek ? _counted.Position - (ReferenceEquals(_stream, _counted) ? _end - _start : 0) : 0;

    public abstract ICustomerBlock? Next(CancellationToken cancellation);

    public void Dispose()
    {
        _stream.Dispose();
        _counted.Dispose();
    }

    /// <summary>A row without its line end.</summary>
    protected static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> row)
    {
        if (row.EndsWith("\n"u8)) row = row[..^1];
        return row.EndsWith("\r"u8) ? row[..^1] : row;
    }

    internal static string Shown(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text[..Math.Min(text.Length, 40)]);

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_buffer.Length - _end < Piece) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = _stream.ReadAtLeast(_buffer.AsSpan(_end, Piece), Piece, throwOnEndOfStream: false);
        _finished = read < Piece;
        _end += read;
    }
}
