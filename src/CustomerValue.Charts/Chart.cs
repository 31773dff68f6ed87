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
    public string Title { get => Said(Words.Title); init => Words = Words with { Title = Phrase.Name(value) }; }

    /// <summary>Who is shown, in the line below the title.</summary>
    public string Subtitle { get => Said(Words.Subtitle); init => Words = Words with { Subtitle = Phrase.Name(value) }; }

    /// <summary>What there is to see, in words, for readers who can't.</summary>
    public string Description { get => Said(Words.Description); init => Words = Words with { Description = Phrase.Name(value) }; }

    /// <summary>What it says, in one sentence: the alternative text where it stands in a document.</summary>
    public string Reading { get => SvgText.Clean(Said(Absence ?? Words.Reading)); init => Words = Words with { Reading = Phrase.Name(value) }; }

    internal Language Language { get; private init; } = Language.English;

    internal ChartWords Words { get; init; } = ChartWords.None;

    internal Axis X { get; }

    internal Axis Y { get; }

    /// <summary>In the order they are drawn; the legend has them the other way round, what lies on top first.</summary>
    internal IReadOnlyList<Series> Series { get; init; } = [];

    /// <summary>Cells below all series; null for none.</summary>
    internal CellGrid? Cells { get; init; }

    /// <summary>What the colours of cells or points say; null where those of the series say all.</summary>
    internal ColorKey? Colors { get; init; }

    /// <summary>Why there is nothing to draw; null where there is.</summary>
    internal Phrase? Absence { get; init; }

    /// <summary>The same chart in another language: all that it says itself, in titles, axes, legends, notes and words of points. Names from data stay, and so do numbers, dates, and what was put in the place
    /// of its own words.</summary>
    /// <param name="language"><c>en</c> for English, in which charts are made, or <c>zh</c> for Chinese in simplified characters.</param>
    /// <exception cref="ArgumentException">Charts don't speak that language.</exception>
    public Chart In(string language) => this with { Language = Language.Of(language) };

    /// <summary>The same data, axes and looks as a Plotly chart, which answers to the pointer. Made anew at every call; names from data are text in it, whatever stands in them.</summary>
    public GenericChart Plotly => new PlotlyFigure(this).Draw();

    /// <summary>The chart as a picture that scales: an SVG document. The same chart gives the same text on every machine; fonts are the reader's.</summary>
    public string ToSvg() => new SvgDrawing(this).Draw();

    /// <summary>A phrase in the chart's language.</summary>
    internal string Said(Phrase phrase) => phrase.In(Language);
}

/// <summary>What a chart says as a whole; see the properties of <see cref="Chart"/>.</summary>
internal sealed record ChartWords
{
    public static ChartWords None { get; } = new() { Title = Phrase.None, Subtitle = Phrase.None, Reading = Phrase.None, Description = Phrase.None };

    public required Phrase Title { get; init; }

    public required Phrase Subtitle { get; init; }

    public required Phrase Reading { get; init; }

    public required Phrase Description { get; init; }
}
