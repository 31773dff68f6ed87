using CustomerValue.Evaluation;

namespace CustomerValue.Charts;

/// <summary>How many customers are worth how much?</summary>
public static class ValueDistributionChart
{
    /// <summary>Customers by amount, in bins of equal width on a square-root scale; those of 0 are told in words.</summary>
    /// <param name="amounts">[rows]: in account currency, from 0 up.</param>
    /// <param name="what">What they are, and over which time.</param>
    public static Chart Of(IReadOnlyList<double> amounts, string what = "Net spend")
    {
        var bins = AmountBin.Of(amounts);
        var shown = bins.Skip(1).ToList();
        double[] sorted = [.. amounts.Where(a => a > 0).Order()];
        var (nothing, whose) = (Phrase.Of($"{FigureText.Count(bins[0].Customers)} of {FigureText.Customers(amounts.Count)} have none"), Phrase.Term("amount", what));
        return new(
            new Axis($"{whose}, account currency, on a square-root scale", 0, shown.Count > 0 ? shown[^1].High : 1) { Scale = AxisScale.SquareRoot, Kind = FigureKind.Amount },
            Axis.From0($"Customers", shown.Select(b => (double)b.Customers)) with { Whole = true })
        {
            Name = "value-distribution",
            Words = new()
            {
                Title = $"How many customers are worth how much?",
                Subtitle = $"{whose} of each customer; {nothing} and aren't drawn",
                Reading = sorted.Length == 0 ? Phrase.Of($"Nobody has any.") : $"{nothing}, and half of the others have {FigureText.Amount(sorted[(sorted.Length - 1) / 2])} or less, the most {FigureText.Amount(sorted[^1])}.",
                Description = $"{nothing}. {Phrase.Join("; ", shown.Where(b => b.Customers > 0).Select(Words))}.",
            },
            Series = [new($"customers", Role.Winner, [.. shown.Select(b => new ChartPoint((b.Low + b.High) / 2, b.Customers, Words(b)) { Across = new Reach(b.Low, b.High) })]) { Barred = true }],
            Absence = sorted.Length == 0 ? Phrase.Of($"Nobody has any.") : null,
        };

        static Phrase Words(AmountBin b) => $"above {FigureText.Amount(b.Low)} to {FigureText.Amount(b.High)}: {FigureText.Customers(b.Customers)}";
    }
}
