namespace CustomerValue.Cli.Conformance;

/// <summary>A published number that the project claims to meet, and ours.</summary>
/// <param name="Name">Stable name: model or data set, dot, quantity.</param>
/// <param name="Source">Where it was published.</param>
/// <param name="Published">The number as printed.</param>
/// <param name="Ours">What this program computes now.</param>
/// <param name="Tolerance">Largest difference that counts as met: half a unit of the last digit printed, unless the source gives less.</param>
internal sealed record PublishedNumber(string Name, string Source, double Published, double Ours, double Tolerance)
{
    /// <summary>Whether ours is the published number, to the tolerance. The last bits of binary rounding at the very edge count as met.</summary>
    public bool Met => Math.Abs(Ours - Published) <= Tolerance * (1 + 1e-9);

    /// <summary>A number met when it agrees to the last of so many printed decimals.</summary>
    public static PublishedNumber ToDecimals(string name, string source, double published, double ours, int decimals) =>
        new(name, source, published, ours, 0.5 * Math.Pow(10, -decimals));
}

/// <summary>Published numbers of one subject.</summary>
/// <param name="Subject">The models or the data, in words.</param>
/// <param name="Data">Files, relative to the data folder, that it needs; none for formulas.</param>
/// <param name="Numbers">Computes them, given the data folder.</param>
internal sealed record PublishedNumbers(string Subject, IReadOnlyList<string> Data, Func<string, CancellationToken, IEnumerable<PublishedNumber>> Numbers);
