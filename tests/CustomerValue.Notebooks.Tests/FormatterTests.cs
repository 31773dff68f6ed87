using System.Text.Json.Nodes;
using CustomerValue.Evaluation;
using CustomerValue.Features;
using Microsoft.Data.Analysis;

namespace CustomerValue.Notebooks.Tests;

public class FormatterTests
{
    private sealed record Buyer(string Name, double Spend, DateOnly? Since = null);

    private sealed class Stubborn
    {
        public string Fine => "fine";

        public string Broken => throw new InvalidOperationException("no");
    }

    [Fact]
    public void Plain_values_are_text_in_every_culture_the_same()
    {
        Assert.Equal("1.5", Plain(1.5));
        Assert.Equal("null", Plain(null));
        Assert.Equal("<b>", Plain("<b>"));
        Assert.Equal("2024-07-01", Plain(new DateOnly(2024, 7, 1)));
        Assert.Equal([MimeBundle.Plain], Formatter.Of("<script>").Forms.Keys);
    }

    [Fact]
    public void Sequences_are_tables_of_their_members()
    {
        var html = Html(new[] { new Buyer("Ada", 1.5, new(2024, 7, 1)), new Buyer("Bob", 2) });
        Assert.Equal("<table class=\"cv-table\"><thead><tr><th>Name</th><th>Spend</th><th>Since</th></tr></thead><tbody><tr><td>Ada</td><td>1.5</td><td>2024-07-01</td></tr><tr><td>Bob</td><td>2</td><td></td></tr></tbody></table>", html);
        Assert.Equal("Name  Spend\nAda   1.5", Plain(new[] { new { Name = "Ada", Spend = 1.5 } }));
        Assert.Equal("#  value\n0  a\n1  b", Plain(new[] { "a", "b" }));
        Assert.Equal("Key  Value\na    1", Plain(new Dictionary<string, int> { ["a"] = 1 }));
        Assert.Equal("Item1  Item2\n1      x", Plain(new List<(int, string)> { (1, "x") }));
        Assert.Equal("#  value\n0  1\n1  x", Plain(new object[] { 1, "x" }));
        Assert.Contains("<td>3</td>", Html(new[] { new Dictionary<string, object?> { ["n"] = 3 } }));
    }

    [Fact]
    public void A_record_is_a_table_of_its_own_and_a_member_that_fails_ends_nothing()
    {
        Assert.Contains("<th>Buyer</th>", Html(new Buyer("Ada", 1.5)));
        Assert.Contains("<td>(InvalidOperationException)</td>", Html(new Stubborn()));
    }

    [Fact]
    public void A_board_of_texts_shows_the_figures_of_classes()
    {
        var board = Scoreboard.Of([0, 1, 1], ("sure", [[0.9, 0.1], [0.2, 0.8], [0.3, 0.7]]));
        Assert.Contains("Accuracy", Plain(board));
        Assert.Contains("sure", Plain(board));
    }

    [Fact]
    public void Text_of_data_is_escaped_everywhere()
    {
        const string bad = "<script>alert('x')</script>";
        object[] values =
        [
            new[] { bad }, new[] { new Buyer(bad, 1) }, new Buyer(bad, 1), new Dictionary<string, object?> { [bad] = bad }, new[] { new Dictionary<string, object?> { [bad] = bad } },
            new InvalidDataException(bad), new DataFrame(new StringDataFrameColumn(bad, [bad])), new Scoreboard([new(bad, new Dictionary<string, double>())]),
            new FeatureTable(new(2024, 7, 1), [bad], [new(bad, "count", "", "")], [[1.0]]), new SqlTable([bad], [[bad]]),
        ];
        Assert.All(values, value => Assert.DoesNotContain("<script", Html(value), StringComparison.OrdinalIgnoreCase));
        Assert.All(values, value => Assert.Contains("&lt;script&gt;", Html(value)));
    }

    [Fact]
    public void Long_tables_are_cut_with_a_note()
    {
        var html = Html(Enumerable.Range(0, 1000).ToList());
        Assert.Equal(25 + 1, html.Split("<tr>").Length - 1);
        Assert.EndsWith("<p><em>Shown: 25 of 1000 rows.</em></p>", html);
        Assert.EndsWith("there are more.", Plain(Forever()));
        Assert.DoesNotContain("Shown", Html(Enumerable.Range(0, 25).ToList()));
        var wide = new FeatureTable(new(2024, 7, 1), ["a"], [.. Enumerable.Range(0, 30).Select(i => new FeatureInfo($"f{i}", "count", "", ""))], [.. Enumerable.Range(0, 30).Select(_ => new[] { 1.0 })]);
        Assert.EndsWith("Shown: 20 of 31 columns.", Plain(wide));
        Assert.InRange(Html(new[] { new string('x', 10_000) }).Length, 200, 400);

        static IEnumerable<int> Forever()
        {
            for (var i = 0; ; i++) yield return i;
        }
    }

    [Fact]
    public void Feature_tables_boards_and_frames_have_their_heads()
    {
        var table = new FeatureTable(new(2024, 7, 1), ["ada", "bob"], [new("orders", "count", "Orders so far.", "")], [[3.0, 4.0]]);
        Assert.Equal("customer  orders\nada       3\nbob       4", Plain(table));
        var board = new Scoreboard([new("BG/NBD", new Dictionary<string, double> { [Metric.All[0].Key] = 0.12345 })]);
        Assert.Equal($"<th>candidate</th><th>{Metric.All[0].Title}</th>", Html(board).Split("<tr>")[1].Split("</tr>")[0]);
        Assert.Contains("<td>0.1235</td>", Html(board));
        var frame = new DataFrame(new StringDataFrameColumn("name", Enumerable.Range(0, 100).Select(i => $"c{i}")), new DoubleDataFrameColumn("spend", Enumerable.Range(0, 100).Select(i => i / 2.0)));
        Assert.Contains("<th>name</th><th>spend</th></tr></thead><tbody><tr><td>c0</td><td>0</td></tr><tr><td>c1</td><td>0.5</td></tr>", Html(frame));
        Assert.EndsWith("Shown: 25 of 100 rows.", Plain(frame));
    }

    [Fact]
    public void A_chart_of_the_house_has_both_its_drawings_and_says_what_is_seen()
    {
        var chart = CustomerValue.Charts.ValueDistributionChart.Of([10, 20, 30, 400], what: "Net spend of <b>");
        var forms = Formatter.Of(chart).Forms;
        Assert.Equal([ForeignForms.Plotly, "image/svg+xml", MimeBundle.Plain], forms.Keys);
        Assert.Equal(chart.ToSvg(), (string)forms["image/svg+xml"]!);
        Assert.Equal($"{chart.Title} {chart.Reading}", (string)forms[MimeBundle.Plain]!);
        Assert.NotEmpty(forms[ForeignForms.Plotly]!["data"]!.AsArray());
    }

    [Fact]
    public void Charts_of_plotly_are_their_figures()
    {
        var chart = Plotly.NET.GenericChart.ofTraceObject(true, new Plotly.NET.Trace("scatter"));
        var figure = Assert.IsType<JsonObject>(Formatter.Of(chart).Forms["application/vnd.plotly.v1+json"]);
        Assert.Equal("scatter", figure["data"]![0]!["type"]!.GetValue<string>());
        Assert.NotNull(figure["layout"]);
    }

    private static string Html(object? value) => Formatter.Of(value).Forms[MimeBundle.Html]!.GetValue<string>();

    private static string Plain(object? value) => Formatter.Of(value).Forms[MimeBundle.Plain]!.GetValue<string>();
}
