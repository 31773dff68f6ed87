namespace CustomerValue.Charts;

/// <summary>Cells in rows and columns, each coloured by its value.</summary>
/// <param name="X">[columns]: middles, evenly apart.</param>
/// <param name="Y">[rows]: middles, evenly apart.</param>
/// <param name="Cells">[rows][columns]; null where there is nothing to tell.</param>
internal sealed record CellGrid(IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<IReadOnlyList<Cell?>> Cells)
{
    /// <summary>From the middle of a cell to that of the next.</summary>
    public double Wide => Apart(X);

    /// <inheritdoc cref="Wide"/>
    public double High => Apart(Y);

    private static double Apart(IReadOnlyList<double> middles) => middles.Count > 1 ? middles[1] - middles[0] : 1;
}

/// <summary>A cell.</summary>
/// <param name="Shade">Where its colour lies on the chart's <see cref="ColorKey"/>, from 0 to 1.</param>
/// <param name="Figure">What stands in it where it is large enough; empty for nothing.</param>
/// <param name="Text">What it says, in words.</param>
internal sealed record Cell(double Shade, Phrase Figure, Phrase Text);

/// <summary>What the colours of a chart say.</summary>
/// <param name="Title">What is measured, and its unit.</param>
/// <param name="Low">What the first colour stands for.</param>
/// <param name="High">What the last colour stands for.</param>
/// <param name="Scale">The colours.</param>
internal sealed record ColorKey(Phrase Title, Phrase Low, Phrase High, ColorScale Scale);

/// <summary>Colours from 0 to 1, which colour-blind readers and grey printers put in the same order.</summary>
internal sealed class ColorScale
{
    /// <summary>Of how much there is: from almost paper to a dark blue.</summary>
    public static ColorScale Depth { get; } = new([0xf1f6fa, 0xb9d6ea, 0x6aaed6, 0x0072b2, 0x08305b]);

    /// <summary>Of low against high, neither of which may vanish on paper: blue, grey, vermilion.</summary>
    public static ColorScale LowHigh { get; } = new([0x0072b2, 0xa9b1b8, 0xd55e00]);

    private readonly int[] _stops;

    private ColorScale(int[] stops) => _stops = stops;

    /// <summary>The colours that are set, evenly apart, as #rrggbb.</summary>
    public IReadOnlyList<string> Stops => [.. _stops.Select(Hex)];

    /// <summary>The colour at a place, as #rrggbb; places outside are brought to the nearest end.</summary>
    public string At(double place) => Hex(Mixed(place));

    /// <summary>Whether white is easier to read on it than ink.</summary>
    public bool IsDark(double place) => Mixed(place) is var rgb && 299 * (rgb >> 16) + 587 * (rgb >> 8 & 255) + 114 * (rgb & 255) < 140_000;

    private int Mixed(double place)
    {
        var along = Math.Clamp(place, 0, 1) * (_stops.Length - 1);
        var first = Math.Min((int)along, _stops.Length - 2);
        return Channel(16) << 16 | Channel(8) << 8 | Channel(0);

        int Channel(int shift)
        {
            int from = _stops[first] >> shift & 255, to = _stops[first + 1] >> shift & 255;
            return (int)Math.Round(from + (to - from) * (along - first));
        }
    }

    private static string Hex(int rgb) => $"#{rgb:x6}";
}
