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
}
