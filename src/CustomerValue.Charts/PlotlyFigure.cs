using Plotly.NET;

namespace CustomerValue.Charts;

/// <summary>Says a chart as Plotly's traces and layout: the same points, axes and looks as the SVG. Values of a square-root axis stand at their roots, as Plotly knows no such axis.</summary>
internal sealed class PlotlyFigure(Chart chart)
{
    /// <summary>What plotly.js says by itself, on its buttons and beside them.</summary>
    internal static readonly IReadOnlyList<string> Buttons =
    [
        "Zoom", "Pan", "Box Select", "Lasso Select", "Zoom in", "Zoom out", "Autoscale", "Reset axes", "Download plot as a png", "Taking snapshot - this may take a few seconds", "Snapshot succeeded",
        "Double-click to zoom back out", "Double-click on legend to isolate one trace",
    ];

    // Says what colours mean for all series, which share one scale.
    private readonly Series? _shaded = chart.Series.FirstOrDefault(s => s.Points.Any(p => p.Shade is not null));

    public GenericChart Draw()
    {
        List<Trace> traces = chart.Absence is not null ? [] : [.. chart.Cells is { } cells ? Heatmap(cells) : [], .. chart.Series.Where(s => s.Points.Count > 0).Select(Scatter)];
        if (traces.Count == 0) traces.Add(Filled(new Trace("scatter"), ("x", Array.Empty<double>()), ("y", Array.Empty<double>())));
        var drawn = GenericChart.setLayout(Filled(new Layout(), LayoutOf()), GenericChart.ofTraceObjects(false, traces));
        var config = Filled(new Config(), ("responsive", true), ("displaylogo", false));
        if (chart.Language is var language && language != Language.English)
            Filled(config, ("locale", language.Tag), ("locales", Of((language.Tag, Of(("dictionary", Of([.. Buttons.Select(b => (b, (object)Phrase.Term("button", b).In(language)))])))))));
        return GenericChart.setConfig(config, drawn);
    }

    /// <summary>A text that Plotly shows as it is. Plotly reads a little HTML, and LaTeX between dollars where MathJax is at hand.</summary>
    internal static string Escaped(string text) => SvgText.Clean(text).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("$", "&#36;", StringComparison.Ordinal);

