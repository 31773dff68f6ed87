using System.Text;
using System.Xml;
using System.Xml.Linq;
using static CustomerValue.Charts.SvgShapes;

namespace CustomerValue.Charts;

/// <summary>Draws a chart as an SVG document: title and legend on top, then the plot between its axes.</summary>
internal sealed class SvgDrawing
{
    private const double Wide = 820, Edge = 24, PlotHigh = 380, RowHigh = 30, TitleSize = 19, TextSize = 13, TickSize = 12, FigureSize = 11;
    private const double NameWide = 150, Sin = 0.643, Cos = 0.766;          // names that don't fit across are turned by 40 degrees

    private readonly Chart _chart;
    private readonly IReadOnlyList<Tick> _across, _upwards;
    private readonly List<double> _columns = [];                  // where the figures behind the rows end
    private readonly List<XElement> _head = [];
    private readonly double _left, _right, _top, _bottom, _height;
    private readonly double _names;                               // high, what stands between plot and the title of the axis across
    private readonly bool _turned;

    public SvgDrawing(Chart chart)
    {
        _chart = chart;
        var rows = chart.Y.Rows;
        var high = rows.Count > 0 ? rows.Count * RowHigh : PlotHigh;
        _upwards = rows.Count > 0 ? [] : Ticks.Of(chart.Y, high, 44);
        _left = rows.Count > 0 ? Edge + Math.Min(230, Math.Max(Widest(rows.Select(r => chart.Said(r.Name)), TextSize), Headed ? SvgText.Width(chart.Said(chart.Y.Title), TickSize) : 0) + 14) : Edge + 24 + Widest(_upwards.Select(t => t.Label), TickSize) + 8;
        _right = Wide - Edge - 14;
        if (rows.Count > 0) _right = Columns();
        _across = chart.X.Rows.Count > 0 ? [] : Ticks.Of(chart.X, _right - _left, rows.Count > 0 ? 58 : 74);
        _turned = Widest(chart.X.Rows.Select(r => chart.Said(r.Name)), TickSize) > (_right - _left) / Math.Max(1, chart.X.Rows.Count) - 4;
        _names = _turned ? 16 + Sin * Math.Min(NameWide, Widest(chart.X.Rows.Select(r => chart.Said(r.Name)), TickSize)) : 22;
        _top = Head();
        _bottom = _top + high;
        _height = _bottom + _names + 18 * Beneath().Count + 16;
    }

    public string Draw()
    {
        var (title, about) = ($"{_chart.Name}-title", $"{_chart.Name}-description");
        var svg = Element("svg", ("width", Number(Wide)), ("height", Number(_height)), ("viewBox", $"0 0 {Number(Wide)} {Number(_height)}"),
            ("role", "img"), ("aria-labelledby", $"{title} {about}"), ("font-family", SvgText.Fonts), ("fill", Look.Ink));
        if (_chart.Language != Language.English) svg.SetAttributeValue("lang", _chart.Language.Tag);          // Chinese and Japanese share characters that they write differently
        svg.Add(Said("title", _chart.Title, ("id", title)), Said("desc", _chart.Description, ("id", about)),
            Element("rect", ("width", Number(Wide)), ("height", Number(_height)), ("fill", Look.Paper)), _head, Axes());
        if (_chart.Absence is { } absence) svg.Add(Absent(Text(absence)));
        else svg.Add(_chart.Cells is { } cells ? Colored(cells) : null, _chart.Series.Select(Drawn), Labels());
        return Written(svg);
    }

    // From the right edge inwards; returns where the plot ends.
    private double Columns()
    {
        var end = Wide - Edge;
        var apart = _chart.Language == Language.English ? 18 : 30;          // Chinese headings are short: what is widest are figures, of which some are bold
        for (var column = _chart.Y.Columns.Count - 1; column >= 0; column--)
        {
            _columns.Insert(0, end);
            end -= Widest(_chart.Y.Rows.Select(r => r.Figures[column]).Append(_chart.Y.Columns[column]).Select(Text), TickSize) + apart;
        }
        return Math.Max(end, _left + 100);
    }

