using System.Text;
using System.Text.RegularExpressions;

namespace CustomerValue.Notebooks;

/// <summary>A report of a site.</summary>
/// <param name="Name">Its page's name without <c>.html</c>. Reports whose names differ by language alone (<c>a.en</c>, <c>a.zh</c>) stand side by side.</param>
/// <param name="Notebook">The notebook, as a run left it.</param>
/// <param name="Folder">Where pictures that its Markdown names are looked for; null leaves them out.</param>
public sealed record SiteReport(string Name, NotebookFile Notebook, string? Folder = null);

/// <summary>A page of a site.</summary>
/// <param name="FileName">Its name in the site's folder.</param>
/// <param name="Html">Its text.</param>
public sealed record SitePage(string FileName, string Html);

/// <summary>Reports as pages, and a first page that leads to them and says what each found. Pages are files of their own, as those of <see cref="ReportRenderer"/>.</summary>
public static partial class ReportSite
{
    /// <summary>The first page's file name.</summary>
    public const string Index = "index.html";

    /// <summary>Makes the pages one after another, in the order of <paramref name="reports"/>, and the first page last.</summary>
    /// <param name="reports">With names of their own, none of them <c>index</c>.</param>
    /// <param name="title">What the site is called; null for a word of the reports' language.</param>
    /// <exception cref="ArgumentException">There is no report, or a page would take another's place.</exception>
    public static IEnumerable<SitePage> Render(IReadOnlyList<SiteReport> reports, string? title = null)
    {
        if (reports.Count == 0) throw new ArgumentException("A site needs one report at least.", nameof(reports));
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { Index };
        if (reports.FirstOrDefault(report => !taken.Add(FileName(report))) is { } twice)
            throw new ArgumentException($"Two pages of the site would be called {FileName(twice)}.", nameof(reports));
        return Pages(reports, title);
    }

    private static IEnumerable<SitePage> Pages(IReadOnlyList<SiteReport> reports, string? title)
    {
        var entries = new List<(SiteReport Report, string Language, string Card)>();
        foreach (var report in reports)
        {
            var read = new Report(report.Notebook, title: null, report.Folder, name => Named(name, report, reports));
            var twins = reports.Where(other => other != report && Subject(other) == Subject(report)).Select(other => LanguageLink(other));
            yield return new(FileName(report), read.ToHtml($"<a href=\"{Index}\">{read.Words.AllReports}</a>{string.Concat(twins)}"));
            entries.Add((report, read.Language, Card(report, read)));
        }
        var language = entries.All(entry => entry.Language == PageText.Chinese) ? PageText.Chinese : PageText.English;
        var name = title ?? PageWords.Of(language).Reports;
        var body = new StringBuilder($"<h1>{PageText.Encode(name)}</h1>\n");
        foreach (var subject in entries.GroupBy(entry => Subject(entry.Report)))
            body.Append("<div class=\"reports\">\n").AppendJoin("", subject.Select(entry => entry.Card)).Append("</div>\n");
        yield return new(Index, new PageFrame(language, name).Around(body.ToString()));
    }

    /// <summary>The page of the notebook that <paramref name="from"/> links to, of several languages the one in its own; null where the site has none.</summary>
    private static string? Named(string name, SiteReport from, IReadOnlyList<SiteReport> reports) =>
        (reports.FirstOrDefault(report => report.Name == name) ?? reports.Where(report => Subject(report) == name).MaxBy(report => Language().Match(report.Name).Value == Language().Match(from.Name).Value)) is { } found
            ? Uri.EscapeDataString(FileName(found)) : null;

    private static string Card(SiteReport report, Report read) =>
        $"""
        <article lang="{read.Language}">
        <h2>{Link(report, read.Title)}</h2>
        {(read.HasError ? $"<p class=\"error\">{read.Words.Stopped}</p>\n" : "")}{(read.Question.Length == 0 ? "" : $"<p>{PageText.Encode(read.Question)}</p>\n")}{read.Figures?.ToHtml(read.Words)}
        <p class="note">{read.Words.LanguageName}</p>
        </article>

        """;

    private static string LanguageLink(SiteReport report)
    {
        var language = report.Name.EndsWith(".zh", StringComparison.OrdinalIgnoreCase) ? PageText.Chinese : PageText.English;
        return $"<a lang=\"{language}\" href=\"{Address(report)}\">{PageWords.Of(language).LanguageName}</a>";
    }

    private static string Address(SiteReport report) => PageText.Encode(Uri.EscapeDataString(FileName(report)));

    private static string Link(SiteReport report, string text) => $"<a href=\"{Address(report)}\">{PageText.Encode(text)}</a>";

    private static string FileName(SiteReport report) => $"{report.Name}.html";

    /// <summary>The name without the language at its end.</summary>
    private static string Subject(SiteReport report) => Language().Replace(report.Name, "");

    [GeneratedRegex("\\.(?:en|zh)\\z", RegexOptions.IgnoreCase)]
    private static partial Regex Language();
}
