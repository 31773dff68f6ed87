using System.Security.Cryptography;
using System.Text;

namespace CustomerValue.Notebooks;

/// <summary>What every page is: one file that fetches nothing, in which only its own scripts run.</summary>
/// <param name="Language">Its lang attribute.</param>
/// <param name="Title">Its name, as text.</param>
internal sealed record PageFrame(string Language, string Title)
{
    /// <summary>Ways to other pages, as HTML; they stand in the bar on top.</summary>
    public string Links { get; init; } = "";

    /// <summary>The contents list, as HTML; empty for none.</summary>
    public string Contents { get; init; } = "";

    /// <summary>Whether there is code that can be shown.</summary>
    public bool HasCode { get; init; }

    /// <summary>Whether plotly.js is needed.</summary>
    public bool HasChart { get; init; }

    /// <param name="body">Its text, as HTML.</param>
    public string Around(string body)
    {
        var words = PageWords.Of(Language);
        var first = Resource("Theme.js");                                                                      // before anything is painted
        string[] scripts = HasChart ? [Resource("Page.js"), ChartScript.Text, Resource("Charts.js")] : [Resource("Page.js")];
        var code = HasCode ? $"<button type=\"button\" id=\"page-code\" aria-pressed=\"false\" hidden>{words.ShowCode}</button>" : "";
        return $"""
            <!DOCTYPE html>
            <html lang="{Language}">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy([first, .. scripts])}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>{PageText.Encode(Title)}</title>
            <script>{first}</script>
            <style>
            {Resource("Page.css")}{Resource("KeyFigures.css")}</style>
            </head>
            <body>
            <a class="skip" href="#page-text">{words.SkipLink}</a>
            <header>{Links}<p>{PageText.Encode(Title)}</p>{code}<button type="button" id="page-theme" aria-pressed="false" hidden>{words.Dark}</button></header>
            <div class="page{(Contents.Length == 0 ? " alone" : "")}">
            {Contents}<main id="page-text">
            {body}</main>
            </div>
            {string.Concat(scripts.Select(script => $"<script>{script}</script>\n"))}</body>
            </html>

            """;
    }

    /// <summary>A file that came with the library, with lines ended by \n.</summary>
    public static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(PageFrame).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>Only the page's own scripts, by their hashes, and pictures within it.</summary>
    private static string Policy(IEnumerable<string> scripts) =>
        $"default-src 'none'; script-src {string.Join(' ', scripts.Select(script => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'"))}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";
}
