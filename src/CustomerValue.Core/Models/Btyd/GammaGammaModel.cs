using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Gamma-gamma: a customer's purchases are gamma distributed with shape p and a rate that is itself gamma distributed (q, γ) over customers,
/// whatever the number of purchases.</summary>
/// <param name="P">p, shape of one customer's spend.</param>
/// <param name="Q">q, shape of its rate over customers; above 1, so that the mean exists.</param>
/// <param name="Gamma">γ, rate of its rate over customers, in account currency.</param>
/// <remarks>Fader and Hardie (2013).</remarks>
public sealed record GammaGammaModel(double P, double Q, double Gamma)
{
    /// <summary>p, shape of one customer's spend.</summary>
    public double P { get; init => field = Check.Positive(value); } = Check.Positive(P);

    /// <summary>q, shape of its rate over customers.</summary>
    public double Q { get; init => field = Check.Within(value, 1.000001, 1e6); } = Check.Within(Q, 1.000001, 1e6);

    /// <summary>γ, rate of its rate over customers, in account currency.</summary>
    public double Gamma { get; init => field = Check.Positive(value); } = Check.Positive(Gamma);

    /// <summary>Whether a customer's mean spend is taken over all purchases, the first included, or over the repeat purchases only.</summary>
    public bool IncludesFirst { get; init; }

    /// <summary>How the fit went; null for a model made from given parameters.</summary>
    public FitReport? Fit { get; init; }

    /// <summary>E(Z) = p γ / (q - 1): expected spend of a purchase of a customer of whom nothing is known, in account currency.</summary>
    public double PopulationMean => P * Gamma / (Q - 1);

    /// <summary>E(Z | x, m) = p (γ + x m) / (p x + q - 1), equation (5): expected spend of a purchase, between the population's mean and the customer's own.</summary>
    /// <param name="purchases">x, the purchases that <paramref name="meanSpend"/> is taken over.</param>
    /// <param name="meanSpend">m, in account currency; what is below 0 counts as 0.</param>
    public double ExpectedSpend(double purchases, double meanSpend) => P * (Gamma + purchases * Math.Max(0, meanSpend)) / (P * purchases + Q - 1);

    /// <summary>[rows]: expected spend of a purchase, in account currency.</summary>
    public double[] ExpectedSpend(PurchaseHistories histories)
    {
        HistoryCheck.Possible(histories);
        HistoryCheck.FiniteSpend(histories);
        return Blocks.Map(histories.Count, row =>
        {
            var (purchases, mean) = Spent(histories, row, IncludesFirst);
            return ExpectedSpend(purchases, mean);
        });
    }

    /// <summary>ln f(m | p, q, γ; x), equation (1a), in nats.</summary>
    /// <param name="purchases">x, above 0.</param>
    /// <param name="meanSpend">m, above 0, in account currency.</param>
    public double LogLikelihood(double purchases, double meanSpend)
    {
        var (px, total) = (P * Check.Positive(purchases), purchases * Check.Positive(meanSpend));
        return GammaFunctions.LogRising(Q, px) - GammaFunctions.LogGamma(px) + Q * Math.Log(Gamma / (Gamma + total))
             + px * Math.Log(total / (Gamma + total)) - Math.Log(meanSpend);
    }

    /// <summary>The purchases that count, and their mean spend.</summary>
    internal static (double Purchases, double Mean) Spent(PurchaseHistories histories, int row, bool includeFirst) =>
        includeFirst ? (histories.Frequency[row] + 1, histories.MeanSpend[row]) : (histories.Frequency[row], histories.MeanRepeatSpend[row]);
}
