using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CustomerValue.Notebooks;

/// <summary>A notebook with what it showed, read as a report.</summary>
internal sealed partial class Report
{
    private readonly PageMarkdown _markdown;
    private readonly PageOutput _outputs;
    private readonly StringBuilder _body = new();
    private readonly bool _withoutGiven;        // what a run was told is left out as the cell that declares it is

    /// <param name="notebook">A notebook, as a run left it.</param>
    /// <param name="title">What it is called; null takes its first heading.</param>
    /// <param name="folder">Where pictures that its Markdown names are looked for; null for nowhere.</param>
    /// <param name="pages">The page of a notebook that it links to; null where there are no others.</param>
    public Report(NotebookFile notebook, string? title, string? folder, Func<string, string?>? pages = null)
    {
        var cells = notebook.Cells.Where(cell => !cell.Tags.Contains("remove-cell")).ToList();
        Language = LanguageOf(cells);
        _withoutGiven = notebook.Cells.Any(cell => cell.Tags.Contains(NotebookCell.Parameters) && cell.Tags.Any(tag => tag is "remove-cell" or "remove-input"));
        Words = PageWords.Of(Language);
        _markdown = new(folder, Words, pages);
        _outputs = new(_markdown);
        foreach (var cell in cells)
            if (cell.Kind == CellKind.Markdown) _body.Append(_markdown.ToHtml(cell.Source, cell.Json["attachments"] as JsonObject));
            else if (cell.Kind == CellKind.Code) Code(cell);
        Heading = _markdown.Headings.FirstOrDefault(heading => heading.Level == 1);
        Title = title ?? Heading?.Title ?? Words.Untitled;
    }

    /// <summary>As the page's lang attribute has it.</summary>
    public string Language { get; }

    public PageWords Words { get; }

    public string Title { get; }

    /// <summary>The first paragraph behind the first heading, as text; empty where there is none.</summary>
    public string Question => _markdown.Question ?? "";

    /// <summary>What it says in short; null where it doesn't.</summary>
    public KeyFigures? Figures => _outputs.Figures;

    /// <summary>Whether an error is among what was shown.</summary>
    public bool HasError => _outputs.HasError;

    private PageHeading? Heading { get; }

    /// <summary>Whether some cell's code is in the page.</summary>
    private bool HasCode { get; set; }

    /// <param name="links">Ways to other pages, as HTML.</param>
    public string ToHtml(string links = "") => new PageFrame(Language, Title) { Links = links, Contents = Contents(), HasCode = HasCode, HasChart = _outputs.HasChart }
        .Around((Heading is null ? $"<h1>{PageText.Encode(Title)}</h1>\n" : "") + _body);

    private void Code(NotebookCell cell)
    {
        var isInjected = cell.Tags.Contains(NotebookCell.InjectedParameters);
        if (cell.Source.Trim().Length > 0 && !cell.Tags.Contains("remove-input") && !(isInjected && _withoutGiven))
        {
            HasCode = true;
            var count = cell.ExecutionCount is { } number ? string.Create(CultureInfo.InvariantCulture, $" [{number}]") : "";
            _body.Append($"<details class=\"code\"{(isInjected ? " open" : "")}><summary>{(isInjected ? Words.Given : Words.Code)}{count}</summary><pre tabindex=\"0\"><code>{CodeColours.Cell(cell.Source)}</code></pre></details>\n");
        }
        if (cell.Tags.Contains("remove-output")) return;
        foreach (var output in cell.Outputs.OfType<JsonObject>()) _body.Append(_outputs.ToHtml(output, Words));
    }

    private string Contents()
    {
        var listed = _markdown.Headings.Where(heading => heading.Level <= 3).ToList();
        return listed.Count < 2 ? "" : $"<nav aria-label=\"{Words.Contents}\"><details open><summary>{Words.Contents}</summary><ul>\n{string.Concat(listed.Select(heading =>
            $"<li class=\"level-{heading.Level}\"><a href=\"#{PageText.Encode(Uri.EscapeDataString(heading.Id))}\">{PageText.Encode(heading.Title)}</a></li>\n"))}</ul></details></nav>\n";
    }

    /// <summary>The one that the run was told, where it was told one; else that of the text, shown text included.</summary>
    private static string LanguageOf(IReadOnlyList<NotebookCell> cells)
    {
        foreach (var cell in cells.Where(cell => cell.Tags.Contains(NotebookCell.InjectedParameters)))
            if (Told().Match(cell.Source) is { Success: true } told) return told.Groups[1].Value == "zh" ? PageText.Chinese : PageText.English;
        var shown = cells.SelectMany(cell => cell.Outputs.OfType<JsonObject>()).Select(output => PageOutput.Text((output["data"] as JsonObject)?["text/markdown"]));
        return PageText.Language(string.Concat(cells.Where(cell => cell.Kind == CellKind.Markdown).Select(cell => cell.Source).Concat(shown)));
    }

    [GeneratedRegex("^language = \"(en|zh)\\b[^\"]*\";$", RegexOptions.Multiline)]
    private static partial Regex Told();
}
