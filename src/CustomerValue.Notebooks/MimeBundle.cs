using System.Text.Json.Nodes;

namespace CustomerValue.Notebooks;

/// <summary>One value in several forms, by MIME type; who shows it takes the richest that it knows.</summary>
/// <param name="Forms">MIME type to text, or to JSON where the type is one of JSON.</param>
public sealed record MimeBundle(IReadOnlyDictionary<string, JsonNode?> Forms)
{
    /// <summary>The type that every bundle but a lone form has.</summary>
    public const string Plain = "text/plain";

    /// <summary>A table or a text with marks.</summary>
    public const string Html = "text/html";

    internal static MimeBundle Of(string plain, string? html = null)
    {
        var forms = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal) { [Plain] = plain };
        if (html is not null) forms[Html] = html;
        return new(forms);
    }

    internal static MimeBundle Lone(string mimeType, JsonNode? value) => new(new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal) { [mimeType] = value });

    /// <summary>As nbformat wants it: text as lines.</summary>
    internal JsonObject ToNbformat()
    {
        var data = new JsonObject();
        foreach (var (type, value) in Forms.OrderBy(form => form.Key, StringComparer.Ordinal))
            data[type] = value is JsonValue text && text.TryGetValue<string>(out var lines) ? NotebookCell.Lines(lines) : value?.DeepClone();
        return data;
    }
}
