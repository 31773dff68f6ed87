using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>What BG/NBD and MBG/NBD have in common; they differ only in whether the first purchase may be the last.</summary>
/// <param name="R">r, shape of the purchase rate's gamma distribution.</param>
/// <param name="Alpha">α, its rate, in weeks.</param>
/// <param name="A">a of the dropout probability's beta distribution.</param>
/// <param name="B">b of the same.</param>
/// <param name="FirstMayEnd">The customer may drop out after the first purchase already.</param>
internal readonly record struct BetaGeometric(double R, double Alpha, double A, double B, bool FirstMayEnd)
{
    // Below this many distinct rows a fit on all of them from both starts is a matter of milliseconds.
    private const int Large = 40_000;

    public static FitReport Fit(PurchaseHistories histories, bool firstMayEnd, BtydOptions options)
    {
        HistoryCheck.CanLearnFrom(histories);
        var rows = CollapsedHistories.Of(histories);
        var weeksPerPurchase = Math.Max(1e-3, histories.Age.Sum() / histories.Frequency.Sum());
        double[][] starts = [[0.5, 0.5 * weeksPerPurchase, 0.7, 2], [2, 2 * weeksPerPurchase, 0.1, 0.5]];
        var thinned = rows.Distinct > Large ? new BetaGeometricLikelihood(rows.Every(rows.Distinct / (Large / 4)), firstMayEnd, options.Threads) : null;
        return MaximumLikelihood.Fit(new BetaGeometricLikelihood(rows, firstMayEnd, options.Threads), thinned, starts, options);
    }

    public double LogLikelihood(PurchaseHistory history)
    {
        var (x, _, age) = HistoryCheck.Possible(history);
        var k = Chances(x);
        return GammaFunctions.LogRising(R, x) + R * Math.Log(Alpha) + GammaFunctions.LogRising(B, k) - GammaFunctions.LogRising(A + B, k)
             - (R + x) * Math.Log(Alpha + age) + Special.Softplus(LogOddsGone(history));
    }

    public double[] LogLikelihood(PurchaseHistories histories)
    {
        HistoryCheck.Possible(histories);
        var model = this;
        return Blocks.Map(histories.Count, row => model.LogLikelihood(histories[row]));
    }

    public double ProbabilityAlive(PurchaseHistory history) => Alive(HistoryCheck.Possible(history));

    public double[] ProbabilityAlive(PurchaseHistories histories)
    {
        HistoryCheck.Possible(histories);
        var model = this;
        return Blocks.Map(histories.Count, row => model.Alive(histories[row]));
    }

    public double ProbabilityOfNoPurchase(PurchaseHistory history, double horizonWeeks) =>
        NoPurchase(HistoryCheck.Possible(history), Horizon.Check(horizonWeeks));

    public double[] ProbabilityOfNoPurchase(PurchaseHistories histories, double horizonWeeks)
    {
        HistoryCheck.Possible(histories);
        Horizon.Check(horizonWeeks);
        var model = this;
        return Blocks.Map(histories.Count, row => model.NoPurchase(histories[row], horizonWeeks));
    }

    public double ExpectedPurchases(PurchaseHistory history, double weeks)
    {
        var (x, _, age) = HistoryCheck.Possible(history);
        return Alive(history) * WouldBePurchases.Expected(R + x, A, B + Chances(x), Horizon.Check(weeks) / (Alpha + age));
    }

    public double[] ExpectedPurchases(PurchaseHistories histories, double weeks)
    {
        HistoryCheck.Possible(histories);
        Horizon.Check(weeks);
        var model = this;
        var tables = WouldBePurchases.Tables(histories.Frequency, x => (model.R + x, model.A, model.B + model.Chances(x)));
        return Blocks.Map(histories.Count, row =>
        {
            var history = histories[row];
            var x = history.Frequency;
            var y = weeks / (model.Alpha + history.Age);
            var ifAlive = x < tables.Length && tables[(int)x] is { } table && WouldBePurchases.Covers(y)
                ? table.Expected(y)
                : WouldBePurchases.Expected(model.R + x, model.A, model.B + model.Chances(x), y);
            return model.Alive(history) * ifAlive;
        });
    }

    public int ProbabilityOfAtLeast(PurchaseHistory history, double horizonWeeks, ReadOnlySpan<double> purchases, Span<double> probabilities)
    {
        var (x, _, age) = HistoryCheck.Possible(history);
        Span<double> weight = [1, 0, 0, 0, 0, 0, 0, 0];
        Span<double> odds = [Horizon.Check(horizonWeeks) / (Alpha + age), 0, 0, 0, 0, 0, 0, 0];
        return PurchaseTail.Fill(Alive(history), R + x, (A, B + Chances(x)), weight, odds, purchases, probabilities);
    }

    /// <summary>k, the purchases after which the customer could have dropped out.</summary>
    private double Chances(double x) => FirstMayEnd ? x + 1 : x;

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
