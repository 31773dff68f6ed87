using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CustomerValue.Notebooks;

/// <summary>HTML that a cell showed, made fit for a page: known elements and attributes, all closed; nothing that runs or fetches. The rest's text stays as text.</summary>
internal static partial class SafeHtml
{
    private const int Deepest = 200;

    private static readonly HashSet<string> s_elements = Names("a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var wbr");
    private static readonly HashSet<string> s_empty = Names("br col hr img wbr");
    private static readonly HashSet<string> s_drawing = Names("svg g path rect circle ellipse line polyline polygon text tspan title desc defs clipPath linearGradient radialGradient stop marker pattern symbol use");
    private static readonly HashSet<string> s_attributes = Names("align alt class colspan dir height lang open role rowspan scope span start title width");
    private static readonly HashSet<string> s_unread = Names("script style template noscript iframe object textarea");

    /// <param name="html">Any text.</param>
    /// <param name="prefix">What goes before ids, so that outputs don't share them.</param>
    /// <param name="words">The page's own words.</param>
    public static string Of(string html, string prefix, PageWords words)
    {
        var safe = new StringBuilder();
        var open = new Stack<string>();
        var left = new SortedSet<string>(StringComparer.Ordinal);
        var at = 0;
        foreach (Match tag in Tag().Matches(html))
        {
            if (tag.Index < at) continue;
            Text(html[at..tag.Index]);
            at = tag.Index + tag.Length;
            var name = tag.Groups["name"].Value;
            if (name.Length == 0) continue;
            if (tag.Groups["close"].Success) Close(name);
            else if (s_unread.Contains(name))
            {
                left.Add(name.ToLowerInvariant());
                var end = html.IndexOf($"</{name}", at, StringComparison.OrdinalIgnoreCase);
                at = end < 0 ? html.Length : end;
            }
            else if (open.Contains("svg") || name.Equals("svg", StringComparison.OrdinalIgnoreCase)) Open(s_drawing, name, tag, drawing: true);
            else Open(s_elements, name, tag, drawing: false);
        }
        Text(html[at..]);
        while (open.TryPop(out var name)) safe.Append("</").Append(name).Append('>');
        if (left.Count > 0) safe.Append("<p class=\"note\">").Append(PageText.Encode($"[{words.LeftOut}: {string.Join(", ", left)}]")).Append("</p>");
        return safe.ToString();

        void Text(string text) => safe.Append(PageText.Encode(WebUtility.HtmlDecode(text)));

        void Open(HashSet<string> known, string written, Match tag, bool drawing)
        {
            if (open.Count == Deepest || !known.TryGetValue(written, out var name)) return;
            safe.Append('<').Append(name);
            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (Match attribute in Attribute().Matches(tag.Groups["attributes"].Value))
            {
                var (key, value) = (attribute.Groups["key"].Value, WebUtility.HtmlDecode(Unquoted(attribute.Groups["value"].Value)));
                if (!seen.Add(key)) continue;
                if (Kept(name, key, value, prefix, drawing) is { } kept) safe.Append(' ').Append(key).Append("=\"").Append(PageText.Encode(kept)).Append('"');
                else if (name == "img" && key.Equals("src", StringComparison.OrdinalIgnoreCase)) left.Add(words.PictureElsewhere);
            }
            safe.Append('>');
            if (!drawing && s_empty.Contains(name)) return;
            if (drawing && tag.Value.EndsWith("/>", StringComparison.Ordinal)) safe.Append("</").Append(name).Append('>');
            else open.Push(name);
        }

        void Close(string name)
        {
            if (!open.Contains(name, StringComparer.OrdinalIgnoreCase)) return;
            string closed;
            do safe.Append("</").Append(closed = open.Pop()).Append('>');
            while (!closed.Equals(name, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>Whether a link may be followed: to the page itself, the web or by mail.</summary>
    public static bool IsLink(string target) => Link().IsMatch(target);

    private static string? Kept(string element, string key, string value, string prefix, bool drawing)
    {
        key = key.ToLowerInvariant();
        if (key == "id") return prefix + value;
        if (key is "aria-labelledby" or "aria-describedby") return string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => prefix + id));
        if (key is "href" or "xlink:href")
            return value.StartsWith('#') ? "#" + prefix + value[1..] : element == "a" && IsLink(value) ? value : null;
        if (key == "src") return element == "img" && Picture().IsMatch(value) ? value : null;
        if (key.StartsWith("on", StringComparison.Ordinal)) return null;
        if (value.Contains("url(", StringComparison.OrdinalIgnoreCase)) return drawing && Local().IsMatch(value) ? value.Replace("url(#", "url(#" + prefix, StringComparison.Ordinal) : null;
        if (key == "style") return Unruly().IsMatch(value) ? null : value;
        return drawing && key != "srcset" || s_attributes.Contains(key) || key.StartsWith("aria-", StringComparison.Ordinal) ? value : null;
    }

    private static string Unquoted(string value) => value.Length > 1 && value[0] is '"' or '\'' ? value[1..^1] : value;

    private static HashSet<string> Names(string names) => new(names.Split(' '), StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("""<!--[\s\S]*?(?:-->|\z)|<![a-zA-Z][^<>]*>|<(?<close>/)?(?<name>[a-zA-Z][\w:-]*)(?<attributes>(?>[\s/]+[^\s=<>/"']+(?>\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?)*)\s*/?>""")]
    private static partial Regex Tag();

    [GeneratedRegex("""(?<key>[A-Za-z_][\w:.-]*)(?>\s*=\s*(?<value>"[^"]*"|'[^']*'|[^\s"'<>]+))?""")]
    private static partial Regex Attribute();

    [GeneratedRegex("^(?:https?://|mailto:|#)", RegexOptions.IgnoreCase)]
    private static partial Regex Link();

    [GeneratedRegex("^data:image/(?:png|jpeg|gif|webp|svg\\+xml)[;,]", RegexOptions.IgnoreCase)]
    public static partial Regex Picture();

    [GeneratedRegex("^\\s*url\\(#[\\w.-]+\\)\\s*$")]
    private static partial Regex Local();

    [GeneratedRegex("position|expression|behavior|@import|\\\\|/\\*", RegexOptions.IgnoreCase)]
    private static partial Regex Unruly();
}
