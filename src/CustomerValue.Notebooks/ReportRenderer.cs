using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CustomerValue.Notebooks;

/// <summary>
/// A notebook with what it showed as one HTML page for readers: nothing is fetched, its security policy forbids it, and nothing runs but the page's own scripts. The same notebook gives the same bytes.
/// Cells tagged remove-cell, remove-input or remove-output are left out, whole or in part, as Jupyter's tools do.
/// </summary>
public static class ReportRenderer
{
    /// <summary>The page.</summary>
    /// <param name="notebook">A notebook, as a run left it.</param>
    /// <param name="title">What it is called; null takes its first heading.</param>
    /// <param name="folder">Where pictures that its Markdown names are looked for, in it and below; null leaves them out.</param>
    public static string Render(NotebookFile notebook, string? title = null, string? folder = null)
    {
        var language = PageText.Language(string.Concat(notebook.Cells.SelectMany(Marked)));
        var (words, markdown) = (PageWords.Of(language), new PageMarkdown(folder));
        var outputs = new PageOutput(markdown);
        var body = new StringBuilder();
        foreach (var cell in notebook.Cells.Where(cell => !cell.Tags.Contains("remove-cell")))
            if (cell.Kind == CellKind.Markdown) body.Append(markdown.ToHtml(cell.Source, cell.Json["attachments"] as JsonObject, isListed: true));
            else if (cell.Kind == CellKind.Code) Code(cell, outputs, words, body);

        var heading = markdown.Headings.FirstOrDefault(heading => heading.Level == 1);
        var name = title ?? heading?.Title ?? words.Untitled;
        var contents = Contents(markdown.Headings, words);
        var top = heading is null ? $"<h1>{PageText.Encode(name)}</h1>\n" : "";
        string[] scripts = outputs.HasChart ? [ChartScript.Text, Resource("Page.js")] : [Resource("Page.js")];
        return $"""
            <!DOCTYPE html>
            <html lang="{language}">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy(scripts)}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>{PageText.Encode(name)}</title>
            <style>
            {Resource("Page.css")}</style>
            </head>
            <body>
            <a class="skip" href="#page-text">{words.Skip}</a>
            <header><p>{PageText.Encode(name)}</p><button type="button" id="page-code" aria-pressed="false" hidden>{words.ShowCode}</button><button type="button" id="page-theme" aria-pressed="false" hidden>{words.Dark}</button></header>
            <div class="page{(contents.Length == 0 ? " alone" : "")}">
            {contents}<main id="page-text">
            {top}{body}</main>
            </div>
            {string.Concat(scripts.Select(script => $"<script>{script}</script>\n"))}</body>
            </html>

            """;
    }

    /// <summary>What there is to be read in a cell: its Markdown, and that which it showed.</summary>
    private static IEnumerable<string> Marked(NotebookCell cell) => cell.Kind == CellKind.Markdown ? [cell.Source]
        : cell.Outputs.OfType<JsonObject>().Select(output => PageOutput.Text(output["data"]?["text/markdown"]));

    private static void Code(NotebookCell cell, PageOutput outputs, PageWords words, StringBuilder body)
    {
        if (cell.Source.Trim().Length > 0 && !cell.Tags.Contains("remove-input"))
        {
            var isInjected = cell.Tags.Contains(NotebookCell.InjectedParameters);
            var count = cell.ExecutionCount is { } number ? string.Create(CultureInfo.InvariantCulture, $" [{number}]") : "";
            body.Append($"<details class=\"code\"{(isInjected ? " open" : "")}><summary>{(isInjected ? words.Given : words.Code)}{count}</summary><pre tabindex=\"0\"><code>{CodeColours.Cell(cell.Source)}</code></pre></details>\n");
        }
        if (cell.Tags.Contains("remove-output")) return;
        foreach (var output in cell.Outputs.OfType<JsonObject>()) body.Append(outputs.ToHtml(output, words));
    }

    private static string Contents(IReadOnlyList<PageHeading> headings, PageWords words)
    {
        var listed = headings.Where(heading => heading.Level <= 3).ToList();
        return listed.Count < 2 ? "" : $"<nav aria-label=\"{words.Contents}\"><h2>{words.Contents}</h2><ul>\n{string.Concat(listed.Select(heading =>
            $"<li class=\"level-{heading.Level}\"><a href=\"#{PageText.Encode(Uri.EscapeDataString(heading.Id))}\">{PageText.Encode(heading.Title)}</a></li>\n"))}</ul></nav>\n";
    }

    /// <summary>Only the page's own scripts, by their hashes, and pictures within it.</summary>
    private static string Policy(IEnumerable<string> scripts) =>
        $"default-src 'none'; script-src {string.Join(' ', scripts.Select(script => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'"))}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ReportRenderer).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
