namespace CustomerValue.Evaluation;

/// <summary>Customers whose amounts lie in one range.</summary>
/// <param name="Low">Where it begins; amounts of 0 have a bin of their own, from 0 to 0.</param>
/// <param name="High">Where it ends; the amount itself belongs to this bin.</param>
/// <param name="Customers">How many.</param>
public sealed record AmountBin(double Low, double High, int Customers)
{
    /// <summary>Counts amounts: first those of 0, then those above in bins of equal width on a square-root scale, narrow where most customers are.</summary>
    /// <param name="amounts">[rows]: finite, from 0 up.</param>
    /// <param name="bins">Bins above 0.</param>
    /// <returns>The bin of 0, then the others ascending, empty ones too; the bin of 0 alone where nobody has anything.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An amount isn't finite, or below 0.</exception>
    public static IReadOnlyList<AmountBin> Of(IReadOnlyList<double> amounts, int bins = 30)
    {
        Check.Within(bins, 1, 10_000);
        var most = amounts.Select(a => Check.Within(a, 0, double.MaxValue, nameof(amounts))).DefaultIfEmpty(0).Max();
        var counts = new int[bins];
        foreach (var amount in amounts.Where(a => a > 0))
        {
            var bin = Math.Clamp((int)Math.Ceiling(bins * Math.Sqrt(amount / most)) - 1, 0, bins - 1);
            while (bin > 0 && amount <= Edge(bin)) bin--;             // a root is rounded: the edges decide
            while (bin < bins - 1 && amount > Edge(bin + 1)) bin++;
            counts[bin]++;
        }
        var none = new AmountBin(0, 0, amounts.Count(a => a == 0));
        return most == 0 ? [none] : [none, .. counts.Select((count, bin) => new AmountBin(Edge(bin), Edge(bin + 1), count))];

        double Edge(int bin) => most * ((double)bin * bin / ((double)bins * bins));
    }
}
