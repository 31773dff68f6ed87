namespace CustomerValue.Simulation;

/// <summary>Which shop to simulate. The defaults make data-samples/shop.</summary>
public sealed record ShopOptions
{
    /// <summary>How many customers. A customer's records depend on the seed, the period and its own number only: the first thousand are the same in a shop of a million.</summary>
    public int Customers { get; init => field = Check.Within(value, 1, 10_000_000); } = 2_000;

    /// <summary>Seed of everything drawn.</summary>
    public long Seed { get; init; } = 20_230_101;

    /// <summary>First day of the period.</summary>
    public DateOnly Start
    {
        get;
        init => field = value.Year is >= 1900 and <= 2200 ? value : throw new ArgumentOutOfRangeException(nameof(Start), value, "Start must lie between the years 1900 and 2200.");
    } = new(2023, 1, 1);

    /// <summary>Length of the period, in days.</summary>
    public int Days { get; init => field = Check.Within(value, 60, 3_660); } = 731;

    /// <summary>The constants of the process.</summary>
    public ShopProcess Process { get; init; } = new();
}
