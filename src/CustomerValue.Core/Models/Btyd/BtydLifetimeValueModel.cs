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
        var each = SpendModel.ExpectedSpend(histories);
        var purchases = DiscountedPurchases(histories, horizon);
        return Blocks.Map(histories.Count, row => purchases[row] * each[row]);
    }

    /// <summary>[rows]: the ranges that customers' spend over the horizon will fall in, as far as the models know.</summary>
    /// <remarks>Exact for plain spend: the number of purchases has a closed form (an integral over lifetimes in Pareto/NBD), and so has the spend of so many
    /// (see <see cref="CompoundSpend"/>). With a discount rate both ends are those of plain spend times the customer's mean discount, expected discounted purchases over expected
    /// purchases: that purchases may come a little earlier or later than on average isn't in the range.</remarks>
    /// <param name="histories">What customers had bought by the start of the horizon.</param>
    /// <param name="horizon">How far to look ahead.</param>
    /// <param name="level">Probability that the interval holds, at least; from 0.01 to 0.999.</param>
    /// <exception cref="InvalidOperationException">There is no spend model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level isn't possible.</exception>
    public SpendIntervals Intervals(PurchaseHistories histories, Horizon horizon, double level = SpendInterval.DefaultLevel) => Intervals(histories, horizon, level, _ => Purchases);

    /// <summary>The same where each customer has a purchase model of their own, by row; with a discount rate the mean discount is that of the model here.</summary>
    internal SpendIntervals Intervals(PurchaseHistories histories, Horizon horizon, double level, Func<int, IPurchaseModel> own)
    {
        SpendInterval.Check(level);
        var spend = SpendModel;
        HistoryCheck.Possible(histories);
        HistoryCheck.FiniteSpend(histories);
        var discount = MeanDiscount(histories, horizon);
        var tables = new CompoundSpend.Tables(spend, Enumerable.Range(0, histories.Count).Select(row => GammaGammaModel.Spent(histories, row, spend.IncludesFirst).Purchases));
        var (low, high) = (new double[histories.Count], new double[histories.Count]);
        Blocks.Split(histories.Count, (from, to) =>
        {
            var total = new CompoundSpend(Purchases, spend, horizon.Weeks, tables);
            for (var row = from; row < to; row++)
            {
                var (purchases, mean) = GammaGammaModel.Spent(histories, row, spend.IncludesFirst);
                total.Turn(own(row), histories[row], purchases);
                var unit = (spend.Gamma + purchases * Math.Max(0, mean)) * (discount?[row] ?? 1);
                high[row] = unit * total.Quantile((1 + level) / 2);
                low[row] = Math.Min(high[row], unit * total.Quantile((1 - level) / 2));
            }
        });
        return new(low, high, level);
    }

    /// <summary>[rows]: what each customer is expected to be worth over the horizon, with an interval.</summary>
    /// <exception cref="InvalidOperationException">There is no spend model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level isn't possible.</exception>
    public LifetimeValueEstimate[] Estimate(PurchaseHistories histories, Horizon horizon, double level = SpendInterval.DefaultLevel)
    {
        var (expected, intervals) = (ExpectedSpend(histories, horizon), Intervals(histories, horizon, level));
        return [.. expected.Select((value, row) => new LifetimeValueEstimate(histories.CustomerIds[row], value, intervals[row], horizon, AnnualDiscountRate))];
    }

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

    private GammaGammaModel SpendModel => Spend ?? throw new InvalidOperationException(
        "This model foresees purchases only. Give BtydLifetimeValue a spend model too: new BtydLifetimeValue(new BgNbd(), new GammaGamma()).");

    /// <summary>[rows]: what an amount is worth on average that is spent some time over the horizon; null when nothing is discounted.</summary>
    private double[]? MeanDiscount(PurchaseHistories histories, Horizon horizon)
    {
        if (AnnualDiscountRate == 0) return null;
        var (discounted, plain) = (DiscountedPurchases(histories, horizon), Purchases.ExpectedPurchases(histories, horizon.Weeks));
        return Blocks.Map(histories.Count, row => plain[row] > 0 ? Math.Min(1, discounted[row] / plain[row]) : 1);
    }

    internal static double PossibleRate(double rate) => Check.Within(rate, 0, 10, "annual discount rate");
}
