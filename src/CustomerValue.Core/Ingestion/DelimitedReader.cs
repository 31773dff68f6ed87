using System.Buffers;

namespace CustomerValue.Ingestion;

/// <summary>Reads a delimited table record by record from UTF-8 bytes, without making a string of anything.</summary>
/// <remarks>RFC 4180 with the usual latitude: line ends CR LF or LF, a quote inside an unquoted field is an ordinary character, blank lines are skipped.
/// A record with broken quotes costs one line, not the rest of the file: it ends at its first line end and reading goes on from the line after it.</remarks>
internal sealed class DelimitedReader : IDisposable
{
    /// <summary>Longest record, in bytes. A quote still open after so many is taken for a stray one.</summary>
    internal const int LongestRecord = 1 << 20;

    private const byte Quote = (byte)'"', LineFeed = (byte)'\n', CarriageReturn = (byte)'\r';
    private static readonly SearchValues<byte> s_blanks = SearchValues.Create(" \t"u8);

    private readonly Stream _stream;
    private readonly byte _delimiter;
    private readonly bool _whitespace;
    private byte[] _buffer = new byte[1 << 18];
    private int _filled, _next, _start, _end;      // bytes in the buffer; where the next record starts; this record, without its line end
    private bool _exhausted;
    private long _nextLine = 1;
    private int[] _from = new int[64], _to = new int[64];
    private bool[] _doubled = new bool[64];        // the field holds doubled quotes
    private byte[] _scratch = new byte[256];

    /// <summary>Reads from <paramref name="stream"/>, which it then owns.</summary>
    /// <param name="stream">UTF-8, a byte order mark allowed.</param>
    /// <param name="delimiter">The byte between two fields; 0 for runs of blanks, as in files made for Fortran and awk (no quotes there).</param>
    public DelimitedReader(Stream stream, byte delimiter)
    {
        (_stream, _delimiter, _whitespace) = (stream, delimiter, delimiter == 0);
        Fill();
        if (_buffer.AsSpan(0, _filled).StartsWith("\uFEFF"u8)) _next = 3;
    }

    /// <summary>Fields of the current record; 0 when it is defective.</summary>
    public int Fields { get; private set; }

    /// <summary>The line, counted from 1, on which the current record starts.</summary>
    public long Line { get; private set; }

    /// <summary>What is wrong with the record's quotes; null when nothing is.</summary>
    public string? Defect { get; private set; }

    /// <summary>Bytes consumed so far.</summary>
    public long Consumed { get; private set; }

    /// <summary>The record as it stood, without its line end. Valid until the next record is read.</summary>
    public ReadOnlySpan<byte> Raw => _buffer.AsSpan(_start, _end - _start);

