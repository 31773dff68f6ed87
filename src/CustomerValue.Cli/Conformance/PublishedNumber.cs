namespace CustomerValue.Cli.Conformance;

/// <summary>A published number that the project claims to meet.</summary>
/// <param name="Name">Stable name: model or data set, dot, quantity.</param>
/// <param name="Source">Where it was published.</param>
/// <param name="Published">The number as printed.</param>
/// <param name="Tolerance">Largest difference that counts as met: half a unit of the last digit printed, unless the source gives less.</param>
internal sealed record PublishedNumber(string Name, string Source, double Published, double Tolerance)
{
    /// <summary>Where ours is known to differ, and why; null for a number that has to be met.</summary>
    public KnownDifference? Known { get; init; }

    /// <summary>A number met when it agrees to the last of so many printed decimals.</summary>
    public static PublishedNumber ToDecimals(string name, string source, double published, int decimals) => new(name, source, published, 0.5 * Math.Pow(10, -decimals));
}

/// <summary>A difference that has been looked into. It excuses this one value of ours and no other.</summary>
/// <param name="Ours">Our number, to the tolerance of the published one.</param>
/// <param name="Why">The reason, in words.</param>
internal sealed record KnownDifference(double Ours, string Why);
