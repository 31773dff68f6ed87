namespace CustomerValue.Simulation.Behaviour;

/// <summary>What all customers of one simulation share: options, the seasons of each day, the campaigns. Immutable, so threads may share it.</summary>
internal sealed class Shop
{
    private readonly double[] _season;
    private readonly Campaign?[] _campaign;

    /// <param name="options">Which shop.</param>
    public Shop(ShopOptions options)
    {
        Options = options;
        _season = [.. Enumerable.Range(0, options.Days).Select(day => Season.Factor(options.Start.AddDays(day)))];
        Campaigns = Campaign.Plan(options);
        _campaign = new Campaign?[options.Days];
        foreach (var campaign in Campaigns) _campaign[campaign.Day] = campaign;
        End = options.Start.AddDays(options.Days).ToDateTime(TimeOnly.MinValue);
    }

    /// <summary>Which shop.</summary>
    public ShopOptions Options { get; }

    /// <summary>The campaigns, by day.</summary>
    public IReadOnlyList<Campaign> Campaigns { get; }

    /// <summary>The campaign of a day, from 0; null for none.</summary>
    public Campaign? CampaignOn(int day) => _campaign[day];

    /// <summary>s(t) of a day, from 0.</summary>
    public double SeasonOn(int day) => _season[day];

    /// <summary>The first moment after the period: nothing is recorded from then on.</summary>
    public DateTime End { get; }

    /// <summary>A moment of a day, from 0.</summary>
    public DateTime Moment(int day, int secondOfDay) => Options.Start.AddDays(day).ToDateTime(TimeOnly.MinValue).AddSeconds(secondOfDay);
}
