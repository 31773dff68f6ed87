using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CustomerValue.Notebooks;

/// <summary>How a document's text is laid out: Jupyter's own way (one space, no escapes that JSON doesn't ask for), with the indent and line ends that a file had.</summary>
internal sealed record JsonLayout(string Indent, string NewLine, bool EndsWithNewLine)
{
    public static readonly JsonLayout Jupyter = new(" ", "\n", EndsWithNewLine: true);

    /// <summary>The layout that <paramref name="text"/> shows by its first indented line; Jupyter's where it has none.</summary>
    public static JsonLayout Of(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0) return Jupyter;
        var indent = new string([.. text[(end + 1)..].TakeWhile(c => c is ' ' or '\t')]);
        return new(indent.Length == 0 ? " " : indent, end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n", text.EndsWith('\n'));
    }

    public string Text(JsonNode node)
    {
        var text = new StringBuilder();
        Write(text, node, depth: 0);
        return (EndsWithNewLine ? text.Append(NewLine) : text).ToString();
    }

    private void Write(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                Block(text, '{', '}', members, depth, member =>
                {
                    Quote(text, member.Key);
                    text.Append(": ");
                    Write(text, member.Value, depth + 1);
                });
                break;
            case JsonArray items:
                Block(text, '[', ']', items, depth, item => Write(text, item, depth + 1));
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                Quote(text, value.GetValue<string>());
                break;
            default:
                text.Append(node.ToJsonString());                                 // numbers keep the digits that they were written with
                break;
        }
    }

    private void Block<T>(StringBuilder text, char open, char close, IEnumerable<T> items, int depth, Action<T> write)
    {
        text.Append(open);
        var any = false;
        foreach (var item in items)
        {
            if (any) text.Append(',');
            Line(text, depth + 1);
            write(item);
            any = true;
        }
        if (any) Line(text, depth);
        text.Append(close);
    }

    private void Line(StringBuilder text, int depth)
    {
        text.Append(NewLine);
        for (var i = 0; i < depth; i++) text.Append(Indent);
    }

    private static void Quote(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append("\\u00").Append("0123456789abcdef"[c >> 4]).Append("0123456789abcdef"[c & 15]),
                _ => text.Append(c),
            };
        text.Append('"');
    }
}
