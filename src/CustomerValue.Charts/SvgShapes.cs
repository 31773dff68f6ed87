using System.Globalization;
using System.Xml.Linq;

namespace CustomerValue.Charts;

/// <summary>The elements that pictures are made of.</summary>
internal static class SvgShapes
{
    /// <summary>Radius of a mark, in pixels, unless a point has its own.</summary>
    public const double MarkSize = 4;

    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    public static XElement Element(string name, params (string Name, string Value)[] attributes) => new(s_svg + name, attributes.Select(a => new XAttribute(a.Name, a.Value)));

    /// <summary>An element that says something.</summary>
    public static XElement Said(string name, string text, params (string, string)[] attributes)
    {
        var element = Element(name, attributes);
        element.Add(new XText(SvgText.Clean(text)));
        return element;
    }

    public static XElement Words(string text, double x, double y, double size, params (string, string)[] attributes) =>
        Said("text", text, [("x", Number(x)), ("y", Number(y)), ("font-size", Number(size)), .. attributes]);

    public static XElement Line(double x1, double y1, double x2, double y2, Look look)
    {
        var line = Element("line", ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)));
        Stroke(line, look);
        return line;
    }

    public static XElement Grid(double x1, double y1, double x2, double y2, bool zero) => Line(x1, y1, x2, y2, new(zero ? Look.Faint : Look.Grid, 1, "", MarkForm.Disc));

    public static XElement Box(double x, double y, double wide, double high, string color) =>
        Element("rect", ("x", Number(x)), ("y", Number(y)), ("width", Number(wide)), ("height", Number(high)), ("fill", color));

    public static XElement Shape(string color, params (double X, double Y)[] corners) =>
        Element("polygon", ("points", string.Join(' ', corners.Select(c => $"{Number(c.X)},{Number(c.Y)}"))), ("fill", color));

    /// <summary>A mark; forms are as large as a disc of the radius to the eye.</summary>
    public static XElement Mark(Look look, double x, double y, double r = MarkSize) => look.Mark switch
    {
        MarkForm.Ring => Element("circle", ("cx", Number(x)), ("cy", Number(y)), ("r", Number(r)), ("fill", Look.Paper), ("stroke", look.Color), ("stroke-width", "2")),
        MarkForm.Square => Box(x - r, y - r, 2 * r, 2 * r, look.Color),
        MarkForm.Diamond => Shape(look.Color, (x - 1.375 * r, y), (x, y - 1.375 * r), (x + 1.375 * r, y), (x, y + 1.375 * r)),
        MarkForm.Up => Shape(look.Color, (x - 1.25 * r, y + r), (x, y - 1.25 * r), (x + 1.25 * r, y + r)),
        MarkForm.Down => Shape(look.Color, (x - 1.25 * r, y - r), (x + 1.25 * r, y - r), (x, y + 1.25 * r)),
        MarkForm.Cross => Element("path", ("d", $"M{Number(x - r)} {Number(y - r)}L{Number(x + r)} {Number(y + r)}M{Number(x - r)} {Number(y + r)}L{Number(x + r)} {Number(y - r)}"), ("stroke", look.Color), ("stroke-width", "2")),
        // Large discs may lie on one another: the smaller shows through.
        _ => Element("circle", [("cx", Number(x)), ("cy", Number(y)), ("r", Number(r)), ("fill", look.Color), .. r > MarkSize ? [("fill-opacity", "0.6")] : Array.Empty<(string, string)>()]),
    };

    public static void Stroke(XElement line, Look look)
    {
        line.SetAttributeValue("stroke", look.Color);
        line.SetAttributeValue("stroke-width", Number(look.Width));
        if (look.Dashes.Length > 0) line.SetAttributeValue("stroke-dasharray", look.Dashes);
    }

    /// <summary>To a hundredth of a pixel, and never as -0.</summary>
    public static string Number(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);
}
