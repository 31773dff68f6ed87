using System.Text;
using System.Text.Json;

namespace CustomerValue.Packaging.Scoring;

/// <summary>Customers' features as JSON lines: one record a customer. Names that aren't needed are passed over.</summary>
internal sealed class JsonLinesSource : LineSource
{
    private const int Skipped = -1, Id = -2;

    private readonly string _name;
    private readonly IReadOnlyList<string> _needed;
    private readonly Dictionary<string, int> _targets;
    private bool _looked;

    /// <inheritdoc cref="CsvSource(Stream, string, string, IReadOnlyList{string})"/>
    public JsonLinesSource(Stream stream, string name, string idColumn, IReadOnlyList<string> needed) : base(stream, name, quotes: false)
    {
        (_name, _needed) = (name, needed);
        _targets = needed.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);
        _targets[idColumn] = Id;
    }

    public override ICustomerBlock? Next(CancellationToken cancellation)
    {
        if (Take(ICustomerSource.BlockRows, cancellation) is not { } taken) return null;
        if (!_looked) Look(taken.Content);
        return new Block(this, taken.Content, taken.Line, taken.Rows, Position);
    }

    // A column that the first record lacks, all will lack: better said once than for every row.
    private void Look(byte[] content)
    {
        _looked = true;
        var first = content.AsSpan(0, content.AsSpan().IndexOf((byte)'\n') is var end and >= 0 ? end : content.Length).ToArray();
        try
        {
            using var document = JsonDocument.Parse(first);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                ScoreFormats.RequireColumns(_name, [.. document.RootElement.EnumerateObject().Select(p => p.Name)], [.. _targets.Where(t => t.Value == Id).Select(t => t.Key), .. _needed]);
        }
        catch (JsonException) when (!first.AsSpan().Trim((byte)' ').StartsWith("{"u8))
        {
            throw new InvalidDataException($"{_name} begins with '{Shown(first)}', which is no JSON record. A record for each customer, one a line, is expected.");
        }
        catch (JsonException) { }                         // a bad row, which is rejected as any other
    }

    private sealed record Block(JsonLinesSource Source, byte[] Content, long Line, int Count, long Read) : ICustomerBlock
    {
        public CustomerRows Parse() => Source.Parse(Content, Line, Count);
    }

    private CustomerRows Parse(byte[] content, long line, int count)
    {
        var builder = new RowBuilder(_needed.Count, count, content);
        // Records nearly always name their values in one order: the name expected next is compared before it is looked up.
        var order = new List<(byte[] Name, int Target)>();
        var seen = new bool[_needed.Count];
        var at = 0;
        while (at < content.Length)
        {
            var next = content.AsSpan(at).IndexOf((byte)'\n');
            var end = next < 0 ? content.Length : at + next + 1;
            var row = Trimmed(content.AsSpan(at, end - at));
            if (!row.IsEmpty)
                try
                {
                    if (Row(row, builder, order, seen, out var id) is (var reason, var detail)) builder.Reject(line, reason, detail, at, row.Length);
                    else builder.Keep(id!, line, at, row.Length);
                }
                catch (JsonException error) { builder.Reject(line, "no JSON record", error.Message, at, row.Length); }
                catch (InvalidOperationException error) { builder.Reject(line, "no JSON record", error.Message, at, row.Length); }
            at = end;
            line++;
        }
        return builder.Rows();
    }

    private (string Reason, string Detail)? Row(ReadOnlySpan<byte> row, RowBuilder builder, List<(byte[] Name, int Target)> order, bool[] seen, out string? id)
    {
        var reader = new Utf8JsonReader(row);
        id = null;
        Array.Clear(seen);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return ("no JSON record", "");
        var found = 0;
        for (var position = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; position++)
        {
            var target = Target(ref reader, order, position);
            reader.Read();
            if (target == Skipped) { reader.Skip(); continue; }
            if (target == Id)
            {
                id = reader.TokenType switch { JsonTokenType.String => reader.GetString(), JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan), _ => null };
                continue;
            }
            if (reader.TokenType == JsonTokenType.Null) return ("no value", _needed[target]);
            if (reader.TokenType != JsonTokenType.Number || !NumberText.TryParse(reader.ValueSpan, out var value))
            {
                var text = Shown(reader.ValueSpan);
                return ("no number", $"{_needed[target]} is '{text}'");
            }
            if (!double.IsFinite(value)) return ("not finite", _needed[target]);
            if (seen[target]) return ("a value twice", _needed[target]);
            seen[target] = true;
            found++;
            builder.Set(target, value);
        }
        if (reader.TokenType != JsonTokenType.EndObject) return ("no JSON record", "");
        if (reader.Read()) return ("no JSON record", "more than one on the line");
        if (string.IsNullOrEmpty(id)) return ("no customer id", "");
        return found == _needed.Count ? null : ("no value", _needed[Array.IndexOf(seen, false)]);
    }

    private int Target(ref Utf8JsonReader reader, List<(byte[] Name, int Target)> order, int position)
    {
        if (position < order.Count && reader.ValueTextEquals(order[position].Name)) return order[position].Target;
        var name = reader.GetString()!;
        var target = _targets.GetValueOrDefault(name, Skipped);
        var entry = (Encoding.UTF8.GetBytes(name), target);
        if (position < order.Count) order[position] = entry;
        else if (position == order.Count) order.Add(entry);
        return target;
    }
}
