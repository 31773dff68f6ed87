using CustomerValue.Evaluation;

namespace CustomerValue.Simulation.Oracle;

/// <summary>How good the best predictions are that can be made of a shop, at one cutoff and horizon.</summary>
/// <param name="Cutoff">The first day of which nothing is known.</param>
/// <param name="HorizonDays">Days from it on.</param>
/// <param name="Slice">Of whom: <see cref="Everybody"/> who had ordered, or those of so many orders.</param>
/// <param name="Customers">How many they are.</param>
/// <param name="Buying">Share of them who order within the horizon.</param>
/// <param name="History">Knowing purchases, browsing and campaigns.</param>
/// <param name="Read">Knowing in addition what each text was written from.</param>
/// <param name="Everything">Knowing all but chance to come.</param>
public sealed record OracleFigures(DateOnly Cutoff, int HorizonDays, string Slice, int Customers, double Buying, BestFigures History, BestFigures Read, BestFigures Everything)
{
    /// <summary>The slice of all who had ordered.</summary>
    public const string Everybody = "all";

    /// <summary>The slices, and who is in them, by orders before the cutoff.</summary>
    public static IReadOnlyList<(string Name, Func<int, bool> Has)> Slices { get; } =
        [(Everybody, orders => orders > 0), ("no order", orders => orders == 0), ("first order", orders => orders == 1), ("2-4", orders => orders is >= 2 and <= 4), ("5+", orders => orders >= 5)];

    /// <summary>The figures by cutoff, horizon and slice; none of a slice that nobody is in.</summary>
    public static IReadOnlyList<OracleFigures> Of(IReadOnlyList<OracleAnswer> answers) =>
    [
        .. from asked in answers.GroupBy(a => (a.Cutoff, a.HorizonDays)).OrderBy(g => g.Key)
           from slice in Slices
           let rows = asked.Where(a => slice.Has(a.Orders)).ToArray()
           where rows.Length > 0
           select Of(asked.Key.Cutoff, asked.Key.HorizonDays, slice.Name, rows),
    ];

    private static OracleFigures Of(DateOnly cutoff, int days, string slice, OracleAnswer[] rows)
    {
        double[] gone = [.. rows.Select(a => a.Bought ? 0.0 : 1)], spent = [.. rows.Select(a => a.Spent)];
        BestFigures Figures(Func<OracleAnswer, Expectation> known) => new(
            Metric.RocAuc.Of(gone, [.. rows.Select(a => 1 - known(a).Buys)]), Metric.NormalizedGini.Of(spent, [.. rows.Select(a => known(a).Spend)]), Metric.LogLoss.Of(gone, [.. rows.Select(a => 1 - known(a).Buys)]),
            rows.Average(a => known(a).Buys), Math.Sqrt(rows.Average(a => known(a).BuysError * known(a).BuysError)));
        return new OracleFigures(cutoff, days, slice, rows.Length, 1 - gone.Average(), Figures(a => a.History), Figures(a => a.Read), Figures(a => a.Everything));
    }
}

/// <summary>Figures of the best predictions from one state of knowledge.</summary>
/// <param name="Auc">Area under the ROC curve, of buying again.</param>
/// <param name="Gini">Normalised Gini of what is spent.</param>
/// <param name="LogLoss">Mean negative log-likelihood of buying again, in nats.</param>
/// <param name="Buying">Mean probability of buying again.</param>
/// <param name="Error">Root of the mean squared Monte Carlo error of a customer's probability; it makes all figures a little worse than they could be.</param>
public readonly record struct BestFigures(double Auc, double Gini, double LogLoss, double Buying, double Error);
