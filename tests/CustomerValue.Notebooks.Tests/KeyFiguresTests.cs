using System.Text.Json.Nodes;

namespace CustomerValue.Notebooks.Tests;

public class KeyFiguresTests
{
    private const string Run = "c4789850aabbccddeeff001122334455";
    private const string Hostile = "<script>alert(1)</script>";

    private static readonly KeyFigures s_figures = new([new("AUC of leaving", "0.910", "[0.897, 0.923]"), new("Customers", "1,284")]) { Run = Run, Experiment = "0001-shop" };

    [Fact]
    public async Task A_cell_that_ends_in_them_shows_cards_and_the_run_and_says_them_as_data()
    {
        using var cells = new Cells();
        Assert.NotNull(await cells.ValueAsync($$"""new CustomerValue.Notebooks.KeyFigures([new("AUC of leaving", "0.910", "[0.897, 0.923]")]) { Run = "{{Run}}" }"""));
        var bundle = Formatter.Of(s_figures);
        Assert.Equal([KeyFigures.MimeType, "text/html", "text/plain"], bundle.Forms.Keys);
        Assert.Equal($"AUC of leaving: 0.910 [0.897, 0.923]\nCustomers: 1,284\nRun: {Run}", bundle.Forms["text/plain"]!.GetValue<string>());
        Assert.Equal($$"""{"figures":[{"name":"AUC of leaving","value":"0.910","note":"[0.897, 0.923]"},{"name":"Customers","value":"1,284","note":""}],"run":"{{Run}}","run_link":null,"experiment":"0001-shop"}""",
            bundle.Forms[KeyFigures.MimeType]!.ToJsonString());
        var html = bundle.Forms["text/html"]!.GetValue<string>();
        Assert.Contains("<div><dt>AUC of leaving</dt><dd>0.910</dd><dd class=\"note\">[0.897, 0.923]</dd></div><div><dt>Customers</dt><dd>1,284</dd></div>", html, StringComparison.Ordinal);
        Assert.Contains($"Experiment 0001-shop · Run <code>{Run}</code> · <code>customervalue runs show c4789850</code>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_notebook_kept_is_read_back()
    {
        var linked = s_figures with { RunLink = "https://runs.example/#/experiments/1/runs/2?a&b" };
        Assert.Equal(linked.ToHtml(Words()), KeyFigures.Of(Form(linked))!.ToHtml(Words()));
        Assert.Contains($"Run <a href=\"https://runs.example/#/experiments/1/runs/2?a&amp;b\">{Run}</a></p>", linked.ToHtml(Words()), StringComparison.Ordinal);
        Assert.Contains("运行 <code>", s_figures.ToHtml(PageWords.Of(PageText.Chinese)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""{ "figures": [] }""")]
    [InlineData("""{ "figures": [{ "name": "a" }] }""")]
    [InlineData("""{ "figures": [{ "name": "a", "value": 1 }] }""")]
    [InlineData("""{ "figures": ["a"] }""")]
    public void What_is_none_is_left_to_the_other_forms(string form) => Assert.Null(KeyFigures.Of(JsonNode.Parse(form)));

    [Fact]
    public void A_strangers_file_brings_neither_marks_nor_links_that_run()
    {
        var form = JsonNode.Parse($$"""{ "figures": [{ "name": "{{Hostile}}", "value": "{{Hostile}}", "note": "{{Hostile}}" }], "run": "{{Run}}", "run_link": "javascript:alert(1)", "experiment": "{{Hostile}}" }""");
        var html = KeyFigures.Of(form)!.ToHtml(Words());
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript", html, StringComparison.Ordinal);
        Assert.Contains("<code>customervalue runs show c4789850</code>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<p", KeyFigures.Of(JsonNode.Parse($$"""{ "figures": [{ "name": "a", "value": "b" }], "run": "{{Hostile}}" }"""))!.ToHtml(Words()), StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_links_and_figures_are_checked_where_they_are_set()
    {
        Assert.Contains("32 hex digits", Assert.Throws<ArgumentException>(() => s_figures with { Run = "c4789850" }).Message, StringComparison.Ordinal);
        Assert.Contains("http://", Assert.Throws<ArgumentException>(() => s_figures with { RunLink = "javascript:alert(1)" }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new KeyFigures([]));
    }

    private static PageWords Words() => PageWords.Of(PageText.English);

    private static JsonNode? Form(KeyFigures figures) => JsonNode.Parse(figures.ToBundle().Forms[KeyFigures.MimeType]!.ToJsonString());
}
