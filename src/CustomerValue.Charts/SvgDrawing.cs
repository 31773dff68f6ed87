using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace CustomerValue.Charts;

/// <summary>Draws a chart as an SVG document: title and legend on top, then the plot between its axes.</summary>
internal sealed class SvgDrawing
{
    private const double Wide = 820, Edge = 24, PlotHigh = 380, RowHigh = 30, TitleSize = 19, TextSize = 13, TickSize = 12, MarkSize = 4;

    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    private readonly Chart _chart;
    private readonly IReadOnlyList<Tick> _across, _upwards;
    private readonly List<double> _columns = [];                  // where the figures behind the rows end
    private readonly List<XElement> _head = [];
    private readonly double _left, _right, _top, _bottom, _height;

    public SvgDrawing(Chart chart)
    {
        _chart = chart;
        var rows = chart.Y.Rows;
        var high = rows.Count > 0 ? rows.Count * RowHigh : PlotHigh;
        _upwards = rows.Count > 0 ? [] : Ticks.Of(chart.Y, high, 44);
        _left = rows.Count > 0 ? Edge + Math.Min(230, Widest(rows.Select(r => r.Name), TextSize) + 14) : Edge + 24 + Widest(_upwards.Select(t => t.Label), TickSize) + 8;
        _right = Wide - Edge - 14;
        if (rows.Count > 0) _right = Columns();
        _across = Ticks.Of(chart.X, _right - _left, rows.Count > 0 ? 58 : 74);
        _top = Head();
        _bottom = _top + high;
        _height = _bottom + 22 + 18 * Beneath().Count + 16;
    }

    public string Draw()
    {
        var (title, about) = ($"{_chart.Name}-title", $"{_chart.Name}-description");
        var svg = Element("svg", ("width", Number(Wide)), ("height", Number(_height)), ("viewBox", $"0 0 {Number(Wide)} {Number(_height)}"),
            ("role", "img"), ("aria-labelledby", $"{title} {about}"), ("font-family", SvgText.Fonts), ("fill", Look.Ink));
        svg.Add(Said("title", _chart.Title, ("id", title)), Said("desc", _chart.Description, ("id", about)),
            Element("rect", ("width", Number(Wide)), ("height", Number(_height)), ("fill", Look.Paper)), _head, Axes());
        if (_chart.Absence is { } absence) svg.Add(Absent(absence));
        else svg.Add(_chart.Series.Select(Drawn), Labels());
        return Written(svg);
    }

    // From the right edge inwards; returns where the plot ends.
    private double Columns()
    {
        var end = Wide - Edge;
        for (var column = _chart.Y.Columns.Count - 1; column >= 0; column--)
        {
            _columns.Insert(0, end);
            end -= Widest(_chart.Y.Rows.Select(r => r.Figures[column]).Append(_chart.Y.Columns[column]), TickSize) + 18;
        }
        return Math.Max(end, _left + 100);
    }

    // The title of the axis across, in lines: as wide as its middle allows.
    private IReadOnlyList<string> Beneath() =>
        SvgText.Lines(_chart.X.Title, TextSize, 2 * Math.Min((_left + _right) / 2 - Edge, Wide - Edge - (_left + _right) / 2));

    // Title, subtitle and legend; returns where the plot begins.
    private double Head()
    {
        var y = 14.0;
        foreach (var line in SvgText.Lines(_chart.Title, TitleSize, Wide - 2 * Edge)) _head.Add(Text(line, Edge, y += 24, TitleSize, ("font-weight", "600")));
        foreach (var line in SvgText.Lines(_chart.Subtitle, TextSize, Wide - 2 * Edge)) _head.Add(Text(line, Edge, y += 19, TextSize, ("fill", Look.Faint)));
        var x = Edge;
        var told = _chart.Absence is null ? _chart.Series.Where(s => s.Legend is not null && s.Points.Count > 0).Reverse().ToList() : [];
        if (told.Count > 0) y += 28;
        foreach (var series in told)
        {
            var name = SvgText.Fit(series.Legend!, TextSize, Wide - 2 * Edge - 40);
            var (look, sample) = (Look.Of(series.Role), series.Joined ? 28 : 2 * MarkSize);
            if (x > Edge && x + sample + 8 + SvgText.Width(name, TextSize) > Wide - Edge) (x, y) = (Edge, y + 22);
            if (series.Joined) _head.Add(Line(x, y - 4, x + sample, y - 4, look));
            if (series.Marked) _head.Add(Mark(look, x + sample / 2, y - 4));
            _head.Add(Text(name, x + sample + 8, y, TextSize));
            x += sample + 8 + SvgText.Width(name, TextSize) + 18;
        }
        if (_columns.Count > 0) y += 26;
        _head.AddRange(_columns.Select((end, column) => Text(_chart.Y.Columns[column], end, y, TickSize, ("text-anchor", "end"), ("fill", Look.Faint))));
        return y + (_columns.Count > 0 ? 8 : 18);
    }

