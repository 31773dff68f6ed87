using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CustomerValue.Notebooks;

/// <summary>What a cell showed, as HTML; of several forms the richest that a page can hold.</summary>
internal sealed partial class PageOutput(PageMarkdown markdown)
{
    private static readonly string[] s_pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    /// <summary>Traces that Plotly fetches outlines or tiles for.</summary>
    private static readonly HashSet<string> s_maps = new(["choropleth", "scattergeo", "choroplethmap", "scattermap", "densitymap", "choroplethmapbox", "scattermapbox", "densitymapbox"], StringComparer.Ordinal);

    private int _count;

    /// <summary>Whether a chart was among what was rendered.</summary>
    public bool HasChart { get; private set; }

    /// <summary>Whether an error was among it.</summary>
    public bool HasError { get; private set; }

    /// <summary>The first key figures among it; null where there were none.</summary>
    public KeyFigures? Figures { get; private set; }

    /// <param name="output">An output object of nbformat.</param>
    /// <param name="words">The page's own words.</param>
    public string ToHtml(JsonObject output, PageWords words)
    {
        _count++;
        var html = Text(output["output_type"]) switch
        {
            "stream" => $"<pre tabindex=\"0\"{(Text(output["name"]) == "stderr" ? " class=\"stderr\"" : "")}>{Encoded(Text(output["text"]))}</pre>",
            "error" => Error(output, words),
            _ => output["data"] is JsonObject data ? Data(data, words) : "",
        };
        return html.Length == 0 ? "" : $"<div class=\"output\">{html}</div>\n";
    }

    /// <summary>A picture's text without line ends; nothing where it isn't base64.</summary>
    public static string Base64(JsonNode? picture)
    {
        var text = string.Concat(Text(picture).Where(sign => !char.IsWhiteSpace(sign)));
        return text.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '+' or '/' or '=') ? text : "";
    }

    private string Data(JsonObject data, PageWords words)
    {
        var plain = Text(data[MimeBundle.Plain]);
        if (KeyFigures.Of(data[KeyFigures.MimeType]) is { } figures)
        {
            Figures ??= figures;
            return figures.ToHtml(words);
        }
        if (data[ForeignForms.Plotly] is JsonObject figure) return Chart(figure, data, plain, words);
        if (data[MimeBundle.Html] is { } html) return $"<div class=\"scroll\" tabindex=\"0\">{Shown(Text(html), words)}</div>";
        return Picture(data, plain, words) ?? (data["text/markdown"] is { } marked ? markdown.ToHtml(Text(marked), attachments: null)
            : data["text/latex"] is { } tex ? TexMath.ToHtml(Text(tex).Trim().Trim('$'), block: true)
            : plain.Length > 0 ? $"<pre tabindex=\"0\">{Encoded(plain)}</pre>"
            : data.Count > 0 ? $"<p class=\"note\">{PageText.Encode($"[{words.NoForm}: {string.Join(", ", data.Select(form => form.Key))}]")}</p>" : "");
    }

    private string Shown(string html, PageWords words)
    {
        var safe = SafeHtml.Of(html, string.Create(CultureInfo.InvariantCulture, $"page-{_count}-"), words);
        return words == PageWords.Of(PageText.Chinese) ? ShownTable.InChinese(safe) : safe;
    }

    /// <summary>The figure as data, and in its place what it looked like until the script draws it.</summary>
    private string Chart(JsonObject figure, JsonObject data, string plain, PageWords words)
    {
        var title = figure["layout"]?["title"] is { } named ? Text(named is JsonObject titled ? titled["text"] : named) : "";
        var still = Picture(data, plain, words);
        var said = PageText.Encode(still is not null && plain.Length > 0 ? plain : Marks().Replace(title, " ").Trim() is { Length: > 0 } bare ? bare : words.Chart);
        var isMap = (figure["data"] as JsonArray)?.OfType<JsonObject>().Any(trace => s_maps.Contains(Text(trace["type"]))) == true;
        if (isMap) return $"<figure role=\"group\" aria-label=\"{said}\">{still}<p class=\"note\">{said}: {words.NoMap}</p></figure>";
        HasChart = true;
        return $"<figure role=\"group\" tabindex=\"0\" aria-label=\"{said}\"{(still is null ? "" : " class=\"has-still\"")}><div class=\"still\">{still ?? $"<p>{said}</p>"}</div><div class=\"chart\" hidden></div><script type=\"application/json\">{figure.ToJsonString()}</script></figure>";
    }

    /// <summary>As an image, in which nothing runs, also where it is a drawing.</summary>
    private static string? Picture(JsonObject data, string plain, PageWords words)
    {
        var said = PageText.Encode(plain.Length is > 0 and <= 300 ? plain : words.Picture);
        if (data["image/svg+xml"] is { } drawing) return Image("image/svg+xml", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Text(drawing))));
        return s_pictures.FirstOrDefault(data.ContainsKey) is { } type ? Image(type, Base64(data[type])) : null;

        string Image(string type, string base64) => $"<div class=\"picture\"><img alt=\"{said}\" src=\"data:{type};base64,{base64}\"></div>";
    }

    private string Error(JsonObject output, PageWords words)
    {
        HasError = true;
        var trace = output["traceback"] is JsonArray lines ? string.Join('\n', lines.Select(Text)) : "";
        var code = trace.Length == 0 ? "" : $"<pre tabindex=\"0\">{Encoded(trace)}</pre>";
        return $"<div class=\"error\" role=\"group\" aria-label=\"{words.Error}\"><p><strong>{Encoded(Text(output["ename"]))}</strong>: {Encoded(Text(output["evalue"]))}</p>{code}</div>";
    }

    private static string Encoded(string text) => PageText.Encode(PageText.Plain(text).ReplaceLineEndings("\n"));

    /// <summary>What Plotly reads of HTML in a title.</summary>
    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Marks();

    /// <summary>nbformat's text; empty where a file has something else.</summary>
    public static string Text(JsonNode? node) => node switch
    {
        JsonArray lines => string.Concat(lines.Select(Text)),
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => "",
    };
}