    /// <summary>A field's value, quotes resolved. Valid until the next field with doubled quotes, or the next record, is asked for.</summary>
    public ReadOnlySpan<byte> this[int field]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(field, Fields);
            var value = _buffer.AsSpan(_from[field], _to[field] - _from[field]);
            return _doubled[field] ? Undoubled(value) : value;
        }
    }

    /// <summary>Goes to the next record that isn't a blank line; false at the end.</summary>
    public bool Read()
    {
        while (true)
        {
            if (_next == _filled && !Fill()) return false;
            (_start, Line) = (_next, _nextLine);
            while (!Split())
            {
                if (Grow()) continue;
                BreakOff("a quote that opens here is never closed");
                break;
            }
            Consumed += _next - _start;
            if (Defect is not null || !Raw.IsEmpty && !(_whitespace && Fields == 0)) return true;
        }
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Splits the record at <see cref="_start"/>; false when the buffer ends before the record does.</summary>
    private bool Split()
    {
        (Fields, Defect) = (0, null);
        if (_whitespace) return SplitBlanks();
        var (position, lines) = (_start, 1L);
        while (true)
        {
            var rest = _buffer.AsSpan(position, _filled - position);
            if (!rest.IsEmpty && rest[0] == Quote)
            {
                var (close, doubled) = Closing(rest);
                if (close < 0) return false;
                lines += rest[1..close].Count(LineFeed);
                var after = position + close + 1;
                if (after == _filled && !_exhausted) return false;
                Take(position + 1, position + close, doubled);
                if (after == _filled) return Finish(after, after, lines);
                var b = _buffer[after];
                if (b == _delimiter) { position = after + 1; continue; }
                if (b == LineFeed) return Finish(after, after + 1, lines);
                if (b == CarriageReturn && after + 1 == _filled && !_exhausted) return false;
                if (b == CarriageReturn && (after + 1 == _filled || _buffer[after + 1] == LineFeed)) return Finish(after, Math.Min(after + 2, _filled), lines);
                BreakOff("text follows a closing quote; a quote inside a quoted field must be doubled");
                return true;
            }
            var stop = rest.IndexOfAny(_delimiter, LineFeed);
            if (stop < 0)
            {
                if (!_exhausted) return false;
                var end = rest is [.., CarriageReturn] ? _filled - 1 : _filled;
                Take(position, end, doubled: false);
                return Finish(end, _filled, lines);
            }
            if (rest[stop] == LineFeed)
            {
                var end = stop > 0 && rest[stop - 1] == CarriageReturn ? position + stop - 1 : position + stop;
                Take(position, end, doubled: false);
                return Finish(end, position + stop + 1, lines);
            }
            Take(position, position + stop, doubled: false);
            position += stop + 1;
        }
    }

    private bool SplitBlanks()
    {
        var rest = _buffer.AsSpan(_start, _filled - _start);
        var stop = rest.IndexOf(LineFeed);
        if (stop < 0 && !_exhausted) return false;
        var end = stop < 0 ? rest.Length : stop;
        var line = rest[..(end > 0 && rest[end - 1] == CarriageReturn ? end - 1 : end)];
        for (var at = 0; at < line.Length;)
        {
            var skip = line[at..].IndexOfAnyExcept(s_blanks);
            if (skip < 0) break;
            at += skip;
            var length = line[at..].IndexOfAny(s_blanks);
            if (length < 0) length = line.Length - at;
            Take(_start + at, _start + at + length, doubled: false);
            at += length;
        }
        return Finish(_start + line.Length, _start + (stop < 0 ? end : end + 1), 1);
    }

    /// <summary>Where the quote that opens <paramref name="rest"/> is closed, and whether doubled quotes lie between; -1 when not in the buffer.</summary>
    private (int Close, bool Doubled) Closing(ReadOnlySpan<byte> rest)
    {
        var doubled = false;
        for (var at = 1; ;)
        {
            var quote = rest[at..].IndexOf(Quote);
            if (quote < 0) return (-1, doubled);
            at += quote;
            if (at + 1 == rest.Length) return _exhausted ? (at, doubled) : (-1, doubled);
            if (rest[at + 1] != Quote) return (at, doubled);
            (doubled, at) = (true, at + 2);
        }
    }

    private void Take(int from, int to, bool doubled)
    {
        if (Fields == _from.Length)
        {
            Array.Resize(ref _from, Fields * 2);
            Array.Resize(ref _to, Fields * 2);
            Array.Resize(ref _doubled, Fields * 2);
        }
        (_from[Fields], _to[Fields], _doubled[Fields]) = (from, to, doubled);
        Fields++;
    }

    private bool Finish(int end, int next, long lines)
    {
        (_end, _next, _nextLine) = (end, next, Line + lines);
        return true;
    }

    /// <summary>Gives the record up: it ends with its first line, and the next one starts on the line after.</summary>
    private void BreakOff(string defect)
    {
        (Fields, Defect) = (0, defect);
        var rest = _buffer.AsSpan(_start, _filled - _start);
        var stop = rest.IndexOf(LineFeed);
        var end = stop < 0 ? rest.Length : stop;
        Finish(_start + (end > 0 && rest[end - 1] == CarriageReturn ? end - 1 : end), _start + (stop < 0 ? end : end + 1), 1);
    }

    /// <summary>Brings more of the current record into the buffer; false when there is no more, or the record is too long to be one.</summary>
    private bool Grow()
    {
        if (_exhausted || _filled - _start > LongestRecord) return false;
        _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
        (_filled, _next, _start) = (_filled - _start, 0, 0);
        if (_filled > _buffer.Length / 2) Array.Resize(ref _buffer, _buffer.Length * 2);
        Fill();
        return true;
    }

    private bool Fill()
    {
        if (_exhausted) return false;
        if (_next == _filled) _next = _filled = 0;
        var read = _stream.ReadAtLeast(_buffer.AsSpan(_filled), _buffer.Length - _filled, throwOnEndOfStream: false);
        _exhausted = read < _buffer.Length - _filled;
        _filled += read;
        return read > 0;
    }

    private ReadOnlySpan<byte> Undoubled(ReadOnlySpan<byte> value)
    {
        if (_scratch.Length < value.Length) _scratch = new byte[value.Length * 2];
        var length = 0;
        for (var at = 0; at < value.Length; at++)
        {
            _scratch[length++] = value[at];
            if (value[at] == Quote) at++;
        }
        return _scratch.AsSpan(0, length);
    }
}
