namespace CustomerValue.Simulation.Behaviour;

/// <summary>What all customers of one simulation share: options, the seasons of each day, the campaigns. Immutable, so threads may share it.</summary>
internal sealed class Shop(ShopOptions options)
{
    private readonly double[] _season = [.. Enumerable.Range(0, options.Days).Select(day => Season.Factor(options.Start.AddDays(day)))];

    /// <summary>Which shop.</summary>
    public ShopOptions Options { get; } = options;

    /// <summary>The campaigns, by day.</summary>
    public IReadOnlyList<Campaign> Campaigns { get; } = Campaign.Plan(options);

    /// <summary>s(t) of a day, from 0.</summary>
    public double SeasonOn(int day) => _season[day];

    /// <summary>The first moment after the period: nothing is recorded from then on.</summary>
    public DateTime End { get; } = options.Start.AddDays(options.Days).ToDateTime(TimeOnly.MinValue);

    /// <summary>A moment of a day, from 0.</summary>
    public DateTime Moment(int day, int secondOfDay) => Options.Start.AddDays(day).ToDateTime(TimeOnly.MinValue).AddSeconds(secondOfDay);
}
