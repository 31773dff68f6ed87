using System.Runtime.CompilerServices;
using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>What BG/NBD and MBG/NBD have in common: while alive a customer buys at a rate λ ~ Gamma(r, α), and stops for good after a purchase with probability p ~ Beta(a, b).
/// They differ only in whether the first purchase may be the last.</summary>
/// <remarks>Numbered equations are those of Fader, Hardie and Lee (2005).</remarks>
public abstract record BetaGeometricModel : IPurchaseModel
{
    private protected BetaGeometricModel(double r, double alpha, double a, double b) => (R, Alpha, A, B) = (r, alpha, a, b);

    /// <summary>r, shape of the purchase rate's distribution over customers.</summary>
    public double R { get; init => field = Check.Positive(value); }

    /// <summary>α, its rate, in weeks: the mean customer buys r / α times a week.</summary>
    public double Alpha { get; init => field = Check.Positive(value); }

    /// <summary>a of the dropout probability's distribution.</summary>
    public double A { get; init => field = Check.Positive(value); }

    /// <summary>b of the same: the mean customer stops after a purchase with probability a / (a + b).</summary>
    public double B { get; init => field = Check.Positive(value); }

    /// <inheritdoc/>
    public FitReport? Fit { get; init; }

    /// <summary>ln L(r, α, a, b | x, t_x, T), equation (6), in nats.</summary>
    [OverloadResolutionPriority(1)]   // so that a history can be written new(x, t_x, T)
    public double LogLikelihood(PurchaseHistory history)
    {
        var (x, _, age) = HistoryCheck.Possible(history);
        var k = Chances(x);
        return GammaFunctions.LogRising(R, x) + R * Math.Log(Alpha) + GammaFunctions.LogRising(B, k) - GammaFunctions.LogRising(A + B, k)
             - (R + x) * Math.Log(Alpha + age) + Special.Softplus(LogOddsGone(history));
    }

    /// <inheritdoc/>
    public double[] LogLikelihood(PurchaseHistories histories)
    {
        HistoryCheck.Possible(histories);
        return Blocks.Map(histories.Count, row => LogLikelihood(histories[row]));
    }

    /// <summary>Probability that the customer hasn't stopped for good by T.</summary>
    [OverloadResolutionPriority(1)]
    public double ProbabilityAlive(PurchaseHistory history) => Alive(HistoryCheck.Possible(history));

    /// <inheritdoc/>
    public double[] ProbabilityAlive(PurchaseHistories histories)
    {
        HistoryCheck.Possible(histories);
        return Blocks.Map(histories.Count, row => Alive(histories[row]));
    }

    /// <summary>Probability of no purchase in the next <paramref name="horizonWeeks"/> weeks.</summary>
    [OverloadResolutionPriority(1)]
    public double ProbabilityOfNoPurchase(PurchaseHistory history, double horizonWeeks) =>
        NoPurchase(HistoryCheck.Possible(history), Horizon.Check(horizonWeeks));

    /// <inheritdoc/>
    public double[] ProbabilityOfNoPurchase(PurchaseHistories histories, double horizonWeeks)
    {
        HistoryCheck.Possible(histories);
        Horizon.Check(horizonWeeks);
        return Blocks.Map(histories.Count, row => NoPurchase(histories[row], horizonWeeks));
    }

    /// <summary>E[Y(t) | x, t_x, T], equation (10): purchases expected in the next <paramref name="weeks"/> weeks.</summary>
    [OverloadResolutionPriority(1)]
    public double ExpectedPurchases(PurchaseHistory history, double weeks)
    {
        var (x, _, age) = HistoryCheck.Possible(history);
        return Alive(history) * WouldBePurchases.Expected(R + x, A, B + Chances(x), Horizon.Check(weeks) / (Alpha + age));
    }

    /// <inheritdoc/>
    public double[] ExpectedPurchases(PurchaseHistories histories, double weeks)
    {
        HistoryCheck.Possible(histories);
        Horizon.Check(weeks);
        var tables = WouldBePurchases.Tables(histories.Frequency, x => (R + x, A, B + Chances(x)));
        return Blocks.Map(histories.Count, row =>
        {
            var history = histories[row];
            var x = history.Frequency;
            var y = weeks / (Alpha + history.Age);
            var ifAlive = x < tables.Length && tables[(int)x] is { } table && WouldBePurchases.Covers(y)
                ? table.Expected(y)
                : WouldBePurchases.Expected(R + x, A, B + Chances(x), y);
            return Alive(history) * ifAlive;
        });
    }

    /// <inheritdoc/>
    public int ProbabilityOfAtLeast(PurchaseHistory history, double horizonWeeks, ReadOnlySpan<double> purchases, Span<double> probabilities)
    {
        var (x, _, age) = HistoryCheck.Possible(history);
        Span<double> weight = [1, 0, 0, 0, 0, 0, 0, 0];
        Span<double> odds = [Horizon.Check(horizonWeeks) / (Alpha + age), 0, 0, 0, 0, 0, 0, 0];
        return PurchaseTail.Fill(Alive(history), R + x, (A, B + Chances(x)), weight, odds, purchases, probabilities);
    }

    /// <summary>k, the purchases after which the customer could have dropped out: x, or x + 1 where the first purchase may be the last.</summary>
    private protected abstract double Chances(double x);

    private double Alive(PurchaseHistory history) => Special.Logistic(-LogOddsGone(history));

    /// <summary>1 - P(alive) · [1 - ((α+T) / (α+T+h))^(r+x)]: those gone buy nothing; those alive buy at a rate that is gamma distributed with r + x and α + T.</summary>
    private double NoPurchase(PurchaseHistory history, double horizonWeeks) =>
        1 + Alive(history) * Special.ExpM1(-(R + history.Frequency) * Special.Log1P(horizonWeeks / (Alpha + history.Age)));

    /// <summary>ln P(gone) - ln P(alive) = ln a - ln(b + k - 1) + (r + x) ln((α+T) / (α+t_x)); -∞ where nothing can have ended.</summary>
    private double LogOddsGone(PurchaseHistory history)
    {
        var (x, recency, age) = history;
        var k = Chances(x);
        return k == 0 ? double.NegativeInfinity
            : Math.Log(A / (B + k - 1)) + (R + x) * Special.Log1P(Math.Max(0, age - recency) / (Alpha + recency));
    }
}