    private IEnumerable<XElement> Axes()
    {
        foreach (var tick in _across)
        {
            yield return Grid(X(tick.Value), _top, X(tick.Value), _bottom, tick.Value == 0);
            yield return Text(tick.Label, X(tick.Value), _bottom + 18, TickSize, ("text-anchor", "middle"), ("fill", Look.Faint));
        }
        var y = _bottom + 22;
        foreach (var line in Beneath()) yield return Text(line, (_left + _right) / 2, y += 18, TextSize, ("text-anchor", "middle"));
        foreach (var tick in _upwards)
        {
            yield return Grid(_left, Y(tick.Value), _right, Y(tick.Value), tick.Value == 0);
            yield return Text(tick.Label, _left - 8, Y(tick.Value) + 4, TickSize, ("text-anchor", "end"), ("fill", Look.Faint));
        }
        if (_chart.Y.Rows.Count == 0)
            yield return Text(_chart.Y.Title, 0, 0, TextSize, ("text-anchor", "middle"), ("transform", $"translate({Number(Edge + 10)} {Number((_top + _bottom) / 2)}) rotate(-90)"));
        for (var row = 0; row < _chart.Y.Rows.Count; row++)
        {
            var (name, figures, stressed) = _chart.Y.Rows[row];
            (string, string)[] weight = stressed ? [("font-weight", "600")] : [];
            yield return Text(SvgText.Fit(name, TextSize, _left - Edge - 10), _left - 10, Y(row) + 4, TextSize, [("text-anchor", "end"), .. weight]);
            for (var column = 0; column < _columns.Count; column++)
                if (figures[column].Length > 0) yield return Text(figures[column], _columns[column], Y(row) + 4, TickSize, [("text-anchor", "end"), .. weight]);
        }
    }