    // The title of the axis across, in lines: as wide as its middle allows.
    private IReadOnlyList<string> Beneath() =>
        SvgText.Lines(Text(_chart.X.Title), TextSize, 2 * Math.Min((_left + _right) / 2 - Edge, Wide - Edge - (_left + _right) / 2));

    // Title, subtitle and legend; returns where the plot begins.
    private double Head()
    {
        var y = 14.0;
        foreach (var line in SvgText.Lines(_chart.Title, TitleSize, Wide - 2 * Edge)) _head.Add(Words(line, Edge, y += 24, TitleSize, ("font-weight", "600")));
        foreach (var line in SvgText.Lines(_chart.Subtitle, TextSize, Wide - 2 * Edge)) _head.Add(Words(line, Edge, y += 19, TextSize, ("fill", Look.Faint)));
        var x = Edge;
        var told = _chart.Absence is null ? _chart.Series.Where(s => s.Legend is not null && s.Points.Count > 0).Reverse().ToList() : [];
        if (told.Count > 0) y += 28;
        foreach (var series in told)
        {
            var name = SvgText.Fit(Text(series.Legend!), TextSize, Wide - 2 * Edge - 40);
            var (look, sample) = (Look.Of(series.Role), series.Joined ? 28 : 2 * MarkSize);
            if (x > Edge && x + sample + 8 + SvgText.Width(name, TextSize) > Wide - Edge) (x, y) = (Edge, y + 22);
            if (series.Joined) _head.Add(Line(x, y - 4, x + sample, y - 4, look));
            if (series.Marked) _head.Add(Mark(look, x + sample / 2, y - 4));
            _head.Add(Words(name, x + sample + 8, y, TextSize));
            x += sample + 8 + SvgText.Width(name, TextSize) + 18;
        }
        if (_chart is { Colors: { } key, Absence: null }) Colored(key, y += 28);
        var headed = _columns.Count > 0 || Headed;
        if (headed) y += 26;
        if (Headed) _head.Add(Words(SvgText.Fit(Text(_chart.Y.Title), TickSize, _left - Edge - 10), _left - 10, y, TickSize, ("text-anchor", "end"), ("fill", Look.Faint)));
        _head.AddRange(_columns.Select((end, column) => Words(Text(_chart.Y.Columns[column]), end, y, TickSize, ("text-anchor", "end"), ("fill", Look.Faint))));
        return y + (headed ? 8 : 18);
    }

    // Rows of cells need to be told what they are; those of a chart of differences name themselves.
    private bool Headed => _chart.Cells is not null && _chart.Y.Rows.Count > 0;

    private void Colored(ColorKey key, double y)
    {
        const int steps = 24;
        var (title, low) = (SvgText.Fit(Text(key.Title), TextSize, Wide / 2), Text(key.Low));
        var x = Edge + SvgText.Width(title, TextSize) + 14;
        _head.Add(Words(title, Edge, y, TextSize));
        _head.Add(Words(low, x, y, TickSize, ("fill", Look.Faint)));
        x += SvgText.Width(low, TickSize) + 6;
        for (var step = 0; step < steps; step++) _head.Add(Box(x + 6 * step, y - 10, 6, 12, key.Scale.At((step + 0.5) / steps)));
        _head.Add(Words(Text(key.High), x + 6 * steps + 8, y, TickSize, ("fill", Look.Faint)));
    }