    private Trace Scatter(Series series)
    {
        var look = Look.Of(series.Role);
        ChartPoint[] points = [.. series.Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y))];
        var trace = Filled(new Trace(series.Barred ? "bar" : "scatter"),
            ("x", points.Select(p => At(chart.X, p.X)).ToArray()), ("y", points.Select(p => At(chart.Y, p.Y)).ToArray()),
            ("name", Escaped(chart.Said(series.Legend ?? series.Name))), ("showlegend", series.Legend is not null),
            ("text", points.Select(p => Escaped(Said(p.Text))).ToArray()), ("hovertemplate", "%{text}<extra></extra>"));
        if (series.Joined && points.All(p => Said(p.Text).Length == 0)) trace.SetProperty("hoverinfo", "skip");
        if (series.Barred)
            return Filled(trace, ("width", points.Select(p => At(chart.X, p.Across!.Value.High) - At(chart.X, p.Across!.Value.Low)).ToArray()), ("textposition", "none"),
                ("x", points.Select(p => (At(chart.X, p.Across!.Value.High) + At(chart.X, p.Across!.Value.Low)) / 2).ToArray()), ("marker", Of(("color", look.Color))));
        trace.SetProperty("mode", series is { Joined: true, Marked: true } ? "lines+markers" : series.Joined ? "lines" : "markers");
        if (series.Joined) trace.SetProperty("line", Of(("color", look.Color), ("width", look.Width), ("dash", look.Dashes.Length > 0 ? string.Join(',', look.Dashes.Split(' ').Select(d => d + "px")) : "solid")));
        if (series.Marked) trace.SetProperty("marker", Marker(look, points, ReferenceEquals(series, _shaded)));
        if (points.Any(p => p.Across is { IsFinite: true })) trace.SetProperty("error_x", Error(chart.X, points, p => p.X, p => p.Across, look));
        if (points.Any(p => p.Upwards is { IsFinite: true })) trace.SetProperty("error_y", Error(chart.Y, points, p => p.Y, p => p.Upwards, look));
        return trace;
    }

    private DynamicObj.DynamicObj Marker(Look look, ChartPoint[] points, bool saysColors)
    {
        var marker = Of(("symbol", Symbol(look.Mark)), ("color", look.Color), ("size", 9));
        if (look.Mark is MarkForm.Ring or MarkForm.Cross) marker.SetProperty("line", Of(("color", look.Color), ("width", 2)));
        if (points.Any(p => p.Radius is not null)) Filled(marker, ("size", points.Select(p => 2 * (p.Radius ?? 4.5)).ToArray()), ("opacity", 0.8));
        if (points.Any(p => p.Shade is not null) && chart.Colors is { } key)
        {
            Filled(marker, ("color", points.Select(p => p.Shade ?? 0.5).ToArray()), ("cmin", 0), ("cmax", 1), ("colorscale", Scale(key)), ("size", 5), ("showscale", saysColors));
            if (saysColors) marker.SetProperty("colorbar", Bar(key));
        }
        return marker;
    }

    private Trace[] Heatmap(CellGrid cells)
    {
        var key = chart.Colors ?? throw new InvalidOperationException("A chart with cells says what their colours mean.");
        return [Filled(new Trace("heatmap"), ("x", cells.X), ("y", cells.Y), ("z", cells.Cells.Select(row => row.Select(c => c?.Shade).ToArray()).ToArray()),
            ("text", Texts(c => chart.Said(c.Figure))), ("hovertext", Texts(c => chart.Said(c.Text))), ("hovertemplate", "%{hovertext}<extra></extra>"), ("texttemplate", cells.Wide == 1 && cells.High == 1 ? "%{text}" : ""),
            ("zmin", 0), ("zmax", 1), ("colorscale", Scale(key)), ("colorbar", Bar(key)), ("hoverongaps", false), ("xgap", 1), ("ygap", 1))];

        string[][] Texts(Func<Cell, string> of) => [.. cells.Cells.Select(row => row.Select(c => c is null ? "" : Escaped(of(c))).ToArray())];
    }

    private (string, object)[] LayoutOf()
    {
        var notes = chart.Series.SelectMany(s => s.Points.Where(p => p.Label is not null && double.IsFinite(p.X) && double.IsFinite(p.Y)).Select(p => Of(("x", At(chart.X, p.X)), ("y", At(chart.Y, p.Y)),
            ("text", Escaped(Said(p.Label))), ("showarrow", false), ("xanchor", chart.X.Place(p.X) > 0.6 ? "right" : "left"), ("xshift", (chart.X.Place(p.X) > 0.6 ? -1 : 1) * ((p.Radius ?? 4.5) + 4)), ("yanchor", "middle"), ("font", Of(("color", Look.Of(s.Role).Color)))))).ToList();
        if (chart.Absence is { } absence) notes = [Of(("xref", "paper"), ("yref", "paper"), ("x", 0.5), ("y", 0.5), ("text", Lines(chart.Said(absence), 15, 600)), ("showarrow", false), ("font", Of(("size", 15), ("color", Look.Faint))))];
        var (title, about) = (SvgText.Lines(chart.Title, 19, 772), SvgText.Lines(chart.Subtitle, 13, 772));
        var legend = chart.Absence is null ? 24 * LegendRows() : 0;
        return [
            ("title", Of(("text", $"<b>{Joined(title)}</b><br><span style=\"font-size:13px;color:{Look.Faint}\">{Joined(about)}</span>"), ("x", 0.03), ("xanchor", "left"), ("y", 1), ("yanchor", "top"), ("pad", Of(("t", 34))), ("font", Of(("size", 19))))),
            ("height", 380 + 24 * title.Count + 19 * about.Count + 150 + Math.Max(0, legend - 24) + Math.Max(0, 30 * chart.Y.Rows.Count - 380)), ("font", Of(("family", SvgText.Fonts), ("size", 13), ("color", Look.Ink))),
            ("paper_bgcolor", Look.Paper), ("plot_bgcolor", Look.Paper), ("margin", Of(("t", 24 * title.Count + 19 * about.Count + (legend > 0 ? 46 + legend : 36)), ("r", 30))), ("barmode", "overlay"), ("hovermode", "closest"),
            ("legend", Of(("orientation", "h"), ("x", 0), ("y", 1.01), ("yanchor", "bottom"), ("traceorder", "reversed"))), ("annotations", notes),
            ("xaxis", AxisOf(chart.X, 640, 74, upwards: false)), ("yaxis", AxisOf(chart.Y, 380, 44, upwards: true)),
        ];
    }

    // Entries that don't fit in one row stand in columns as wide as the widest; rows grow upwards, where room is kept for them.
    private int LegendRows()
    {
        double[] wide = [.. chart.Series.Where(s => s.Points.Count > 0).Select(s => s.Legend).OfType<Phrase>().Select(l => SvgText.Width(chart.Said(l), 13) + 50)];
        return wide.Length == 0 ? 0 : wide.Sum() <= 720 ? 1 : (int)Math.Ceiling(wide.Length / Math.Max(1, Math.Floor(720 / wide.Max())));
    }

    private DynamicObj.DynamicObj AxisOf(Axis axis, double pixels, double apart, bool upwards)
    {
        double[] range = [At(axis, axis.Low), At(axis, axis.High)];
        var said = Of(("title", Of(("text", axis.Rows.Count > 0 && upwards && chart.Cells is null ? "" : Lines(chart.Said(axis.Title), 13, upwards ? 420 : 640)), ("standoff", 12), ("font", Of(("size", 13))))), ("type", "linear"), ("automargin", true), ("gridcolor", Look.Grid), ("zerolinecolor", Look.Faint),
            ("range", axis.Rows.Count > 0 && upwards ? [range[1], range[0]] : range));
        if (axis.Rows.Count > 0)
            return Filled(said, ("tickvals", Enumerable.Range(0, axis.Rows.Count).ToArray()), ("showgrid", false), ("zeroline", false),
                ("ticktext", axis.Rows.Select(r => Escaped(SvgText.Fit(chart.Said(r.Name), 13, 220)) is var name && r.Stressed ? $"<b>{name}</b>" : name).ToArray()));
        if (axis.Scale != AxisScale.Linear || axis.Whole || axis.Signed)
        {
            var ticks = Ticks.Of(axis, pixels, apart);
            return Filled(said, ("tickvals", ticks.Select(t => At(axis, t.Value)).ToArray()), ("ticktext", ticks.Select(t => t.Label).ToArray()));
        }
        return Filled(said, ("tickformat", axis.Kind == FigureKind.Share ? ",.3~%" : ",.6~g"));
    }

    private static DynamicObj.DynamicObj Error(Axis axis, ChartPoint[] points, Func<ChartPoint, double> value, Func<ChartPoint, Reach?> reach, Look look) =>
        Of(("type", "data"), ("symmetric", false), ("color", look.Color), ("thickness", look.Width), ("width", 0),
            ("array", points.Select(p => reach(p) is { IsFinite: true } r ? At(axis, r.High) - At(axis, value(p)) : 0).ToArray()),
            ("arrayminus", points.Select(p => reach(p) is { IsFinite: true } r ? At(axis, value(p)) - At(axis, r.Low) : 0).ToArray()));

    private static object[][] Scale(ColorKey key) => [.. key.Scale.Stops.Select((color, i) => new object[] { (double)i / (key.Scale.Stops.Count - 1), color })];

    // The empty line keeps the title off the upper label, half of which stands above the bar.
    private DynamicObj.DynamicObj Bar(ColorKey key) => Of(("title", Of(("text", Lines(chart.Said(key.Title), 12, 120) + "<br>&#160;"), ("side", "top"), ("font", Of(("size", 12))))), ("tickvals", new[] { 0, 1 }), ("ticktext", new[] { Escaped(chart.Said(key.Low)), Escaped(chart.Said(key.High)) }), ("thickness", 14));

    private static string Symbol(MarkForm form) => form switch
    {
        MarkForm.Ring => "circle-open",
        MarkForm.Square => "square",
        MarkForm.Diamond => "diamond",
        MarkForm.Up => "triangle-up",
        MarkForm.Down => "triangle-down",
        MarkForm.Cross => "x-thin",
        _ => "circle",
    };

    private string Said(Phrase? phrase) => phrase is null ? "" : chart.Said(phrase);

    private static double At(Axis axis, double value) => axis.Scale == AxisScale.SquareRoot ? Math.Sqrt(Math.Max(0, value)) : value;

    private static string Lines(string text, double size, double width) => Joined(SvgText.Lines(text, size, width));

    private static string Joined(IEnumerable<string> lines) => string.Join("<br>", lines.Select(Escaped));

    private static DynamicObj.DynamicObj Of(params (string, object)[] properties) => Filled(new DynamicObj.DynamicObj(), properties);

    private static T Filled<T>(T into, params (string Name, object Value)[] properties) where T : DynamicObj.DynamicObj
    {
        foreach (var (name, value) in properties) into.SetProperty(name, value);
        return into;
    }
}
