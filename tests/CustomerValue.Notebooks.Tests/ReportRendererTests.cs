using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CustomerValue.Notebooks.Tests;

public partial class ReportRendererTests
{
    private const string Hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&";
    private const string Escaped = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;&quot;&#39;&amp;";

    [Theory]
    [InlineData("""{ "output_type": "stream", "name": "stdout", "text": ["@"] }""")]
    [InlineData("""{ "output_type": "error", "ename": "@", "evalue": "@", "traceback": ["@"] }""")]
    [InlineData("""{ "output_type": "execute_result", "data": { "text/plain": ["@"] } }""")]
    [InlineData("""{ "output_type": "display_data", "data": { "text/markdown": "x @" } }""")]
    [InlineData("""{ "output_type": "display_data", "data": { "@": "x" } }""")]
    public void Text_of_data_stays_text(string output)
    {
        var page = Page(Shown(output.Replace("@", JsonEncoded(Hostile), StringComparison.Ordinal)));
        Assert.Contains(Escaped.Replace("&#39;", "", StringComparison.Ordinal)[..40], page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_in_shown_tables_titles_headings_and_code_stay_text()
    {
        var table = ShownTable.Of([Hostile], [[Hostile]], 1).ToBundle();
        var shown = Shown(new JsonObject { ["output_type"] = "display_data", ["data"] = table.ToNbformat() }.ToJsonString());
        var page = Page(new(CellKind.Markdown, "m", $"# {Hostile}\n\n## {Hostile}\n\n[a](javascript:alert(3)) ![{Hostile}](none.png)"), shown, new(CellKind.Code, "c", $"// {Hostile}"));
        Assert.Contains($"<td>{Escaped}</td>", page, StringComparison.Ordinal);
        Assert.Contains($"<title>{Escaped}</title>", page, StringComparison.Ordinal);
        Assert.Contains($"<span class=\"c\">// {Escaped}</span>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript:", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<[a-z0-9]+ [^>\"]*onerror=", page);
    }

    [Theory]
    [InlineData("<b onclick='x()'>a</b>", "<b>a</b>")]
    [InlineData("<table><tr><td colspan=2>1 < 2", "<table><tr><td colspan=\"2\">1 &lt; 2</td></tr></table>")]
    [InlineData("</div></main><i>a", "<i>a</i>")]
    [InlineData("a<script>alert(1)</script>b", "ab<p class=\"note\">[left out of this page: script]</p>")]
    [InlineData("<img src=https://a.example/x.png alt=a>", "<img alt=\"a\"><p class=\"note\">[left out of this page: a picture from elsewhere]</p>")]
    [InlineData("<meta http-equiv=refresh content='0;url=https://a.example'><base href=//a>x", "x")]
    [InlineData("<a href=\"java\nscript:x()\">a</a><a href='https://a.example/?a&amp;b'>b</a>", "<a>a</a><a href=\"https://a.example/?a&amp;b\">b</a>")]
    [InlineData("<p style='background:url(https://a.example)'>a<p style='position:fixed'>b<p style='color:red'>c", "<p>a<p>b<p style=\"color:red\">c</p></p></p>")]
    [InlineData("<svg viewBox='0 0 1 1'><clippath id=c><path d='M0 0'/></clippath><g clip-path='url(#c)' onload='x()'/><foreignObject><b>t", "<svg viewBox=\"0 0 1 1\"><clipPath id=\"p-c\"><path d=\"M0 0\"></path></clipPath><g clip-path=\"url(#p-c)\"></g>t</svg>")]
    [InlineData("<svg font-family=\"'A B', 'C'\"><use xlink:href='https://a.example#x' href='#y'/>", "<svg font-family=\"&#39;A B&#39;, &#39;C&#39;\"><use href=\"#p-y\"></use></svg>")]
    [InlineData("&lt;b&gt; &amp;amp; <<b>", "&lt;b&gt; &amp;amp; &lt;<b></b>")]
    public void Html_that_a_cell_shows_keeps_what_is_known_and_closes_it(string html, string safe) => Assert.Equal(safe, SafeHtml.Of(html, "p-", PageWords.Of(PageText.English)));

    [Fact]
    public void Depth_is_bounded()
    {
        Assert.Equal(200, Regex.Count(SafeHtml.Of(string.Concat(Enumerable.Repeat("<b>", 50_000)), "p-", PageWords.Of(PageText.English)), "</b>"));
        Assert.StartsWith("<span class=\"tex\">", TexMath.ToHtml(string.Concat(Enumerable.Repeat(@"\sqrt", 50_000)) + "x", block: false), StringComparison.Ordinal);
        foreach (var sign in new[] { ">", "[", "**a", "- " })
            Assert.Contains("</html>", Page(Shown(new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { ["text/markdown"] = string.Concat(Enumerable.Repeat(sign, 20_000)) } }.ToJsonString())), StringComparison.Ordinal);
    }

    [Fact]
    public void The_policy_lets_only_the_pages_own_scripts_run_and_nothing_be_fetched()
    {
        var page = Page(new(CellKind.Markdown, "m", "# A"), Shown("""{ "output_type": "display_data", "data": { "application/vnd.plotly.v1+json": { "data": [{ "y": [1, 2], "name": "</script><b>" }], "layout": { "title": { "text": "Gains" } } }, "text/plain": "chart" } }"""));
        Assert.Contains("content=\"default-src 'none'; script-src 'sha256-", page, StringComparison.Ordinal);
        var scripts = Scripts().Matches(page).Select(script => script.Groups[1].Value).ToList();
        Assert.Equal(4, scripts.Count);                 // the theme's, the page's, plotly.js, the charts'
        Assert.All(scripts, script => Assert.Contains($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'", page, StringComparison.Ordinal));
        Assert.StartsWith("/**\n* plotly.js v", scripts[2], StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Gains\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("</script><b>", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<(?:script|img|link|iframe)[^>]* (?:src|href)=\"?(?!data:)", page);
    }

    [Fact]
    public void A_chart_keeps_its_still_picture_for_paper_and_says_what_is_seen()
    {
        var page = Page(Shown("""{ "output_type": "display_data", "data": { "application/vnd.plotly.v1+json": { "data": [], "layout": { "title": { "text": "<b>Gains</b>" } } }, "image/svg+xml": "<svg/>", "text/plain": "Gains. Half is held by a tenth." } }"""));
        Assert.Contains("<figure role=\"group\" tabindex=\"0\" aria-label=\"Gains. Half is held by a tenth.\" class=\"has-still\"><div class=\"still\"><div class=\"picture\"><img alt=\"Gains. Half is held by a tenth.\"", page, StringComparison.Ordinal);
        var alone = Page(Shown("""{ "output_type": "display_data", "data": { "application/vnd.plotly.v1+json": { "data": [], "layout": { "title": { "text": "<b>Gains</b>" } } } } }"""));
        Assert.Contains("aria-label=\"Gains\"><div class=\"still\"><p>Gains</p></div>", alone, StringComparison.Ordinal);
    }

    [Theory, InlineData("choropleth"), InlineData("scattergeo"), InlineData("densitymap")]
    public void A_map_that_would_stay_empty_is_said_to_be_left_out(string type)
    {
        var page = Page(Shown($$"""{ "output_type": "display_data", "data": { "application/vnd.plotly.v1+json": { "data": [{ "type": "{{type}}" }], "layout": { "title": { "text": "Where" } } } } }"""));
        Assert.Contains("<p class=\"note\">Where: a map, whose outlines would have to be fetched", page, StringComparison.Ordinal);
        Assert.DoesNotContain("plotly.js v", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Plotly_is_there_once_for_two_charts_and_not_without_one_and_the_bytes_repeat()
    {
        const string chart = """{ "output_type": "display_data", "data": { "application/vnd.plotly.v1+json": { "data": [] } } }""";
        var two = Page(Shown(chart, chart));
        Assert.Single(Regex.Matches(two, Regex.Escape("* plotly.js v")));
        Assert.Equal(two, Page(Shown(chart, chart)));
        Assert.True(Page(Shown()).Length < 30_000);
    }

    [Fact]
    public void Headings_make_the_contents_with_anchors_of_their_own()
    {
        var page = Page(new(CellKind.Markdown, "a", "# The shop\n\n## What sold\n"), new(CellKind.Markdown, "b", "## What sold\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n"));
        Assert.Contains("<title>The shop</title>", page, StringComparison.Ordinal);
        Assert.Contains("<li class=\"level-2\"><a href=\"#What-sold-2\">What sold</a></li>", page, StringComparison.Ordinal);
        Assert.Contains("<h2 id=\"What-sold-2\">", page, StringComparison.Ordinal);
        Assert.Contains("<table>", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "<h1"));
        Assert.Contains("<h1>Asked</h1>", ReportRenderer.Render(new([new(CellKind.Code, "c", "1")]), "Asked"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A shop", "en", "Show code")]
    [InlineData("这家店的 customers 买了什么", "zh-Hans", "显示代码")]
    public void The_page_speaks_the_language_of_its_text(string text, string language, string button)
    {
        var page = Page(new(CellKind.Markdown, "m", text), new(CellKind.Code, "c", "1"));
        Assert.Contains($"<html lang=\"{language}\">", page, StringComparison.Ordinal);
        Assert.Contains(button, page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("No rows.", "没有记录。")]
    [InlineData("Shown: 25 of 1000 rows.", "仅显示：1000 行中的 25 行。")]
    [InlineData("Shown: the first 25 rows; there are more, 20 of 31 columns.", "仅显示：前 25 行（其后还有）、31 列中的 20 列。")]
    [InlineData("Shown: 20 of 31 columns.", "仅显示：31 列中的 20 列。")]
    public void Notes_of_tables_and_of_what_is_left_out_are_in_the_pages_language(string note, string chinese)
    {
        var columns = Enumerable.Range(0, note.Contains("columns", StringComparison.Ordinal) ? 31 : 2).Select(column => $"c{column}").ToList();
        var rows = Enumerable.Repeat(columns, note.Contains("rows;", StringComparison.Ordinal) || note.Contains("1000", StringComparison.Ordinal) ? 1000 : note == "No rows." ? 0 : 1);
        var html = ShownTable.Of(columns, rows, note.Contains("rows;", StringComparison.Ordinal) ? null : rows.Count()).ToHtml();
        Assert.EndsWith($"<p><em>{note}</em></p>", html, StringComparison.Ordinal);
        var page = Page(new(CellKind.Markdown, "m", "这家店的顾客 ![图](https://a.example/x.png)"), Shown(new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { ["text/html"] = html + "<script>x</script>" } }.ToJsonString()));
        Assert.Contains($"<p><em>{chinese}</em></p>", page, StringComparison.Ordinal);
        Assert.Contains("[本页省略: script]", page, StringComparison.Ordinal);
        Assert.Contains("[图片不在本页中: https://a.example/x.png]", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_is_folded_except_what_the_run_was_told_and_tags_leave_cells_out()
    {
        var page = Page(new(CellKind.Code, "a", "var kept = 1;"), new(CellKind.Code, "b", "int told = 2;", NotebookCell.InjectedParameters), new(CellKind.Code, "c", "gone1", "remove-cell"), new(CellKind.Code, "d", "gone2", "remove-input"));
        Assert.Contains("<details class=\"code\"><summary>Code</summary><pre tabindex=\"0\"><code><span class=\"k\">var</span> kept = <span class=\"n\">1</span>;", page, StringComparison.Ordinal);
        Assert.Contains("<details class=\"code\" open><summary>Parameters of this run</summary>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("gone", page, StringComparison.Ordinal);
    }

    [Theory, InlineData("remove-input"), InlineData("remove-cell")]
    public void What_a_run_was_told_is_left_out_as_the_cell_that_declares_it_is(string tag) =>
        Assert.DoesNotContain("told", Body(Page(new(CellKind.Code, "a", "int told = 1;", NotebookCell.Parameters, tag), new(CellKind.Code, "b", "told = 2;", NotebookCell.InjectedParameters))), StringComparison.Ordinal);

    [Theory]
    [InlineData("#!sql --as a\nSELECT 'it''s' -- x", "<span class=\"c\">#!sql --as a</span>\n<span class=\"k\">SELECT</span> <span class=\"s\">&#39;it&#39;&#39;s&#39;</span> <span class=\"c\">-- x</span>")]
    [InlineData("var s = $\"a\\\"b\" + @\"c\"\"d\"; // e", "<span class=\"k\">var</span> s = <span class=\"s\">$&quot;a\\&quot;b&quot;</span> + <span class=\"s\">@&quot;c&quot;&quot;d&quot;</span>; <span class=\"c\">// e</span>")]
    [InlineData("new BgNbd(0.5) /* open", "<span class=\"k\">new</span> <span class=\"t\">BgNbd</span>(<span class=\"n\">0.5</span>) <span class=\"c\">/* open</span>")]
    [InlineData("\"open < \n'", "<span class=\"s\">&quot;open &lt; </span>\n&#39;")]
    public void Code_has_colours(string code, string html) => Assert.Equal(html, CodeColours.Cell(code));

    [Theory]
    [InlineData("x_1^2", "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>")]
    [InlineData(@"\frac{\alpha}{2}", "<mfrac><mrow><mi>α</mi></mrow><mrow><mn>2</mn></mrow></mfrac>")]
    [InlineData(@"\sqrt{n}", "<msqrt><mrow><mi>n</mi></mrow></msqrt>")]
    [InlineData(@"\text{a < b}", "<mtext>a &lt; b</mtext>")]
    [InlineData("P(x)", "<mi>P</mi><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo>")]
    [InlineData(@"\left(x\right)", "<mo>(</mo><mrow><mi>x</mi></mrow><mo>)</mo>")]
    public void Formulas_are_MathML(string tex, string part)
    {
        Assert.Contains(part, TexMath.ToHtml(tex, block: false), StringComparison.Ordinal);
        var page = Page(new NotebookCell(CellKind.Markdown, "m", $"Inline ${tex}$ and\n$${tex}$$\n"));
        Assert.Equal(2, Regex.Count(page, Regex.Escape(part)));
        Assert.DoesNotContain("$", Body(page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"\begin{matrix}1\end{matrix}")]
    [InlineData("{x")]
    [InlineData("x^")]
    [InlineData("<script>_")]
    [InlineData("a_1_2")]
    public void A_formula_beyond_the_part_known_is_text_set_apart(string tex)
    {
        Assert.Equal($"<span class=\"tex\">{PageText.Encode(tex)}</span>", TexMath.ToHtml(tex, block: false));
        Assert.StartsWith("<div class=\"tex\">", TexMath.ToHtml(new string('{', 10_000), block: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_come_from_attachments_and_the_notebooks_folder_only()
    {
        using var folder = new CustomerValue.Testing.TemporaryFolder();
        folder.Write("secret.png", "x");
        Directory.CreateDirectory(folder.In("in"));
        File.WriteAllText(folder.In("in", "near.png"), "near");
        var cell = new NotebookCell(CellKind.Markdown, "m", "![one](near.png) ![two](../secret.png) ![three](https://a.example/x.png) ![four](attachment:a.png)");
        cell.Json["attachments"] = new JsonObject { ["a.png"] = new JsonObject { ["image/png"] = "AAAA" } };
        var page = ReportRenderer.Render(new([cell]), folder: folder.In("in"));
        Assert.Contains("<img src=\"data:image/png;base64,bmVhcg==\" alt=\"one\"", page, StringComparison.Ordinal);
        Assert.Contains("[picture not in this page: ../secret.png]", page, StringComparison.Ordinal);
        Assert.Contains("[picture not in this page: https://a.example/x.png]", page, StringComparison.Ordinal);
        Assert.Contains("<img src=\"data:image/png;base64,AAAA\" alt=\"four\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_tells_its_message_without_a_terminals_colours()
    {
        var page = Page(Shown("""{ "output_type": "error", "ename": "System.Exception", "evalue": "no luck", "traceback": ["\u001b[31mcell 1, line 2\u001b[0m"] }"""));
        Assert.Contains("<strong>System.Exception</strong>: no luck</p><pre tabindex=\"0\">cell 1, line 2</pre>", page, StringComparison.Ordinal);
    }

    private static string Page(params NotebookCell[] cells) => ReportRenderer.Render(new(cells));

    private static NotebookCell Shown(params string[] outputs) => new(CellKind.Code, "shown", "1") { Outputs = new JsonArray([.. outputs.Select(output => JsonNode.Parse(output))]) };

    private static string JsonEncoded(string text) => JsonValue.Create(text).ToJsonString()[1..^1];

    private static string Body(string page) => page[page.IndexOf("<main", StringComparison.Ordinal)..page.IndexOf("</main>", StringComparison.Ordinal)];

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Scripts();
}
