using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CustomerValue.Notebooks;

/// <summary>A table to show: as many rows and columns as a reader wants, and a note about the rest.</summary>
/// <param name="Columns">Heads; empty for none.</param>
/// <param name="Rows">[rows][columns]: texts.</param>
/// <param name="Note">What isn't shown; null where all is.</param>
internal sealed partial record ShownTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, string? Note)
{
    public const int MostRows = 25, MostColumns = 20, WidestText = 200;
    public const string NoRows = "No rows.";

    /// <summary>A table cut to size.</summary>
    /// <param name="columns">Heads.</param>
    /// <param name="rows">Values; no more are asked for than are shown, and one.</param>
    /// <param name="count">How many rows there are; null where that isn't known.</param>
    public static ShownTable Of(IReadOnlyList<string> columns, IEnumerable<IEnumerable<object?>> rows, long? count)
    {
        var first = rows.Take(MostRows + 1).Select(row => row.Take(MostColumns).Select(value => Cut(Formatter.Text(value))).ToArray()).ToList();
        var notes = new List<string>();
        if (count > MostRows || count is null && first.Count > MostRows)
            notes.Add(count is { } all ? string.Create(CultureInfo.InvariantCulture, $"{MostRows} of {all} rows") : $"the first {MostRows} rows; there are more");
        if (first.Count == 0) return new([.. columns.Take(MostColumns)], [], NoRows);
        if (columns.Count > MostColumns) notes.Add($"{MostColumns} of {columns.Count} columns");
        return new([.. columns.Take(MostColumns)], [.. first.Take(MostRows)], notes.Count == 0 ? null : $"Shown: {string.Join(", ", notes)}.");
    }

    public string ToHtml()
    {
        var html = new StringBuilder("<table class=\"cv-table\">");
        if (Columns.Count > 0) html.Append("<thead><tr>").AppendJoin("", Columns.Select(column => $"<th>{WebUtility.HtmlEncode(column)}</th>")).Append("</tr></thead>");
        html.Append("<tbody>");
        foreach (var row in Rows) html.Append("<tr>").AppendJoin("", row.Select(value => $"<td>{WebUtility.HtmlEncode(value)}</td>")).Append("</tr>");
        html.Append("</tbody></table>");
        if (Note is not null) html.Append("<p><em>").Append(WebUtility.HtmlEncode(Note)).Append("</em></p>");
        return html.ToString();
    }

    public string ToPlain()
    {
        var lines = (Columns.Count > 0 ? Rows.Prepend(Columns) : Rows).Select(row => row.Select(value => value.ReplaceLineEndings(" ")).ToArray()).ToList();
        var widths = Enumerable.Range(0, lines.Count == 0 ? 0 : lines.Max(line => line.Length)).Select(c => lines.Max(line => c < line.Length ? line[c].Length : 0)).ToArray();
        var text = lines.Select(line => string.Join("  ", line.Select((value, c) => value.PadRight(widths[c]))).TrimEnd());
        return string.Join('\n', Note is null ? text : text.Append(Note));
    }

    /// <summary>HTML with the notes of tables in it in Chinese.</summary>
    public static string InChinese(string html) => HtmlNote().Replace(html, note =>
    {
        string Of(string group) => note.Groups[group].Value;
        var parts = new List<string>();
        if (Of("all").Length > 0) parts.Add($"{Of("all")} 行中的 {Of("rows")} 行");
        if (Of("first").Length > 0) parts.Add($"前 {Of("first")} 行（其后还有）");
        if (Of("wide").Length > 0) parts.Add($"{Of("wide")} 列中的 {Of("columns")} 列");
        return $"<p><em>{(parts.Count == 0 ? "没有记录" : $"仅显示：{string.Join("、", parts)}")}。</em></p>";
    });

    public MimeBundle ToBundle() => MimeBundle.Of(ToPlain(), ToHtml());

    [GeneratedRegex("<p><em>(?:No rows|Shown: (?:(?<rows>\\d+) of (?<all>\\d+) rows|the first (?<first>\\d+) rows; there are more)?(?:, )?(?:(?<columns>\\d+) of (?<wide>\\d+) columns)?)\\.</em></p>")]
    private static partial Regex HtmlNote();

    private static string Cut(string text) => text.Length <= WidestText ? text : text[..(char.IsHighSurrogate(text[WidestText - 1]) ? WidestText - 1 : WidestText)] + "…";
}
