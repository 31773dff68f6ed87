namespace CustomerValue.Models;

/// <summary>A range for what one customer will really spend over a horizon, as far as a model knows: a predictive interval.</summary>
/// <remarks>
/// Both ends are quantiles of the spend itself, luck included, not of its mean: less than <see cref="Low"/> is spent with a probability of at most (1 - level) / 2, and
/// more than <see cref="High"/> as well. Many customers buy nothing with a large probability. Once that passes (1 - level) / 2, Low is 0 and nobody can fall below it,
/// so the interval holds more often than its level says; once it passes (1 + level) / 2, High is 0 too, and expected spend, a mean over a few who buy and many who don't, lies above it.
/// Parameters count as known: their own uncertainty, small for thousands of customers, isn't in it.
/// </remarks>
/// <param name="Low">The (1 - level) / 2 quantile of spend, in account currency; finite, from 0 up.</param>
/// <param name="High">The (1 + level) / 2 quantile of spend, in account currency; finite, from <paramref name="Low"/> up.</param>
/// <param name="Level">The level: 0.8 leaves one in ten outside at either end.</param>
public readonly record struct SpendInterval(double Low, double High, double Level)
{
    /// <summary>Four in five, the custom of forecasting. One customer's spend is mostly luck: the few per cent that a higher level adds cost a High that nobody can plan with.</summary>
    public const double DefaultLevel = 0.8;

    /// <summary>Whether <paramref name="spend"/> fell inside; the ends count as inside.</summary>
    public bool Contains(double spend) => spend >= Low && spend <= High;

    /// <summary>Returns <paramref name="level"/> when it is a possible one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0.01 or above 0.999.</exception>
    internal static double Check(double level) => CustomerValue.Check.Within(level, 0.01, 0.999, "level of the interval");
}
