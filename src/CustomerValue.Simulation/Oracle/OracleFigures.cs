using CustomerValue.Evaluation;

namespace CustomerValue.Simulation.Oracle;

/// <summary>How good the best predictions are that can be made of a shop, at one cutoff and horizon.</summary>
/// <param name="Cutoff">The first day of which nothing is known.</param>
/// <param name="HorizonDays">Days from it on.</param>
/// <param name="Customers">Who had ordered before.</param>
/// <param name="Buying">Share of them who order within the horizon.</param>
/// <param name="History">Knowing purchases, browsing and campaigns.</param>
/// <param name="Read">Knowing in addition what each text was written from.</param>
/// <param name="Everything">Knowing all but chance to come.</param>
public sealed record OracleFigures(DateOnly Cutoff, int HorizonDays, int Customers, double Buying, BestFigures History, BestFigures Read, BestFigures Everything)
{
    /// <summary>The figures by cutoff and horizon.</summary>
    public static IReadOnlyList<OracleFigures> Of(IReadOnlyList<OracleAnswer> answers) => [.. answers.GroupBy(a => (a.Cutoff, a.HorizonDays)).OrderBy(g => g.Key).Select(g =>
    {
        OracleAnswer[] rows = [.. g];
        double[] gone = [.. rows.Select(a => a.Bought ? 0.0 : 1)], spent = [.. rows.Select(a => a.Spent)];
        BestFigures Figures(Func<OracleAnswer, Expectation> known) => new(
            Metric.RocAuc.Of(gone, [.. rows.Select(a => 1 - known(a).Buys)]), Metric.NormalizedGini.Of(spent, [.. rows.Select(a => known(a).Spend)]), Metric.LogLoss.Of(gone, [.. rows.Select(a => 1 - known(a).Buys)]),
            rows.Average(a => known(a).Buys), Math.Sqrt(rows.Average(a => known(a).BuysError * known(a).BuysError)));
        return new OracleFigures(g.Key.Cutoff, g.Key.HorizonDays, rows.Length, 1 - gone.Average(), Figures(a => a.History), Figures(a => a.Read), Figures(a => a.Everything));
    })];
}

/// <summary>Figures of the best predictions from one state of knowledge.</summary>
/// <param name="Auc">Area under the ROC curve, of buying again.</param>
/// <param name="Gini">Normalised Gini of what is spent.</param>
/// <param name="LogLoss">Mean negative log-likelihood of buying again, in nats.</param>
/// <param name="Buying">Mean probability of buying again.</param>
/// <param name="Error">Root of the mean squared Monte Carlo error of a customer's probability; it makes all figures a little worse than they could be.</param>
public readonly record struct BestFigures(double Auc, double Gini, double LogLoss, double Buying, double Error);
