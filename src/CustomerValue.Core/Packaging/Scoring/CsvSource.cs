using System.Text;

namespace CustomerValue.Packaging.Scoring;

/// <summary>Customers' features as CSV: a header, then one row a customer; comma, semicolon or tab between cells, a point in numbers. Columns that aren't needed are passed over.</summary>
internal sealed class CsvSource : LineSource
{
    private const int Skipped = -1, Id = -2;

    private readonly byte _delimiter;
    private readonly int[] _targets;                      // [cells]: position among the needed columns, or Skipped, or Id
    private readonly IReadOnlyList<string> _needed;

    /// <param name="stream">The text; disposed with this.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="idColumn">Name of the column of customer ids.</param>
    /// <param name="needed">Names of the columns that the package needs.</param>
    /// <exception cref="InvalidDataException">There is no header, or it lacks a column.</exception>
    public CsvSource(Stream stream, string name, string idColumn, IReadOnlyList<string> needed) : base(stream, name, quotes: true)
    {
        _needed = needed;
        var header = Take(1, CancellationToken.None) is { } taken ? Trimmed(taken.Content) : [];
        if (header.IsEmpty) throw new InvalidDataException($"{name} is empty. A header with {idColumn} and the package's columns is expected, then a row for each customer.");
        _delimiter = ((ReadOnlySpan<byte>)[(byte)',', (byte)';', (byte)'\t']).ToArray().MaxBy(Count(header));
        string[] names = [.. Encoding.UTF8.GetString(header).Split((char)_delimiter).Select(n => n.Trim().Trim('"'))];
        foreach (var wanted in needed.Append(idColumn))
            if (names.Count(n => n == wanted) > 1) throw new InvalidDataException($"{name} has the column {wanted} twice, so it isn't clear which one counts. Take one out.");
        ScoreFormats.RequireColumns(name, names, [idColumn, .. needed]);
        var positions = needed.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);
        _targets = [.. names.Select(n => n == idColumn ? Id : positions.GetValueOrDefault(n, Skipped))];

        static Func<byte, int> Count(ReadOnlySpan<byte> header)
        {
            var counts = header.ToArray().CountBy(b => b).ToDictionary();
            return b => counts.GetValueOrDefault(b);
        }
    }

    public override ICustomerBlock? Next(CancellationToken cancellation) =>
        Take(ICustomerSource.BlockRows, cancellation) is { } taken ? new Block(this, taken.Content, taken.Line, taken.Rows, Position) : null;

    private sealed record Block(CsvSource Source, byte[] Content, long Line, int Count, long Read) : ICustomerBlock
    {
        public CustomerRows Parse() => Source.Parse(Content, Line, Count);
    }

    private CustomerRows Parse(byte[] content, long line, int count)
    {
        var builder = new RowBuilder(_needed.Count, count, content);
        var at = 0;
        while (at < content.Length)
        {
            var end = EndOfRow(content, at, out var lines);
            var row = Trimmed(content.AsSpan(at, end - at));
            if (!row.IsEmpty) Row(row, builder, line, at);
            at = end;
            line += lines;
        }
        return builder.Rows();
    }

    private static int EndOfRow(byte[] content, int at, out int lines)
    {
        lines = 0;
        var quoted = false;
        while (true)
        {
            var next = content.AsSpan(at).IndexOfAny((byte)'\n', (byte)'"');
            if (next < 0) { lines++; return content.Length; }
            at += next + 1;
            if (content[at - 1] == '"') { quoted = !quoted; continue; }
            lines++;
            if (!quoted) return at;
        }
    }

    private void Row(ReadOnlySpan<byte> row, RowBuilder builder, long line, int start)
    {
        var (length, cell, last) = (row.Length, 0, false);
        var rest = row;
        string? id = null;
        while (!last)
        {
            if (cell < _targets.Length && _targets[cell] is var plain && plain >= 0 && NumberText.TryRead(rest, out var read, out var used) && (used == rest.Length || rest[used] == _delimiter))
            {
                builder.Set(plain, read);
                last = used == rest.Length;
                rest = last ? [] : rest[(used + 1)..];
                cell++;
                continue;
            }
            ReadOnlySpan<byte> text;
            if (rest.Length > 0 && rest[0] == '"')
            {
                if (!Quoted(ref rest, out text, out last)) { builder.Reject(line, "broken quotes", $"cell {cell + 1}", start, length); return; }
            }
            else
            {
                var cut = rest.IndexOf(_delimiter);
                last = cut < 0;
                text = last ? rest : rest[..cut];
                rest = last ? [] : rest[(cut + 1)..];
            }
            if (cell < _targets.Length && _targets[cell] is var target && target != Skipped)
            {
                if (target == Id)
                {
                    if (text.IsEmpty) { builder.Reject(line, "no customer id", "", start, length); return; }
                    if (!System.Text.Unicode.Utf8.IsValid(text)) { builder.Reject(line, "not UTF-8", "the customer id", start, length); return; }
                    id = Encoding.UTF8.GetString(text);
                }
                else
                {
                    var number = text.Trim((byte)' ');
                    if (number.IsEmpty) { builder.Reject(line, "no value", _needed[target], start, length); return; }
                    if (!NumberText.TryParse(number, out var value)) { builder.Reject(line, "no number", $"{_needed[target]} is '{Shown(number)}'", start, length); return; }
                    if (!double.IsFinite(value)) { builder.Reject(line, "not finite", $"{_needed[target]} is '{Shown(number)}'", start, length); return; }
                    builder.Set(target, value);
                }
            }
            cell++;
        }
        if (cell != _targets.Length) builder.Reject(line, "wrong number of cells", $"{cell}, where the header has {_targets.Length}", start, length);
        else builder.Keep(id!, line, start, length);
    }

    // A cell in double quotes, in which a doubled quote is one.
    private bool Quoted(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text, out bool last)
    {
        var (at, doubled) = (1, false);
        while (true)
        {
            var next = rest[at..].IndexOf((byte)'"');
            if (next < 0) { text = []; last = true; return false; }
            at += next + 1;
            if (at < rest.Length && rest[at] == '"') { at++; doubled = true; continue; }
            break;
        }
        text = rest[1..(at - 1)];
        if (doubled) text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).Replace("\"\"", "\"", StringComparison.Ordinal));
        last = at == rest.Length;
        if (!last && rest[at] != _delimiter) return false;
        rest = last ? [] : rest[(at + 1)..];
        return true;
    }
}
