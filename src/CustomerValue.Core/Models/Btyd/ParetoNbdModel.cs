using System.Runtime.CompilerServices;
using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Pareto/NBD: while alive a customer buys at a rate λ ~ Gamma(r, α); their lifetime is exponential with a rate μ ~ Gamma(s, β).</summary>
/// <param name="R">r, shape of the purchase rate's distribution over customers.</param>
/// <param name="Alpha">α, its rate, in weeks.</param>
/// <param name="S">s, shape of the dropout rate's distribution over customers.</param>
/// <param name="Beta">β, its rate, in weeks.</param>
/// <remarks>Schmittlein, Morrison and Colombo (1987); Fader and Hardie (2005). The hypergeometric functions of the papers are differences that lose all digits for
/// heavy buyers; here they stand as the integral they come from, which has positive terms only (see <see cref="DropoutIntegral"/>).</remarks>
public sealed record ParetoNbdModel(double R, double Alpha, double S, double Beta) : IPurchaseModel
{
    /// <summary>r, shape of the purchase rate's distribution over customers.</summary>
    public double R { get; init => field = Check.Positive(value); } = Check.Positive(R);

    /// <summary>α, its rate, in weeks.</summary>
    public double Alpha { get; init => field = Check.Positive(value); } = Check.Positive(Alpha);

    /// <summary>s, shape of the dropout rate's distribution over customers.</summary>
    public double S { get; init => field = Check.Positive(value); } = Check.Positive(S);

    /// <summary>β, its rate, in weeks.</summary>
    public double Beta { get; init => field = Check.Positive(value); } = Check.Positive(Beta);

    /// <inheritdoc/>
    public FitReport? Fit { get; init; }

    /// <summary>ln L(r, α, s, β | x, t_x, T), in nats.</summary>
    [OverloadResolutionPriority(1)]   // so that a history can be written new(x, t_x, T)
    public double LogLikelihood(PurchaseHistory history)
    {
        var (x, recency, age) = HistoryCheck.Possible(history);
        return GammaFunctions.LogRising(R, x) + R * Math.Log(Alpha) + S * Math.Log(Beta)
             + DropoutIntegral.LogLikelihood(R + x, Alpha + recency, S, Beta + recency, Math.Max(0, age - recency));
    }

    /// <inheritdoc/>
    public double[] LogLikelihood(PurchaseHistories histories) => Each(histories, LogLikelihood);

    /// <summary>Probability that the customer hasn't stopped for good by T.</summary>
    [OverloadResolutionPriority(1)]
    public double ProbabilityAlive(PurchaseHistory history) => Alive(HistoryCheck.Possible(history));

    /// <inheritdoc/>
    public double[] ProbabilityAlive(PurchaseHistories histories) => Each(histories, Alive);

    /// <summary>E[Y(t) | x, t_x, T]: purchases expected in the next <paramref name="weeks"/> weeks,
    /// P(alive) (r+x)(β+T) / ((α+T)(s-1)) · [1 - ((β+T) / (β+T+t))^(s-1)], with its limit at s = 1.</summary>
    [OverloadResolutionPriority(1)]
    public double ExpectedPurchases(PurchaseHistory history, double weeks) => Expected(HistoryCheck.Possible(history), Horizon.Check(weeks));

    /// <inheritdoc/>
    public double[] ExpectedPurchases(PurchaseHistories histories, double weeks)
    {
        Horizon.Check(weeks);
        return Each(histories, history => Expected(history, weeks));
    }

    /// <summary>Probability of no purchase in the next <paramref name="horizonWeeks"/> weeks: 1 - P(alive) · P(some purchase | alive). Given alive at T,
    /// λ ~ Gamma(r+x, α+T) and μ ~ Gamma(s, β+T), so the last is one minus the likelihood of a new customer with these parameters who buys nothing.</summary>
    [OverloadResolutionPriority(1)]
    public double ProbabilityOfNoPurchase(PurchaseHistory history, double horizonWeeks) => NoPurchase(HistoryCheck.Possible(history), Horizon.Check(horizonWeeks));

    /// <inheritdoc/>
    public double[] ProbabilityOfNoPurchase(PurchaseHistories histories, double horizonWeeks)
    {
        Horizon.Check(horizonWeeks);
        return Each(histories, history => NoPurchase(history, horizonWeeks));
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public int ProbabilityOfAtLeast(PurchaseHistory history, double horizonWeeks, ReadOnlySpan<double> purchases, Span<double> probabilities)
    {
        var (x, _, age) = HistoryCheck.Possible(history);
        Span<double> weight = stackalloc double[RemainingLifetimes.Most], odds = stackalloc double[RemainingLifetimes.Most];
        var written = RemainingLifetimes.Fill(R + x, Alpha + age, S, Beta + age, Horizon.Check(horizonWeeks), weight, odds);
        return PurchaseTail.Fill(Alive(history), R + x, (0, 1), weight[..written], odds[..written], purchases, probabilities);
    }

    private static double[] Each(PurchaseHistories histories, Func<PurchaseHistory, double> answer)
    {
        HistoryCheck.Possible(histories);
        return Blocks.Map(histories.Count, row => answer(histories[row]));
    }

    private double Alive(PurchaseHistory history)
    {
        var (x, recency, age) = history;
        return DropoutIntegral.ProbabilityAlive(R + x, Alpha + recency, S, Beta + recency, Math.Max(0, age - recency));
    }

    private double Expected(PurchaseHistory history, double weeks)
    {
        var (x, _, age) = history;
        var length = Special.Log1P(weeks / (Beta + age));                              // ln((β+T+t) / (β+T))
        var z = (S - 1) * length;
        var span = z == 0 ? length : -Special.ExpM1(-z) / (S - 1);
        return Alive(history) * (R + x) * (Beta + age) / (Alpha + age) * span;
    }

    private double NoPurchase(PurchaseHistory history, double horizonWeeks)
    {
        var (x, _, age) = history;
        var shape = R + x;
        var logNone = shape * Math.Log(Alpha + age) + S * Math.Log(Beta + age) + DropoutIntegral.LogLikelihood(shape, Alpha + age, S, Beta + age, horizonWeeks);
        return 1 + Alive(history) * Special.ExpM1(Math.Min(0, logNone));
    }
}
