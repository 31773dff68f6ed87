namespace CustomerValue.Simulation.Chance;

/// <summary>The normal distribution.</summary>
internal static class Normal
{
    private const double InverseRootOfTwoPi = 0.3989422804014327;

    /// <summary>Its density at <paramref name="x"/>.</summary>
    public static double Density(double x, double mean, double spread)
    {
        var z = (x - mean) / spread;
        return InverseRootOfTwoPi / spread * PortableMath.Exp(-0.5 * z * z);
    }

    /// <summary>Its distribution function at <paramref name="z"/> spreads above the mean, to within 8e-8 (Abramowitz and Stegun 1964, 26.2.17).</summary>
    public static double Cumulative(double z)
    {
        var t = 1 / (1 + 0.2316419 * Math.Abs(z));
        var beyond = Density(z, 0, 1) * t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return z > 0 ? 1 - beyond : beyond;
    }
}
