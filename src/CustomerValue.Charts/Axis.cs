namespace CustomerValue.Charts;

/// <summary>One direction of a chart.</summary>
/// <param name="Title">What is measured, and its unit.</param>
/// <param name="Low">Where it begins.</param>
/// <param name="High">Where it ends, above <paramref name="Low"/>.</param>
internal sealed record Axis(Phrase Title, double Low, double High)
{
    public AxisScale Scale { get; init; }

    public FigureKind Kind { get; init; }

    /// <summary>Whether a difference is measured: figures carry their sign.</summary>
    public bool Signed { get; init; }

    /// <summary>Whether only whole numbers have a meaning.</summary>
    public bool Whole { get; init; }

    /// <summary>For an axis of names: one a row, the first on top, or one a column, at 0, 1, 2, …; empty for an axis of numbers.</summary>
    public IReadOnlyList<AxisRow> Rows { get; init; } = [];

    /// <summary>What the columns of figures behind the rows are.</summary>
    public IReadOnlyList<Phrase> Columns { get; init; } = [];

    /// <summary>An axis of names.</summary>
    /// <param name="title">What is named.</param>
    /// <param name="columns">What the figures behind each name are.</param>
    /// <param name="rows">The names.</param>
    public static Axis Of(Phrase title, IReadOnlyList<Phrase> columns, IReadOnlyList<AxisRow> rows) =>
        new(title, -0.5, Math.Max(rows.Count, 1) - 0.5) { Columns = columns, Rows = rows };

    /// <summary>From 0 to just above the largest finite value; to 1 where nothing is above 0.</summary>
    public static Axis From0(Phrase title, IEnumerable<double> values)
    {
        var high = values.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return new(title, 0, high > 0 ? 1.04 * high : 1);
    }

    /// <summary>Where a value lies, from 0 (the beginning) to 1 (the end); outside of it for what lies outside.</summary>
    public double Place(double value) => Scale switch
    {
        AxisScale.SquareRoot => (Root(value) - Root(Low)) / (Root(High) - Root(Low)),
        _ => (value - Low) / (High - Low),
    };

    private static double Root(double value) => Math.Sqrt(Math.Max(0, value));
}

/// <summary>A row of an axis of names.</summary>
/// <param name="Name">Before the row.</param>
/// <param name="Figures">Behind it, one a column.</param>
/// <param name="Stressed">Whether it is the one that the chart is about.</param>
internal sealed record AxisRow(Phrase Name, IReadOnlyList<Phrase> Figures, bool Stressed = false);

/// <summary>How values are spread over an axis.</summary>
internal enum AxisScale
{
    /// <summary>Evenly.</summary>
    Linear,

    /// <summary>By their square root: amounts of which most are small and some 0, which a logarithm has no place for.</summary>
    SquareRoot,
}
