using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace CustomerValue.Notebooks;

/// <summary>A heading of a page.</summary>
/// <param name="Level">1 to 6.</param>
/// <param name="Id">Its anchor.</param>
/// <param name="Title">Its text.</param>
internal sealed record PageHeading(int Level, string Id, string Title);

/// <summary>Markdown as HTML, with tables and formulas. HTML in it is text, and nothing is fetched.</summary>
/// <param name="folder">Where pictures are looked for; null for nowhere.</param>
/// <param name="words">The page's own words.</param>
/// <param name="pages">The page of a notebook that a text links to by its name without <c>.ipynb</c>; null where there is none.</param>
internal sealed partial class PageMarkdown(string? folder, PageWords words, Func<string, string?>? pages = null)
{
    private const long LargestPicture = 20_000_000;

    private static readonly MarkdownPipeline s_pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseTaskLists().UseMathematics().DisableHtml().Build();

    private static readonly Dictionary<string, string> s_pictures = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".gif"] = "image/gif", [".webp"] = "image/webp", [".svg"] = "image/svg+xml",
    };

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<PageHeading> _headings = [];

    /// <summary>Those of all texts so far.</summary>
    public IReadOnlyList<PageHeading> Headings => _headings;

    /// <summary>The first paragraph behind the first heading of level 1, as text; null until it was seen.</summary>
    public string? Question { get; private set; }

    /// <param name="text">Markdown.</param>
    /// <param name="attachments">Pictures that the cell brings, by name; null for none.</param>
    public string ToHtml(string text, JsonObject? attachments)
    {
        if (Parsed(text) is not { } document) return $"<pre tabindex=\"0\">{PageText.Encode(text)}</pre>\n";
        foreach (var block in document.Descendants())
            switch (block)
            {
                case HeadingBlock heading: List(heading); break;
                case ParagraphBlock { Parent: MarkdownDocument } paragraph when Question is null && _headings.Any(heading => heading.Level == 1): Question = Text(paragraph); break;
                case LinkInline link: Settle(link, attachments); break;
                case AutolinkInline link when !link.IsEmail && !SafeHtml.IsLink(link.Url): link.ReplaceBy(new LiteralInline(link.Url)); break;
            }
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var renderer = new HtmlRenderer(writer);
        s_pipeline.Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlMathInlineRenderer>(new Formula());
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlMathBlockRenderer>(new FormulaBlock());
        renderer.ObjectRenderers.ReplaceOrAdd<CodeBlockRenderer>(new Code());
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlTableRenderer>(new ScrolledTable());
        renderer.Render(document);
        return writer.ToString();
    }

    /// <summary>Null where the text is nested deeper than Markdig goes, which no one wrote to be read.</summary>
    private static MarkdownDocument? Parsed(string text)
    {
        try
        {
            return Markdown.Parse(Dollars().Replace(text, "\n\n$$$$\n$1\n$$$$\n\n"), s_pipeline);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Gives a heading the anchor that Jupyter would, numbered where it is taken.</summary>
    private void List(HeadingBlock heading)
    {
        var title = Text(heading);
        if (title.Length == 0) return;
        var named = Blank().Replace(title, "-");
        if (named.StartsWith("page-", StringComparison.Ordinal)) named = $"heading-{named}";
        var id = named;
        for (var i = 2; !_ids.Add(id); i++) id = string.Create(CultureInfo.InvariantCulture, $"{named}-{i}");
        heading.GetAttributes().Id = id;
        _headings.Add(new(heading.Level, id, title));
    }

    private static string Text(LeafBlock block) => string.Concat(block.Inline?.Descendants().Select(inline => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        MathInline formula => formula.Content.ToString(),
        LineBreakInline => " ",
        _ => "",
    }) ?? []).Trim();

    /// <summary>Pictures become part of the page; links lead only to where one may follow them.</summary>
    private void Settle(LinkInline link, JsonObject? attachments)
    {
        var target = link.Url ?? "";
        if (!link.IsImage)
        {
            if (Notebook().Match(target) is { Success: true } notebook && pages?.Invoke(Uri.UnescapeDataString(notebook.Groups[1].Value)) is { } page) link.Url = page + notebook.Groups[2].Value;
            else if (!SafeHtml.IsLink(target) && !Relative().IsMatch(target)) link.Url = "";
            return;
        }
        if (Picture(target, attachments) is { } picture) link.Url = picture;
        else link.ReplaceBy(new LiteralInline($"[{words.NoPicture}: {target}]"));
    }

    private string? Picture(string target, JsonObject? attachments)
    {
        if (SafeHtml.Picture().IsMatch(target)) return target;
        if (target.StartsWith("attachment:", StringComparison.Ordinal))
            return attachments?[Uri.UnescapeDataString(target["attachment:".Length..])] is JsonObject forms
                ? forms.Where(form => s_pictures.ContainsValue(form.Key)).Select(form => $"data:{form.Key};base64,{PageOutput.Base64(form.Value)}").FirstOrDefault() : null;
        if (folder is null || !Relative().IsMatch(target) || !s_pictures.TryGetValue(Path.GetExtension(target), out var type)) return null;
        var file = new FileInfo(Path.GetFullPath(Uri.UnescapeDataString(target), folder));
        var isWithin = file.FullName.StartsWith(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return isWithin && file.Exists && file.Length <= LargestPicture ? $"data:{type};base64,{Convert.ToBase64String(File.ReadAllBytes(file.FullName))}" : null;
    }

    private sealed class Formula : HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline obj) => renderer.Write(TexMath.ToHtml(obj.Content.ToString(), block: obj.DelimiterCount > 1));
    }

    private sealed class FormulaBlock : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock obj) => renderer.EnsureLine().WriteLine(TexMath.ToHtml(obj.Lines.ToString(), block: true));
    }

    private sealed class Code : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock obj) =>
            renderer.EnsureLine().WriteLine($"<pre tabindex=\"0\"><code>{CodeColours.Of(obj.Lines.ToString(), (obj as FencedCodeBlock)?.Info ?? "")}</code></pre>");
    }

    private sealed class ScrolledTable : HtmlObjectRenderer<Markdig.Extensions.Tables.Table>
    {
        private readonly HtmlTableRenderer _table = new();

        protected override void Write(HtmlRenderer renderer, Markdig.Extensions.Tables.Table obj)
        {
            renderer.EnsureLine().Write("<div class=\"scroll\" tabindex=\"0\">");
            _table.Write(renderer, obj);
            renderer.WriteLine("</div>");
        }
    }

    [GeneratedRegex("\\s+")]
    private static partial Regex Blank();

    /// <summary>A formula between two dollars at the start of a line and two at the end of one, which Markdown would take for part of a paragraph.</summary>
    [GeneratedRegex("(?m)^[ \\t]*\\$\\$[ \\t]*(\\S[^\\n$]*?)[ \\t]*\\$\\$[ \\t]*$")]
    private static partial Regex Dollars();

    /// <summary>A notebook in the same folder, and perhaps a place in it.</summary>
    [GeneratedRegex("^(?:\\./)?([^:?#/\\\\]+)\\.ipynb(#[^\"<>]*)?$")]
    private static partial Regex Notebook();

    [GeneratedRegex("^(?![/\\\\])[^:?#\\\\]+$")]
    private static partial Regex Relative();
}
