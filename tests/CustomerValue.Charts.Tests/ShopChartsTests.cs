using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Charts.Tests;

/// <summary>Charts of shops, customers, models and trainings: what each draws is what the library counted, and pictures say so.</summary>
public class ShopChartsTests
{
    public static TheoryData<string> Names => [.. SampleCharts.Every.Select(c => c.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Each_picture_names_its_axes_and_keeps_names_as_text(string name)
    {
        var chart = Named(name);
        var (svg, texts) = (chart.Parsed(), string.Join(' ', chart.Texts()));
        Assert.Contains(SvgText.Clean(chart.X.Title.ToString()), texts, StringComparison.Ordinal);
        if (chart.Y.Rows.Count == 0) Assert.Contains(SvgText.Clean(chart.Y.Title.ToString()), texts, StringComparison.Ordinal);
        string[] drawn = ["svg", "title", "desc", "rect", "text", "line", "polyline", "polygon", "circle", "path", "g"];
        Assert.Empty(svg.DescendantsAndSelf().Select(e => e.Name.LocalName).Except(drawn));
        Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(".", chart.Reading, StringComparison.Ordinal);
        Assert.DoesNotContain("not defined", chart.Reading, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Names))]
    public void Nothing_leaves_the_picture(string name)
    {
        var svg = Named(name).Parsed();
        double wide = At(svg, "width"), high = At(svg, "height");
        foreach (var text in svg.All("text").Where(t => t.Attribute("transform") is null))
        {
            var (x, width) = (At(text, "x"), SvgText.Width(text.Value, At(text, "font-size")));
            var from = text.Attribute("text-anchor")?.Value switch { "end" => x - width, "middle" => x - width / 2, _ => x };
            Assert.True(from >= 0 && from + width <= wide && At(text, "y") <= high, $"'{text.Value}' runs from {from:0} to {from + width:0}.");
        }
    }

    /// <summary>Approved by eye. A change that is meant is approved by copying the file that the message names.</summary>
    [Theory, InlineData("retention"), InlineData("segment-map"), InlineData("confusion-matrix"), InlineData("value-distribution"), InlineData("reasons-churn")]
    public void The_same_chart_is_the_same_bytes_on_every_machine(string name)
    {
        var (approved, drawn) = (Path.Combine(CustomerValue.Testing.RealData.Root, "tests", "golden", $"chart-{name}.svg"), Path.Combine(AppContext.BaseDirectory, $"chart-{name}.svg"));
        File.WriteAllText(drawn, Named(name).ToSvg());
        Assert.True(File.Exists(approved) && File.ReadAllBytes(approved).AsSpan().SequenceEqual(File.ReadAllBytes(drawn)), $"{drawn} isn't {approved}.");
    }

    [Fact]
    public void Lift_is_what_the_best_hold_over_how_many_they_are()
    {
        var gains = GainsPoint.Of(Sample.Labels.Spend, Sample.Candidates[2].Scores.Spend!, 100);
        var lift = LiftChart.Of(Sample.Labels, Sample.Candidates[2].Scores).Series[^1].Points;
        Assert.Equal(gains.Skip(1).Select(p => p.Held * Sample.Rows / p.Customers), lift.Select(p => p.Y));
        Assert.Equal(1, lift[^1].Y, 1e-12);
    }

    [Fact]
    public void Retention_has_a_cell_for_each_month_that_was_seen()
    {
        var (table, chart) = (RetentionTable.Of(SampleCharts.Purchases, SampleCharts.Cutoff), Named("retention"));
        Assert.Equal(table.Cohorts.Sum(c => c.Active.Count), chart.Cells!.Cells.Sum(row => row.Count(c => c is not null)));
        Assert.Equal(table.Cohorts.Sum(c => c.Active.Count), chart.Parsed().All("g").Count(g => g.Elements().Any(e => e.Name.LocalName == "rect")));
        Assert.Contains("% of those who began", string.Join(' ', chart.Texts()), StringComparison.Ordinal);
        Assert.Equal("No month with a first order was seen whole.", RetentionChart.Of([], SampleCharts.Cutoff).Reading);
    }

    [Fact]
    public void Matrices_have_a_cell_for_each_history_that_can_be()
    {
        var chart = Named("history-alive");
        Assert.Equal(1 + 12 * 26, chart.Parsed().All("g").Count(g => g.Elements().Any(e => e.Name.LocalName == "rect")));
        Assert.Equal(HistoryMatrix.Alive(SampleCharts.Model, 39, 12).Values[3][20], chart.Cells!.Cells[3][20]!.Shade);
    }

    [Fact]
    public void Tracking_draws_both_curves_and_the_cutoff()
    {
        var curve = TrackingCurve.Of(SampleCharts.Purchases, SampleCharts.Model, new(new(2024, 3, 1), 8));
        var series = Named("tracking").Series;
        Assert.Equal(curve.CutoffWeek, series[0].Points[0].X);
        Assert.Equal([0, .. curve.Weeks.Select(w => (double)w.Actual)], series[1].Points.Select(p => p.Y));
        Assert.Equal([0, .. curve.Weeks.Select(w => w.Expected)], series[2].Points.Select(p => p.Y));
        Assert.StartsWith("Nobody ordered before the cutoff", TrackingChart.Of([], SampleCharts.Model, new(new(2024, 3, 1), 8)).Reading, StringComparison.Ordinal);
    }

    [Fact]
    public void Coverage_is_drawn_at_the_level_claimed()
    {
        var points = Named("interval-coverage").Series[^1].Points;
        Assert.Equal([0.5, 0.8, 0.95], points.Select(p => p.X));
        Assert.Equal(SampleCharts.Intervals.Select(i => IntervalCoverage.Of(Sample.Labels.Spend, i).Share), points.Select(p => p.Y));
    }

    [Fact]
    public void Bars_are_as_many_as_bins_and_as_high_as_customers()
    {
        var bins = AmountBin.Of(Sample.Labels.Spend).Skip(1).ToList();
        var (chart, bars) = (Named("value-distribution"), Named("value-distribution").Parsed().All("g").SelectMany(g => g.Elements()).Where(e => e.Name.LocalName == "rect").ToList());
        Assert.Equal(bins.Count, bars.Count);
        var scale = bars.Max(b => At(b, "height")) / bins.Max(b => b.Customers);
        Assert.All(bins.Zip(bars), pair => Assert.Equal(pair.First.Customers * scale, At(pair.Second, "height"), 0.02));
        Assert.Contains("70 of 203 customers have none", chart.Reading, StringComparison.Ordinal);
        Assert.Equal("Nobody has any.", ValueDistributionChart.Of([0, 0]).Reading);
    }

    [Fact]
    public void Concentration_tells_the_Gini_coefficient() =>
        Assert.Contains(FormattableString.Invariant($"Gini coefficient {LorenzCurve.Of(Sample.Labels.Spend).Gini:0.00}"), Named("concentration").Subtitle, StringComparison.Ordinal);

    [Fact]
    public void A_segments_area_is_its_number_of_customers()
    {
        var points = Named("segment-map").Series.Select(s => s.Points.Single()).ToList();
        var told = SegmentSummary.Of(SampleCharts.Segments, SampleCharts.Customers.Columns[0], SampleCharts.Customers.Columns[1]);
        Assert.Equal(told.Select(s => (s.Means[0], s.Means[1])), points.Select(p => (p.X, p.Y)));
        Assert.All(told.Zip(points), pair => Assert.Equal((double)pair.First.Customers / told[0].Customers, Math.Pow(pair.Second.Radius!.Value / points[0].Radius!.Value, 2), 1e-9));
    }

    [Fact]
    public void A_swarm_has_a_dot_a_customer_coloured_by_rank()
    {
        var swarm = Named("reasons-churn").Series[0];
        Assert.Equal("days_since_last_purchase", swarm.Name.ToString());
        Assert.Equal(SampleCharts.Reasons.Values[0].Order(), swarm.Points.Select(p => p.X).Order());
        Assert.Equal(Enumerable.Range(0, 60).Select(rank => rank / 59.0), swarm.Points.OrderBy(p => p.X).Select(p => p.Shade!.Value));
        Assert.All(swarm.Points, p => Assert.InRange(p.Y, -0.45, 0.45));
        Assert.Equal("No column moves an answer.", BeeswarmChart.Of(SampleCharts.Customers, Contributions.None, Answer.Spend).Reading);
    }

    [Fact]
    public void Reasons_that_are_no_column_have_no_colour_and_many_customers_are_sampled()
    {
        var many = new FeatureTable(SampleCharts.Cutoff, [.. Enumerable.Range(0, 1000).Select(c => $"c{c:D4}")], [], []);
        var chart = BeeswarmChart.Of(many, new(["history"], [Sample.Column(c => c % 7, 1000)]), Answer.Spend);
        Assert.Equal(400, chart.Series[0].Points.Count);
        Assert.All(chart.Series[0].Points, p => Assert.Equal(0.5, p.Shade));
        Assert.All(chart.Series[0].Points, p => Assert.InRange(p.Y, -0.45, 0.45));
        Assert.StartsWith("400 of 1,000 customers", chart.Subtitle, StringComparison.Ordinal);
    }

    [Fact]
    public void Trainings_are_drawn_by_step_and_what_was_not_recorded_is_told()
    {
        var loss = Named("training").Series.Single(s => s.Name.ToString() == "eval/loss");
        Assert.Equal(SampleCharts.Training.Where(p => p.Name == "eval/loss").Select(p => ((double)p.Step, p.Value)), loss.Points.Select(p => (p.X, p.Y)));
        Assert.Equal("Nothing was recorded of accuracy.", TrainingChart.Of(SampleCharts.Training, ["accuracy"], "share").Reading);
        Assert.Throws<ArgumentException>(() => TrainingChart.Of(SampleCharts.Training, []));
    }

    [Fact]
    public void Groups_beyond_the_seventh_share_a_look()
    {
        string[] groups = [.. Enumerable.Range(0, 60).Select(i => $"g{i % 10}")];
        var series = EmbeddingMapChart.Of(SampleCharts.Vectors, groups).Series.Reverse().ToList();
        Assert.Equal([Role.Group1, Role.Group2, Role.Group3, Role.Group4, Role.Group5, Role.Group6, Role.Group7, Role.Other, Role.Other, Role.Other], series.Select(s => s.Role));
        Assert.Equal(["g6", "the other 3", null, null], series.Skip(6).Select(s => s.Legend?.ToString()));
        Assert.Equal(60, series.Sum(s => s.Points.Count));
    }

    [Fact]
    public void Groups_that_look_alike_in_grey_have_another_mark() =>
        Assert.Equal(7, new[] { Role.Group1, Role.Group2, Role.Group3, Role.Group4, Role.Group5, Role.Group6, Role.Group7 }.Select(r => Look.Of(r).Mark).Distinct().Count());

    [Fact]
    public void Confusions_are_counted_in_their_cells()
    {
        var matrix = ConfusionMatrix.Of(SampleCharts.Classes, SampleCharts.Told.Labels, SampleCharts.Told.Probabilities);
        Assert.Equal(matrix.Counts.SelectMany(row => row.Select(n => n == 0 ? "" : $"{n}")), Named("confusion-matrix").Cells!.Cells.SelectMany(row => row.Select(c => c!.Figure.ToString())));
    }

    [Fact]
    public void One_customer_is_drawn_day_by_day_with_a_mark_an_order()
    {
        var purchases = SampleCharts.Purchases.Where(p => p.CustomerId == "c39").ToList();
        var days = AliveHistory.Of(SampleCharts.Model, purchases, SampleCharts.Cutoff).Days;
        Assert.Equal(days.Select(d => d.ProbabilityAlive), Named("alive").Series[0].Points.Select(p => p.Y));
        Assert.Equal(purchases.Count, Named("alive").Series[1].Points.Count);
        Assert.Equal("The customer hadn't ordered by then.", AliveChart.Of(SampleCharts.Model, [], SampleCharts.Cutoff).Reading);
    }

    [Fact]
    public void Colours_of_how_much_grow_darker_all_the_way()
    {
        var lights = Enumerable.Range(0, 101).Select(i => ColorScale.Depth.At(i / 100.0)).Select(c => Convert.ToInt32(c[1..], 16)).Select(c => 299 * (c >> 16) + 587 * (c >> 8 & 255) + 114 * (c & 255)).ToList();
        Assert.Equal(lights.OrderDescending(), lights);
        Assert.Equal((ColorScale.Depth.Stops[0], ColorScale.Depth.Stops[^1]), (ColorScale.Depth.At(-1), ColorScale.Depth.At(2)));
    }

    private static Chart Named(string name) => SampleCharts.Every.First(c => c.Name == name);

    private static double At(System.Xml.Linq.XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, System.Globalization.CultureInfo.InvariantCulture);
}
