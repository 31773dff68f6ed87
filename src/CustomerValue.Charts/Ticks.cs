namespace CustomerValue.Charts;

/// <summary>A marked place of an axis.</summary>
internal sealed record Tick(double Value, string Label);

/// <summary>Marks at round numbers. Plain arithmetic only: powers and logarithms may differ in their last digit from one machine to another.</summary>
internal static class Ticks
{
    /// <summary>Marks of an axis of numbers, ascending.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="pixels">Its length.</param>
    /// <param name="apart">Pixels that two marks should lie apart.</param>
    public static IReadOnlyList<Tick> Of(Axis axis, double pixels, double apart) =>
        axis.Scale == AxisScale.SquareRoot ? Falling(axis, pixels, apart) : Even(axis, pixels, apart);

    private static List<Tick> Even(Axis axis, double pixels, double apart)
    {
        var (unit, decimals) = Unit(Math.Max(axis.Whole ? 1 : 0, (axis.High - axis.Low) * apart / pixels));
        var ticks = new List<Tick>();
        // Slack for an end that is round itself but for its last digits.
        for (var i = Math.Ceiling(axis.Low / unit - 1e-9); i * unit <= axis.High + 1e-9 * unit; i++)
            ticks.Add(new(i * unit, FigureText.Tick(i * unit, decimals, axis)));
        return ticks;
    }

    /// <summary>The smallest of 1, 2, 5, 10, 20, … that isn't below <paramref name="least"/>, in tenths, hundredths, … too.</summary>
    private static (double Unit, int Decimals) Unit(double least)
    {
        var (power, decimals) = PowerBelow(least);
        foreach (var times in (int[])[1, 2, 5])
            if (power * times >= least) return (power * times, decimals);
        return (power * 10, Math.Max(0, decimals - 1));
    }

    // From the end downwards through 500, 200, 100, 50, …, as the scale spreads small values; 0 is always marked.
    private static List<Tick> Falling(Axis axis, double pixels, double apart)
    {
        var ticks = new List<Tick>();
        var (power, decimals) = PowerBelow(axis.High);
        for (var last = double.PositiveInfinity; pixels * axis.Place(power * 5) >= apart; power /= 10, decimals = power < 1 ? decimals + 1 : 0)
            foreach (var times in (int[])[5, 2, 1])
                if (pixels * axis.Place(power * times) is var place && power * times <= axis.High && place >= apart && last - place >= apart)
                {
                    ticks.Insert(0, new(power * times, FigureText.Tick(power * times, decimals, axis)));
                    last = place;
                }
        return [new(0, FigureText.Tick(0, 0, axis)), .. ticks];
    }

    private static (double Power, int Decimals) PowerBelow(double value)
    {
        var (power, decimals) = (1.0, 0);
        while (power > value) (power, decimals) = (power / 10, decimals + 1);
        while (power * 10 <= value) power *= 10;
        return (power, decimals);
    }
}