    private IEnumerable<XElement> Axes()
    {
        foreach (var tick in _across)
        {
            if (_chart.Cells is null) yield return Grid(X(tick.Value), _top, X(tick.Value), _bottom, tick.Value == 0);
            yield return Words(tick.Label, X(tick.Value), _bottom + 18, TickSize, ("text-anchor", "middle"), ("fill", Look.Faint));
        }
        for (var column = 0; column < _chart.X.Rows.Count; column++)
        {
            var x = X(column);
            var name = SvgText.Fit(Text(_chart.X.Rows[column].Name), TickSize, _turned ? Math.Min(NameWide, (x - 6) / Cos) : NameWide);
            yield return _turned ? Words(name, 0, 0, TickSize, ("text-anchor", "end"), ("transform", $"translate({Number(x + 4)} {Number(_bottom + 14)}) rotate(-40)"), ("fill", Look.Faint))
                : Words(name, x, _bottom + 18, TickSize, ("text-anchor", "middle"), ("fill", Look.Faint));
        }
        var y = _bottom + _names;
        foreach (var line in Beneath()) yield return Words(line, (_left + _right) / 2, y += 18, TextSize, ("text-anchor", "middle"));
        foreach (var tick in _upwards)
        {
            if (_chart.Cells is null) yield return Grid(_left, Y(tick.Value), _right, Y(tick.Value), tick.Value == 0);
            yield return Words(tick.Label, _left - 8, Y(tick.Value) + 4, TickSize, ("text-anchor", "end"), ("fill", Look.Faint));
        }
        if (_chart.Y.Rows.Count == 0)
            yield return Words(Text(_chart.Y.Title), 0, 0, TextSize, ("text-anchor", "middle"), ("transform", $"translate({Number(Edge + 10)} {Number((_top + _bottom) / 2)}) rotate(-90)"));
        for (var row = 0; row < _chart.Y.Rows.Count; row++)
        {
            var (name, figures, stressed) = (Text(_chart.Y.Rows[row].Name), _chart.Y.Rows[row].Figures.Select(Text).ToList(), _chart.Y.Rows[row].Stressed);
            (string, string)[] weight = stressed ? [("font-weight", "600")] : [];
            yield return Words(SvgText.Fit(name, TextSize, _left - Edge - 10), _left - 10, Y(row) + 4, TextSize, [("text-anchor", "end"), .. weight]);
            for (var column = 0; column < _columns.Count; column++)
                if (figures[column].Length > 0) yield return Words(figures[column], _columns[column], Y(row) + 4, TickSize, [("text-anchor", "end"), .. weight]);
        }
    }

    private XElement Colored(CellGrid grid)
    {
        var (group, key) = (Element("g"), _chart.Colors ?? throw new InvalidOperationException("A chart with cells says what their colours mean."));
        double wide = Math.Abs(X(grid.Wide) - X(0)), high = Math.Abs(Y(grid.High) - Y(0));
        for (var row = 0; row < grid.Y.Count; row++)
            for (var column = 0; column < grid.X.Count; column++)
            {
                if (grid.Cells[row][column] is not { } cell) continue;
                var (x, y) = (X(grid.X[column]), Y(grid.Y[row]));
                var spot = Element("g");
                var figure = Text(cell.Figure);
                spot.Add(Said("title", Text(cell.Text)), Box(x - wide / 2 + 0.5, y - high / 2 + 0.5, wide - 1, high - 1, key.Scale.At(cell.Shade)));
                if (figure.Length > 0 && high >= 16 && SvgText.Width(figure, FigureSize) <= wide - 2)
                    spot.Add(Words(figure, x, y + 4, FigureSize, ("text-anchor", "middle"), ("fill", key.Scale.IsDark(cell.Shade) ? Look.Paper : Look.Ink)));
                group.Add(spot);
            }
        return group;
    }

