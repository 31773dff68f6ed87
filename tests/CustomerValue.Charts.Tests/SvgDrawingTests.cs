using System.Globalization;
using System.Xml.Linq;
using CustomerValue.Models;
using CustomerValue.Testing;

namespace CustomerValue.Charts.Tests;

public class SvgDrawingTests
{
    private static IReadOnlyList<Chart> Charts => ExperimentCharts.Of(Sample.Findings(Sample.Labels, Sample.Candidates));

    /// <summary>Approved by eye: what these customers look like. A change that is meant is approved by copying the file that the message names.</summary>
    [Theory, InlineData("decile-calibration"), InlineData("candidates-value"), InlineData("churn-reliability")]
    public void The_same_chart_is_the_same_bytes_on_every_machine(string name)
    {
        var (approved, drawn) = (Path.Combine(RealData.Root, "tests", "golden", $"chart-{name}.svg"), Path.Combine(AppContext.BaseDirectory, $"chart-{name}.svg"));
        File.WriteAllText(drawn, Charts.Single(c => c.Name == name).ToSvg());
        Assert.True(File.Exists(approved) && File.ReadAllBytes(approved).AsSpan().SequenceEqual(File.ReadAllBytes(drawn)), $"{drawn} isn't {approved}.");
    }

    [Fact]
    public void No_culture_changes_it()
    {
        var here = CultureInfo.CurrentCulture;
        var before = Charts.Select(c => c.ToSvg()).ToList();
        var strange = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (strange.NumberFormat.NumberDecimalSeparator, strange.NumberFormat.NumberGroupSeparator, strange.NumberFormat.NegativeSign) = (",", ".", "~");
        CultureInfo.CurrentCulture = strange;
        try { Assert.Equal(before, Charts.Select(c => c.ToSvg())); }
        finally { CultureInfo.CurrentCulture = here; }
    }

    [Fact]
    public void A_name_stays_text_whatever_is_in_it()
    {
        var clean = Sample.Hostile.Replace('\u0001', '\uFFFD').Replace('\ud800', '\uFFFD');
        foreach (var svg in Charts.Select(c => c.Parsed()))
        {
            string[] drawn = ["svg", "title", "desc", "rect", "text", "line", "polyline", "polygon", "circle", "g"];
            Assert.Empty(svg.DescendantsAndSelf().Select(e => e.Name.LocalName).Except(drawn));
            Assert.DoesNotContain(svg.DescendantsAndSelf().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        }
        var candidates = Charts.Single(c => c.Name == "candidates-value").Parsed();
        Assert.Contains(candidates.All("desc"), d => d.Value.Contains(clean, StringComparison.Ordinal));
        Assert.Contains(Charts.Single(c => c.Name == "decile-calibration").Parsed().All("title"), t => t.Value == clean);
    }

    [Fact]
    public void Readers_who_cannot_see_are_told_title_and_figures()
    {
        foreach (var chart in Charts)
        {
            var svg = chart.Parsed();
            Assert.Equal("img", svg.Attribute("role")!.Value);
            var told = svg.Attribute("aria-labelledby")!.Value.Split(' ').Select(id => svg.Elements().Single(e => e.Attribute("id")?.Value == id).Value).ToList();
            Assert.Equal(chart.Title, told[0]);
            Assert.Contains("blend", told[1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Values_lie_where_their_axes_put_them()
    {
        var chart = Charts.Single(c => c.Name == "gains");
        var svg = chart.Parsed();
        var ticks = svg.All("text").Where(t => t.Attribute("text-anchor")?.Value == "middle").ToLookup(t => t.Value, t => At(t, "x"));
        var (zero, all) = (ticks["0 %"].Single(), ticks["100 %"].Single());
        var curve = svg.All("g").Single(g => g.Elements().First().Value == "blend").Elements().Single(e => e.Name.LocalName == "polyline").Attribute("points")!.Value.Split(' ')
            .Select(p => double.Parse(p.Split(',')[0], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(chart.Series[^1].Points.Count, curve.Count);
        Assert.All(curve.Zip(chart.Series[^1].Points), pair => Assert.Equal(zero + pair.Second.X * (all - zero), pair.First, 0.011));
    }

    [Fact]
    public void Nothing_leaves_the_picture_however_long_the_names()
    {
        var name = string.Concat(Enumerable.Repeat("a name that goes on and on ", 12));
        var charts = ExperimentCharts.Of(Sample.Findings(Sample.Labels, [(name, Sample.Candidates[2].Scores), .. Sample.Candidates.Select(c => (c.Name, c.Scores))], name, name));
        foreach (var svg in charts.Select(c => c.Parsed()))
            foreach (var text in svg.All("text").Where(t => t.Attribute("transform") is null))
            {
                var size = double.Parse(text.Attribute("font-size")!.Value, CultureInfo.InvariantCulture);
                var (x, width) = (At(text, "x"), SvgText.Width(text.Value, size));
                var from = text.Attribute("text-anchor")?.Value switch { "end" => x - width, "middle" => x - width / 2, _ => x };
                Assert.True(from >= 0 && from + width <= At(svg, "width") && At(text, "y") <= At(svg, "height"), $"'{text.Value}' runs from {from:0} to {from + width:0}.");
            }
    }

    [Fact]
    public void A_chart_without_points_that_can_be_drawn_is_drawn_without_them()
    {
        var chart = new Chart(new($"x", 0, 1), new($"y", 0, 1))
        {
            Name = "none", Title = "None", Subtitle = "", Description = "", Reading = "",
            Series = [new($"broken", Role.Winner, [new(double.NaN, 0), new(0, double.PositiveInfinity) { Label = $"lost" }, new(0.5, 0.5) { Across = new(double.NaN, 1) }]) { Joined = true, Marked = true, Legend = $"broken" }],
        };
        Assert.Equal(2, chart.Parsed().All("circle").Count());                                             // the one that can, and the legend's
        Assert.DoesNotContain("NaN", chart.ToSvg(), StringComparison.Ordinal);
        Assert.DoesNotContain("lost", chart.Texts());
    }

    private static double At(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
