using System.Text.Json;
using System.Text.RegularExpressions;
using Plotly.NET;

namespace CustomerValue.Charts.Tests;

public partial class PlotlyFigureTests
{
    public static TheoryData<string> Names => [.. SampleCharts.Every.Select(c => c.Name)];

    [Theory, MemberData(nameof(Names))]
    public void The_figure_has_the_points_of_the_picture(string name)
    {
        var chart = Named(name);
        var traces = Figure(chart).GetProperty("data").EnumerateArray().ToList();
        var series = chart.Series.Where(s => s.Points.Count > 0).ToList();
        Assert.Equal(series.Count + (chart.Cells is null ? 0 : 1), traces.Count);
        foreach (var (trace, own) in traces.Skip(chart.Cells is null ? 0 : 1).Zip(series))
        {
            var points = own.Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)).ToList();
            if (!own.Barred) Assert.Equal(points.Select(p => At(chart.X, p.X)), Numbers(trace, "x"));
            else Assert.Equal(points.Select(p => At(chart.X, p.Across!.Value.High) - At(chart.X, p.Across!.Value.Low)), Numbers(trace, "width"));
            Assert.Equal(points.Select(p => At(chart.Y, p.Y)), Numbers(trace, "y"));
            Assert.Equal(points.Select(p => PlotlyFigure.Escaped($"{p.Text}")), trace.GetProperty("text").EnumerateArray().Select(t => t.GetString()!));
            Assert.Equal(own.Legend is not null, trace.GetProperty("showlegend").GetBoolean());
        }
        if (chart.Cells is not { } cells) return;
        Assert.Equal("heatmap", traces[0].GetProperty("type").GetString());
        Assert.Equal(cells.Cells.SelectMany(row => row.Select(c => c?.Shade)), traces[0].GetProperty("z").EnumerateArray().SelectMany(row => row.EnumerateArray().Select(z => z.ValueKind == JsonValueKind.Null ? (double?)null : z.GetDouble())));
    }

    [Theory, MemberData(nameof(Names))]
    public void Titles_and_units_are_those_of_the_picture(string name)
    {
        var (chart, layout) = (Named(name), Figure(Named(name)).GetProperty("layout"));
        Assert.Contains(PlotlyFigure.Escaped(chart.Title).Split(' ')[^1], Unbroken(layout, "title"), StringComparison.Ordinal);
        Assert.Equal(PlotlyFigure.Escaped(chart.X.Title.ToString()), Unbroken(layout.GetProperty("xaxis"), "title"));
        if (chart.Y.Rows.Count == 0) Assert.Equal(PlotlyFigure.Escaped(chart.Y.Title.ToString()), Unbroken(layout.GetProperty("yaxis"), "title"));
        else Assert.Equal(chart.Y.Rows.Count, layout.GetProperty("yaxis").GetProperty("ticktext").GetArrayLength());
    }

    [Theory, MemberData(nameof(Names))]
    public void A_name_stays_text_whatever_is_in_it(string name)
    {
        var json = GenericChart.toFigureJson(Named(name).Plotly);
        string[] tags = [.. Strings(JsonDocument.Parse(json).RootElement).SelectMany(s => Tag().Matches(s).Select(m => m.Value)).Distinct()];
        Assert.All(tags, tag => Assert.True(tag is "<br>" or "<extra>" or "</extra>" or "<b>" or "</b>" or "</span>" || tag.StartsWith("<span style=\"font-size", StringComparison.Ordinal), tag));
        Assert.DoesNotContain("script>", string.Concat(tags), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("</script", json, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Neither_markup_nor_dollars_mean_anything() =>
        Assert.Equal("&lt;b&gt; R&amp;D &#36;x&#36; \uFFFD", PlotlyFigure.Escaped("<b> R&D $x$ \u0001"));

    [Fact]
    public void The_same_chart_is_the_same_bytes() =>
        Assert.Equal(SampleCharts.Every.Select(c => GenericChart.toFigureJson(c.Plotly)), SampleCharts.Make().Select(c => GenericChart.toFigureJson(c.Plotly)));

    [Fact]
    public void A_chart_without_anything_to_draw_says_why()
    {
        var chart = GainsChart.Of(Sample.Of(_ => 0), Sample.Candidates, "blend");
        Assert.Contains("Nobody spent anything in these days", Figure(chart).GetProperty("layout").GetProperty("annotations")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(chart.Absence!.ToString(), chart.Reading);
    }

    /// <summary>plotly.js puts entries that don't fit in one row into columns as wide as the widest; what a row needs is kept free above the plot.</summary>
    [Fact]
    public void A_legend_of_several_rows_has_room()
    {
        var name = string.Concat(Enumerable.Repeat("a name that goes on ", 4));
        var (one, four) = (Top(LiftChart.Of(Sample.Labels, Sample.Candidates, "blend")), Top(LiftChart.Of(Sample.Labels, [(name, Sample.Candidates[2].Scores), .. Sample.Candidates], name)));
        Assert.Equal((3 * 24.0, 3 * 24.0), (four.Margin - one.Margin, four.Height - one.Height));

        static (double Margin, double Height) Top(Chart chart) =>
            Figure(chart).GetProperty("layout") is var layout ? (layout.GetProperty("margin").GetProperty("t").GetDouble(), layout.GetProperty("height").GetDouble()) : default;
    }

    private static Chart Named(string name) => SampleCharts.Every.First(c => c.Name == name);

    private static JsonElement Figure(Chart chart) => JsonDocument.Parse(GenericChart.toFigureJson(chart.Plotly)).RootElement;

    private static string Unbroken(JsonElement element, string title) => element.GetProperty(title).GetProperty("text").GetString()!.Replace("<br>", " ", StringComparison.Ordinal);

    private static IEnumerable<double> Numbers(JsonElement trace, string name) => trace.GetProperty(name).EnumerateArray().Select(n => n.GetDouble());

    private static double At(Axis axis, double value) => axis.Scale == AxisScale.SquareRoot ? Math.Sqrt(value) : value;

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Strings(p.Value).Append(p.Name)),
        _ => [],
    };

    [GeneratedRegex("<[^>]*>?")]
    private static partial Regex Tag();
}
