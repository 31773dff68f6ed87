namespace CustomerValue.Notebooks.Tests;

public class ProseTests
{
    [Fact]
    public void A_passage_is_shown_in_the_language_asked_for()
    {
        var count = 1557;
        Assert.Equal("**1,557** customers", new Prose("en").Markdown($"**{count:#,0}** customers", $"**{count:#,0}** 位客户").Text);
        Assert.Equal("**1,557** 位客户", new Prose("zh").Markdown($"**{count:#,0}** customers", $"**{count:#,0}** 位客户").Text);
        Assert.Equal("客户", new Prose("zh").Text("customer", "客户"));
    }

    [Fact]
    public void Texts_of_data_stay_text()
    {
        const string name = "<script>*a*</script>\n# $x$ `b`";
        var marked = new Prose("en").Markdown($"They bought {name}.", $"");
        var page = ReportRenderer.Render(new([Shown(marked)]));
        Assert.Contains("<p>They bought &lt;script&gt;*a*&lt;/script&gt; # $x$ `b`.</p>", page);
    }

    [Fact]
    public void Another_language_is_refused() => Assert.Contains("'de'", Assert.Throws<ArgumentException>(() => new Prose("de")).Message);

    [Fact]
    public void Headings_that_a_cell_shows_stand_in_the_contents_and_tell_the_pages_language()
    {
        var page = ReportRenderer.Render(new([Shown(new("# 客户报告\n\n## 谁会流失？")), Shown(new("## 怎么办"), "d")]));
        Assert.Contains("<html lang=\"zh", page);
        Assert.Contains("<title>客户报告</title>", page);
        Assert.Matches("<nav[^>]*>(?s).*谁会流失？.*怎么办.*</nav>", page);
    }

    private static NotebookCell Shown(MarkdownText text, string id = "c")
    {
        var outputs = new CellOutputs();
        outputs.Result(Formatter.Of(text), 1);
        return new(CellKind.Code, id, "x") { Outputs = outputs.Take() };
    }
}