    private XElement Drawn(Series series)
    {
        var look = Look.Of(series.Role);
        var group = Element("g");
        group.Add(Said("title", Text(series.Name)));
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
            if (series.Barred) spot.Add(Box(X(point.Across!.Value.Low), Math.Min(Y(0), Y(point.Y)), Math.Max(1, X(point.Across.Value.High) - X(point.Across.Value.Low) - 1), Math.Abs(Y(point.Y) - Y(0)), look.Color));
            else if (point.Across is { IsFinite: true } across) spot.AddRange(Reached(across, Y(point.Y), look));
            if (point.Upwards is { IsFinite: true } upwards)
                spot.Add(Line(X(point.X), Math.Min(_bottom, Y(upwards.Low)), X(point.X), Math.Max(_top, Y(upwards.High)), look with { Width = 1.5, Dashes = "" }));
            if ((series.Marked || point.Label is not null) && !series.Barred && _chart.X.Place(point.X) is >= 0 and <= 1)
                spot.Add(Mark(point.Shade is { } shade && _chart.Colors is { } key ? look with { Color = key.Scale.At(shade) } : look, X(point.X), Y(point.Y), point.Radius ?? MarkSize));
            if (spot.Count == 0) continue;
            var marked = Element("g");
            if (point.Text is not null && Text(point.Text) is { Length: > 0 } text) marked.Add(Said("title", text));
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
        if (X(across.Low) < _left) yield return Shape(look.Color, (_left - 1, y), (_left + 9, y - 5), (_left + 9, y + 5));
        if (X(across.High) > _right) yield return Shape(look.Color, (_right + 1, y), (_right - 9, y - 5), (_right - 9, y + 5));
    }

    // Notes lie over everything, on a rim of paper, on the side that has room; one that would lie on another goes elsewhere.
    private List<XElement> Labels()
    {
        var (drawn, taken) = (new List<XElement>(), new List<(double Left, double Right, double Y)>());
        foreach (var (series, point) in _chart.Series.SelectMany(s => s.Points.Where(p => p.Label is not null && double.IsFinite(p.X) && double.IsFinite(p.Y)).Select(p => (s, p))))
        {
            double off = 10 + Math.Max(0, (point.Radius ?? MarkSize) - MarkSize), wide = SvgText.Width(Text(point.Label!), TextSize);
            var before = X(point.X) + off + wide > _right;
            (bool Before, double Down)[] places = [(before, before ? -8 : 16), (before, before ? 16 : -8), (before, 4), (!before, -8), (!before, 16), (before, 30), (before, -22), (!before, 30), (!before, -22)];
            var (left, down) = places.Select(p => (Left: X(point.X) + (p.Before ? -off - wide : off), p.Down))
                .Where(p => p.Left >= _left && p.Left + wide <= Wide && !taken.Exists(t => t.Left < p.Left + wide && p.Left < t.Right && Math.Abs(t.Y - Y(point.Y) - p.Down) < 15))
                .DefaultIfEmpty((X(point.X) + (before ? -off - wide : off), places[0].Down)).First();
            taken.Add((left, left + wide, Y(point.Y) + down));
            var ends = left < X(point.X);
            drawn.Add(Words(Text(point.Label!), X(point.X) + (ends ? -off : off), Y(point.Y) + down, TextSize, ("text-anchor", ends ? "end" : "start"), ("font-weight", "600"),
                ("fill", Look.Of(series.Role).Color), ("stroke", Look.Paper), ("stroke-width", "4"), ("stroke-linejoin", "round"), ("paint-order", "stroke")));
        }
        return drawn;
    }

    private IEnumerable<XElement> Absent(string absence)
    {
        var lines = SvgText.Lines(absence, 15, Math.Max(200, _right - _left - 40));
        return lines.Select((line, i) => Words(line, (_left + _right) / 2, (_top + _bottom) / 2 + 22 * (i - (lines.Count - 1) / 2.0), 15, ("text-anchor", "middle"), ("fill", Look.Faint)));
    }

    private string Text(Phrase phrase) => _chart.Said(phrase);

    private double X(double value) => _left + _chart.X.Place(value) * (_right - _left);

    // Rows run downwards, numbers upwards.
    private double Y(double value) => _chart.Y.Rows.Count > 0 ? _top + _chart.Y.Place(value) * (_bottom - _top) : _bottom - _chart.Y.Place(value) * (_bottom - _top);

    private static double Widest(IEnumerable<string> texts, double size) => texts.Select(t => SvgText.Width(t, size)).DefaultIfEmpty(0).Max();

    private static string Written(XElement svg)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new() { Indent = true, IndentChars = " ", NewLineChars = "\n", OmitXmlDeclaration = true })) svg.WriteTo(writer);
        return text.Append('\n').ToString();
    }
}
