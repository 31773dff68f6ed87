using Plotly.NET;

namespace CustomerValue.Charts;

/// <summary>A chart as data: the question that it answers, its axes and what is drawn on them. How it looks is decided where it is drawn, alike for all charts:
/// still as SVG, and to be touched as a Plotly chart.</summary>
/// <remarks>A chart is made by the class named for its question, such as <see cref="GainsChart"/>.</remarks>
public sealed record Chart
{
    internal Chart(Axis x, Axis y) => (X, Y) = (x, y);

    /// <summary>Name for a file that holds it, without an ending, such as <c>gains</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The question that it answers.</summary>
    public required string Title { get; init; }

    /// <summary>Who is shown, in the line below the title.</summary>
    public required string Subtitle { get; init; }

    /// <summary>What there is to see, in words, for readers who can't.</summary>
    public required string Description { get; init; }

    /// <summary>What it says, in one sentence: the alternative text where it stands in a document.</summary>
    public required string Reading { get => SvgText.Clean(Absence ?? field); init; }

    internal Axis X { get; }

    internal Axis Y { get; }

    /// <summary>In the order they are drawn; the legend has them the other way round, what lies on top first.</summary>
    internal IReadOnlyList<Series> Series { get; init; } = [];

    /// <summary>Cells below all series; null for none.</summary>
    internal CellGrid? Cells { get; init; }

    /// <summary>What the colours of cells or points say; null where those of the series say all.</summary>
    internal ColorKey? Colors { get; init; }

    /// <summary>Why there is nothing to draw; null where there is.</summary>
    internal string? Absence { get; init; }

    /// <summary>The same data, axes and looks as a Plotly chart, which answers to the pointer. Made anew at every call; names from data are text in it, whatever stands in them.</summary>
    public GenericChart Plotly => new PlotlyFigure(this).Draw();

    /// <summary>The chart as a picture that scales: an SVG document. The same chart gives the same text on every machine; fonts are the reader's.</summary>
    public string ToSvg() => new SvgDrawing(this).Draw();
}