    private XElement Drawn(Series series)
    {
        var look = Look.Of(series.Role);
        var group = Element("g");
        group.Add(Said("title", series.Name));
        var points = series.Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)).ToList();
        if (series.Joined && points.Count > 1)
        {
            var line = Element("polyline", ("points", string.Join(' ', points.Select(p => $"{Number(X(p.X))},{Number(Y(p.Y))}"))), ("fill", "none"), ("stroke-linejoin", "round"));
            Stroke(line, look);
            group.Add(line);
        }
        foreach (var point in points)
        {
            var spot = new List<XElement>();
            if (point.Across is { IsFinite: true } across) spot.AddRange(Reached(across, Y(point.Y), look));
            if (point.Upwards is { IsFinite: true } upwards)
                spot.Add(Line(X(point.X), Math.Min(_bottom, Y(upwards.Low)), X(point.X), Math.Max(_top, Y(upwards.High)), look with { Width = 1.5, Dashes = "" }));
            if ((series.Marked || point.Label is not null) && _chart.X.Place(point.X) is >= 0 and <= 1) spot.Add(Mark(look, X(point.X), Y(point.Y)));
            if (spot.Count == 0) continue;
            var marked = Element("g");
            if (point.Text.Length > 0) marked.Add(Said("title", point.Text));
            marked.Add(spot);
            group.Add(marked);
        }
        return group;
    }

    // What leaves the plot is cut at its edge, where an arrowhead says that it goes on.
    private IEnumerable<XElement> Reached(Reach across, double y, Look look)
    {
        double low = Math.Clamp(X(across.Low), _left, _right), high = Math.Clamp(X(across.High), _left, _right);
        yield return Line(low, y, high, y, look with { Dashes = "" });
        if (X(across.Low) < _left) yield return Shape(look, (_left - 1, y), (_left + 9, y - 5), (_left + 9, y + 5));
        if (X(across.High) > _right) yield return Shape(look, (_right + 1, y), (_right - 9, y - 5), (_right - 9, y + 5));
    }

    // Notes lie over everything, on a rim of paper, on the side that has room.
    private IEnumerable<XElement> Labels() =>
        from series in _chart.Series
        from point in series.Points
        where point.Label is not null && double.IsFinite(point.X) && double.IsFinite(point.Y)
        let before = X(point.X) + 10 + SvgText.Width(point.Label!, TextSize) > _right
        select Text(point.Label!, X(point.X) + (before ? -10 : 10), Y(point.Y) + (before ? -8 : 16), TextSize, ("text-anchor", before ? "end" : "start"), ("font-weight", "600"),
            ("fill", Look.Of(series.Role).Color), ("stroke", Look.Paper), ("stroke-width", "4"), ("stroke-linejoin", "round"), ("paint-order", "stroke"));

    private IEnumerable<XElement> Absent(string absence)
    {
        var lines = SvgText.Lines(absence, 15, Math.Max(200, _right - _left - 40));
        return lines.Select((line, i) => Text(line, (_left + _right) / 2, (_top + _bottom) / 2 + 22 * (i - (lines.Count - 1) / 2.0), 15, ("text-anchor", "middle"), ("fill", Look.Faint)));
    }

    private double X(double value) => _left + _chart.X.Place(value) * (_right - _left);

    // Rows run downwards, numbers upwards.
    private double Y(double value) => _chart.Y.Rows.Count > 0 ? _top + _chart.Y.Place(value) * (_bottom - _top) : _bottom - _chart.Y.Place(value) * (_bottom - _top);

    private static XElement Mark(Look look, double x, double y) => look.Mark switch
    {
        MarkForm.Ring => Element("circle", ("cx", Number(x)), ("cy", Number(y)), ("r", Number(MarkSize)), ("fill", Look.Paper), ("stroke", look.Color), ("stroke-width", "2")),
        MarkForm.Square => Element("rect", ("x", Number(x - MarkSize)), ("y", Number(y - MarkSize)), ("width", Number(2 * MarkSize)), ("height", Number(2 * MarkSize)), ("fill", look.Color)),
        MarkForm.Diamond => Shape(look, (x - 5.5, y), (x, y - 5.5), (x + 5.5, y), (x, y + 5.5)),
        _ => Element("circle", ("cx", Number(x)), ("cy", Number(y)), ("r", Number(MarkSize)), ("fill", look.Color)),
    };

    private static XElement Shape(Look look, params (double X, double Y)[] corners) =>
        Element("polygon", ("points", string.Join(' ', corners.Select(c => $"{Number(c.X)},{Number(c.Y)}"))), ("fill", look.Color));

    private static XElement Line(double x1, double y1, double x2, double y2, Look look)
    {
        var line = Element("line", ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)));
        Stroke(line, look);
        return line;
    }

    private static XElement Grid(double x1, double y1, double x2, double y2, bool zero) => Line(x1, y1, x2, y2, new(zero ? Look.Faint : Look.Grid, 1, "", MarkForm.Disc));

    private static void Stroke(XElement line, Look look)
    {
        line.SetAttributeValue("stroke", look.Color);
        line.SetAttributeValue("stroke-width", Number(look.Width));
        if (look.Dashes.Length > 0) line.SetAttributeValue("stroke-dasharray", look.Dashes);
    }

    private static XElement Text(string text, double x, double y, double size, params (string, string)[] attributes) =>
        Said("text", text, [("x", Number(x)), ("y", Number(y)), ("font-size", Number(size)), .. attributes]);

    private static XElement Said(string name, string text, params (string, string)[] attributes)
    {
        var element = Element(name, attributes);
        element.Add(new XText(SvgText.Clean(text)));
        return element;
    }

    private static XElement Element(string name, params (string Name, string Value)[] attributes) => new(s_svg + name, attributes.Select(a => new XAttribute(a.Name, a.Value)));

    // To a hundredth of a pixel, and never as -0.
    private static string Number(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    private static double Widest(IEnumerable<string> texts, double size) => texts.Select(t => SvgText.Width(t, size)).DefaultIfEmpty(0).Max();

    private static string Written(XElement svg)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new() { Indent = true, IndentChars = " ", NewLineChars = "\n", OmitXmlDeclaration = true })) svg.WriteTo(writer);
        return text.Append('\n').ToString();
    }
}
