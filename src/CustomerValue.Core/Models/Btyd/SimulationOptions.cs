namespace CustomerValue.Models.Btyd;

/// <summary>How many customers are simulated, and over what time.</summary>
public sealed record SimulationOptions
{
    /// <summary>Number of customers.</summary>
    public int Customers { get; init => field = Check.Within(value, 1, 100_000_000); } = 10_000;

    /// <summary>Same seed, same customers.</summary>
    public int Seed { get; init; }

    /// <summary>Weeks between the first purchase and the cutoff, at least; ages are spread evenly up to <see cref="MostAgeWeeks"/>.</summary>
    public double LeastAgeWeeks { get; init => field = Check.Within(value, 0, 5200); } = 27;

    /// <summary>Weeks between the first purchase and the cutoff, at most.</summary>
    public double MostAgeWeeks { get; init => field = Check.Within(value, 0, 5200); } = 39;

    /// <summary>How long they are watched after the cutoff.</summary>
    public Horizon Horizon { get; init; } = Horizon.OfWeeks(39);

    /// <summary>Yearly rate at which spend after the cutoff is discounted to it.</summary>
    public double AnnualDiscountRate { get; init => field = BtydLifetimeValueModel.PossibleRate(value); }

    /// <summary>Times of the history are rounded to days, so that many customers are alike; otherwise no two are.</summary>
    public bool WholeDays { get; init; }
}
