namespace CustomerValue.Charts;

/// <summary>What belongs together and looks alike.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Role">What it stands for; decides how it looks.</param>
/// <param name="Points">In order; those that aren't finite are left out.</param>
internal sealed record Series(Phrase Name, Role Role, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>Whether a line joins the points.</summary>
    public bool Joined { get; init; }

    /// <summary>Whether each point is marked.</summary>
    public bool Marked { get; init; }

    /// <summary>Whether a bar stands from 0 to each point, as wide as the point's <see cref="ChartPoint.Across"/>.</summary>
    public bool Barred { get; init; }

    /// <summary>What the legend says of it; null where it says nothing.</summary>
    public Phrase? Legend { get; init; }
}

/// <summary>A place in a chart.</summary>
/// <param name="X">Across.</param>
/// <param name="Y">Upwards, or the row's number.</param>
/// <param name="Text">What it says, in words; null for nothing.</param>
internal sealed record ChartPoint(double X, double Y, Phrase? Text = null)
{
    /// <summary>How sure the place is across; null where that isn't told.</summary>
    public Reach? Across { get; init; }

    /// <summary>How sure the place is upwards; null where that isn't told.</summary>
    public Reach? Upwards { get; init; }

    /// <summary>Where its colour lies on the chart's <see cref="ColorKey"/>, from 0 to 1; null for the colour of its series.</summary>
    public double? Shade { get; init; }

    /// <summary>Radius of its mark, in pixels; null for that of all marks.</summary>
    public double? Radius { get; init; }

    /// <summary>A note beside the point.</summary>
    public Phrase? Label { get; init; }
}

/// <summary>From one value to another.</summary>
internal readonly record struct Reach(double Low, double High)
{
    public bool IsFinite => double.IsFinite(Low) && double.IsFinite(High);
}

/// <summary>What a series stands for, in every chart.</summary>
internal enum Role
{
    /// <summary>The candidate that was chosen.</summary>
    Winner,

    /// <summary>What any candidate must be better than.</summary>
    Baseline,

    /// <summary>One of the others.</summary>
    Other,

    /// <summary>What can't be surpassed.</summary>
    Perfect,

    /// <summary>What needs no knowledge.</summary>
    Chance,

    /// <summary>Better than the winner.</summary>
    Better,

    /// <summary>Worse than the winner.</summary>
    Worse,

    /// <summary>Not told from the winner.</summary>
    Level,

    /// <summary>What really happened, where nothing that was foreseen is a mark of its own.</summary>
    Observed,

    /// <summary>The first of several groups, none of which is more than the others; then the second, and so on.</summary>
    Group1, Group2, Group3, Group4, Group5, Group6, Group7,
}
