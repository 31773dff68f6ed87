namespace CustomerValue.Models;

/// <summary>A length of time to look ahead, so that weeks and days can't be mistaken for one another.</summary>
public readonly record struct Horizon
{
    private const double MostWeeks = 5200;

    private Horizon(double weeks) => Weeks = Check(weeks);

    /// <summary>In weeks, the unit of the purchase models.</summary>
    public double Weeks { get; }

    /// <summary>In days.</summary>
    public double Days => Weeks * 7;

    /// <summary>A horizon of so many weeks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, not finite, or beyond a century.</exception>
    public static Horizon OfWeeks(double weeks) => new(weeks);

    /// <summary>A horizon of so many days.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, not finite, or beyond a century.</exception>
    public static Horizon OfDays(double days) => new(days / 7);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Weeks:0.##} weeks");

    /// <summary>Returns <paramref name="weeks"/> when it is a possible horizon.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, not finite, or beyond a century.</exception>
    internal static double Check(double weeks) => CustomerValue.Check.Within(weeks, 0, MostWeeks, "horizon, in weeks,");
}
