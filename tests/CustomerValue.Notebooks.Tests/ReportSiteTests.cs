using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CustomerValue.Notebooks.Tests;

public class ReportSiteTests
{
    private const string Run = "c4789850aabbccddeeff001122334455";

    [Fact]
    public void The_first_page_says_what_each_report_asks_and_found_and_leads_to_it()
    {
        var pages = ReportSite.Render([new("01-look", Asking("Who buys?", "Who **buys** `again`,\nand *why*?"))]).ToList();
        Assert.Equal(["01-look.html", "index.html"], pages.Select(page => page.FileName));
        var index = pages[1].Html;
        Assert.Contains("<title>Reports</title>", index, StringComparison.Ordinal);
        Assert.Contains("<h2><a href=\"01-look.html\">Who buys?</a></h2>\n<p>Who buys again, and why?</p>", index, StringComparison.Ordinal);
        Assert.Contains("<dt>AUC</dt><dd>0.910</dd>", index, StringComparison.Ordinal);
        Assert.Contains($"Run <code>{Run}</code>", index, StringComparison.Ordinal);
        Assert.Contains("<p class=\"note\">English</p>", index, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", index, StringComparison.Ordinal);
        Assert.True(index.Length < 20_000, $"{index.Length} characters");
        Assert.Contains("<header><a href=\"index.html\">All reports</a>", pages[0].Html, StringComparison.Ordinal);
        Assert.DoesNotContain("index.html", ReportRenderer.Render(Asking("A", "b")), StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_that_differ_by_language_stand_side_by_side_and_lead_to_one_another()
    {
        var pages = ReportSite.Render([new("05-report.en", Asking("Report", "Who leaves?")), new("05-report.zh", Asking("报告", "谁会离开？")), new("06", Asking("Other", "What?"))], "Shop & more").ToList();
        var index = pages[^1].Html;
        Assert.Contains("<h1>Shop &amp; more</h1>", index, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(index, "<div class=\"reports\">"));
        var both = Regex.Match(index, "<div class=\"reports\">.*?</article>\n</div>", RegexOptions.Singleline).Value;
        Assert.Contains("<article lang=\"en\">", both, StringComparison.Ordinal);
        Assert.Contains("<article lang=\"zh-Hans\">\n<h2><a href=\"05-report.zh.html\">报告</a></h2>\n<p>谁会离开？</p>", both, StringComparison.Ordinal);
        Assert.Contains($"运行 <code>{Run}</code>", both, StringComparison.Ordinal);
        Assert.Contains("<a href=\"index.html\">All reports</a><a lang=\"zh-Hans\" href=\"05-report.zh.html\">中文</a>", pages[0].Html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"index.html\">全部报告</a><a lang=\"en\" href=\"05-report.en.html\">English</a>", pages[1].Html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_notebook_leads_to_its_page_in_the_readers_language()
    {
        NotebookFile Linking() => new([new(CellKind.Markdown, "m", "# A\n\n[one](02-b.ipynb) [two](./02-b.ipynb#Where%20to) [three](05-report.ipynb) [four](none.ipynb) [five](../02-b.ipynb)")]);
        var pages = ReportSite.Render([new("01.zh", Linking()), new("01.en", Linking()), new("02-b", Asking("B", "b")), new("05-report.en", Asking("R", "r")), new("05-report.zh", Asking("R", "r"))]).ToList();
        Assert.Contains("<a href=\"02-b.html\">one</a> <a href=\"02-b.html#Where%20to\">two</a> <a href=\"05-report.zh.html\">three</a> <a href=\"none.ipynb\">four</a> <a href=\"../02-b.ipynb\">five</a>", pages[0].Html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"05-report.en.html\">three</a>", pages[1].Html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"02-b.ipynb\">one</a>", ReportRenderer.Render(Linking()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_stopped_says_so_and_hostile_names_stay_text()
    {
        const string Hostile = "<script>alert(1)</script>\"'";
        var failed = new NotebookFile([new(CellKind.Markdown, "m", $"# {Hostile}\n\n{Hostile}"), new(CellKind.Code, "c", "x") { Outputs = [JsonNode.Parse("""{ "output_type": "error", "ename": "E", "evalue": "v", "traceback": [] }""")] }]);
        var pages = ReportSite.Render([new(Hostile.Replace("/", "", StringComparison.Ordinal), failed)], Hostile).ToList();
        Assert.Contains("<p class=\"error\">Stopped at an error</p>", pages[1].Html, StringComparison.Ordinal);
        Assert.All(pages, page => Assert.DoesNotContain("<script>alert", page.Html, StringComparison.Ordinal));
        Assert.Contains("href=\"%3Cscript%3Ealert%281%29%3Cscript%3E%22%27.html\"", pages[1].Html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_reports_give_the_same_bytes() =>
        Assert.Equal(ReportSite.Render([new("a", Asking("A", "b"))]).ToList(), ReportSite.Render([new("a", Asking("A", "b"))]).ToList());

    [Fact]
    public void A_page_never_takes_anothers_place()
    {
        Assert.Contains("index.html", Assert.Throws<ArgumentException>(() => ReportSite.Render([new("index", Asking("A", "b"))])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ReportSite.Render([new("a", Asking("A", "b")), new("A", Asking("A", "b"))]));
        Assert.Throws<ArgumentException>(() => ReportSite.Render([]));
    }

    [Theory]
    [InlineData("en", "en"), InlineData("zh", "zh-Hans"), InlineData("de", "zh-Hans")]
    public async Task The_language_that_a_run_was_told_is_that_of_the_page_and_without_a_known_one_its_texts(string told, string language)
    {
        var notebook = new NotebookFile([new(CellKind.Markdown, "m", "谁会离开？"), new(CellKind.Code, "p", "var language = \"\";", NotebookCell.Parameters)]);
        Assert.Null((await new NotebookRunner(new() { Parameters = new Dictionary<string, string> { ["language"] = told } }).RunAsync(notebook, cancellation: TestContext.Current.CancellationToken)).Failure);
        Assert.Contains($"<html lang=\"{language}\">", ReportRenderer.Render(notebook), StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_that_a_cell_shows_counts_as_the_reports_own()
    {
        var page = ReportRenderer.Render(new([Marked("# 报告\n\n谁会离开？\n\n## 结论\n")]));
        Assert.Contains("<html lang=\"zh-Hans\">", page, StringComparison.Ordinal);
        Assert.Contains("<title>报告</title>", page, StringComparison.Ordinal);
        Assert.Contains("<li class=\"level-2\">", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "<h1"));
    }

    private static NotebookCell Marked(string text) => new(CellKind.Code, "shown", "Show()") { Outputs = [new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { ["text/markdown"] = text } }] };

    private static NotebookFile Asking(string title, string question)
    {
        var figures = new KeyFigures([new("AUC", "0.910")]) { Run = Run }.ToBundle().ToNbformat();
        return new([new(CellKind.Markdown, "m", $"# {title}\n\n{question}\n\nMore.\n"), new(CellKind.Code, "c", "figures") { Outputs = [new JsonObject { ["output_type"] = "execute_result", ["data"] = figures }] }]);
    }
}
