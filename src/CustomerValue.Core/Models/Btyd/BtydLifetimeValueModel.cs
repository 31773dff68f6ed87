using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>A fitted purchase model and a fitted spend model: what customers are worth over a horizon.</summary>
/// <param name="Purchases">When customers buy, and when they stop.</param>
/// <param name="Spend">What they spend on a purchase; null when only purchases are modelled.</param>
public sealed record BtydLifetimeValueModel(IPurchaseModel Purchases, GammaGammaModel? Spend)
{
    private const double WeeksPerYear = 365.25 / 7;

    // Gauss-Legendre nodes and weights of ten points on [0, 1].
    private static readonly (double Node, double Weight)[] s_rule = GaussLegendre.OnUnitInterval(10);

    /// <summary>Yearly rate at which future spend is discounted.</summary>
    public double AnnualDiscountRate { get; init => field = PossibleRate(value); }

    /// <summary>[rows]: expected spend over the horizon, discounted to its start, in account currency.</summary>
    /// <exception cref="InvalidOperationException">There is no spend model.</exception>
    public double[] ExpectedSpend(PurchaseHistories histories, Horizon horizon)
    {
        var each = (Spend ?? throw new InvalidOperationException(
            "This model foresees purchases only. Give BtydLifetimeValue a spend model too: new BtydLifetimeValue(new BgNbd(), new GammaGamma())."))
            .ExpectedSpend(histories);
        var purchases = DiscountedPurchases(histories, horizon);
        return Blocks.Map(histories.Count, row => purchases[row] * each[row]);
    }

    /// <summary>[rows]: what each customer is expected to be worth over the horizon.</summary>
    /// <exception cref="InvalidOperationException">There is no spend model.</exception>
    public LifetimeValueEstimate[] Estimate(PurchaseHistories histories, Horizon horizon) =>
        [.. ExpectedSpend(histories, horizon).Select((value, row) => new LifetimeValueEstimate(histories.CustomerIds[row], value, horizon, AnnualDiscountRate))];

    /// <summary>[rows]: expected purchases over the horizon, each counting less the later it comes.</summary>
    /// <remarks>With E(t) the purchases expected by t and a continuous rate δ, ∫ e^(-δt) dE(t) = e^(-δh) E(h) + δ ∫ e^(-δt) E(t) dt over [0, h]; the integral
    /// by quadrature in √t, as E rises fastest at first.</remarks>
    public double[] DiscountedPurchases(PurchaseHistories histories, Horizon horizon)
    {
        var total = Purchases.ExpectedPurchases(histories, horizon.Weeks);
        if (AnnualDiscountRate == 0) return total;
        var rate = Math.Log(1 + AnnualDiscountRate) / WeeksPerYear;
        var kept = Math.Exp(-rate * horizon.Weeks);
        for (var row = 0; row < total.Length; row++) total[row] *= kept;
        foreach (var (node, weight) in s_rule)
        {
            var t = horizon.Weeks * node * node;
            var share = rate * Math.Exp(-rate * t) * 2 * node * horizon.Weeks * weight;
            var soFar = Purchases.ExpectedPurchases(histories, t);
            for (var row = 0; row < total.Length; row++) total[row] += share * soFar[row];
        }
        return total;
    }

    internal static double PossibleRate(double rate) => Check.Within(rate, 0, 10, "annual discount rate");
}
