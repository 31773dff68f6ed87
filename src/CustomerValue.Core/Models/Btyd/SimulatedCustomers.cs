using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Customers who buy, stop and spend as the models say, and what they go on to do: for trying a model on data whose truth is known.</summary>
/// <param name="Histories">What they had bought by the cutoff.</param>
/// <param name="Purchases">[rows]: purchases over the horizon after it.</param>
/// <param name="Spend">[rows]: what they spent on them, in account currency, discounted to the cutoff as the options say.</param>
public sealed record SimulatedCustomers(PurchaseHistories Histories, double[] Purchases, double[] Spend)
{
    /// <summary>Draws customers from BG/NBD and gamma-gamma.</summary>
    public static SimulatedCustomers From(BgNbdModel purchases, GammaGammaModel spend, SimulationOptions options) =>
        Draw((ref SplitMix64 random) => new(Gamma(ref random, purchases.R) / purchases.Alpha, double.PositiveInfinity, Beta(ref random, purchases.A, purchases.B), false), spend, options);

    /// <summary>Draws customers from MBG/NBD and gamma-gamma.</summary>
    public static SimulatedCustomers From(MbgNbdModel purchases, GammaGammaModel spend, SimulationOptions options) =>
        Draw((ref SplitMix64 random) => new(Gamma(ref random, purchases.R) / purchases.Alpha, double.PositiveInfinity, Beta(ref random, purchases.A, purchases.B), true), spend, options);

    /// <summary>Draws customers from Pareto/NBD and gamma-gamma.</summary>
    public static SimulatedCustomers From(ParetoNbdModel purchases, GammaGammaModel spend, SimulationOptions options) =>
        Draw((ref SplitMix64 random) =>
        {
            var (rate, dropout) = (Gamma(ref random, purchases.R) / purchases.Alpha, Gamma(ref random, purchases.S) / purchases.Beta);
            return new(rate, Exponential(ref random) / Math.Max(dropout, 1e-12), 0, false);
        }, spend, options);

    private delegate Life NewLife(ref SplitMix64 random);

    // Purchases a week while alive; weeks until the customer stops; probability of stopping after a purchase, and whether the first one counts.
    private readonly record struct Life(double Rate, double Weeks, double Stop, bool FirstMayEnd);

    private static SimulatedCustomers Draw(NewLife draw, GammaGammaModel spend, SimulationOptions options)
    {
        var n = options.Customers;
        var (ids, x, recency, age, meanRepeat, mean) = (new string[n], new double[n], new double[n], new double[n], new double[n], new double[n]);
        var (later, laterSpend) = (new double[n], new double[n]);
        var discount = Math.Log(1 + options.AnnualDiscountRate) * 7 / 365.25;
        for (var row = 0; row < n; row++)
        {
            var random = SplitMix64.Stream(options.Seed, row);
            ids[row] = row.ToString("D7", CultureInfo.InvariantCulture);
            age[row] = Time(options.LeastAgeWeeks + (options.MostAgeWeeks - options.LeastAgeWeeks) * random.Unit());
            var life = draw(ref random);
            var rate = Gamma(ref random, spend.Q) / spend.Gamma;
            var first = Gamma(ref random, spend.P) / rate;
            var (repeat, end) = (0.0, Math.Min(life.Weeks, age[row] + options.Horizon.Weeks));
            var over = life.FirstMayEnd && random.Unit() < life.Stop;
            for (double at = 0; !over; over = random.Unit() < life.Stop)
            {
                at += Exponential(ref random) / Math.Max(life.Rate, 1e-12);
                if (at > end) break;
                var amount = Gamma(ref random, spend.P) / rate;
                if (at <= age[row]) (x[row], recency[row], repeat) = (x[row] + 1, Math.Min(age[row], Time(at)), repeat + amount);
                else (later[row], laterSpend[row]) = (later[row] + 1, laterSpend[row] + amount * Math.Exp(-discount * (at - age[row])));
            }
            meanRepeat[row] = x[row] > 0 ? repeat / x[row] : 0;
            mean[row] = (first + repeat) / (x[row] + 1);
        }
        return new(new(ids, x, recency, age, meanRepeat, mean), later, laterSpend);

        double Time(double weeks) => options.WholeDays ? Math.Round(weeks * 7) / 7 : weeks;
    }

    private static double Exponential(ref SplitMix64 random) => -Math.Log(1 - random.Unit());

    private static double Beta(ref SplitMix64 random, double a, double b)
    {
        var (stay, go) = (Gamma(ref random, b), Gamma(ref random, a));
        return go / (go + stay);
    }

    /// <summary>A draw from Gamma(shape, 1) by Marsaglia and Tsang (2000).</summary>
    private static double Gamma(ref SplitMix64 random, double shape)
    {
        if (shape < 1) return Gamma(ref random, shape + 1) * Math.Pow(1 - random.Unit(), 1 / shape);
        var d = shape - 1.0 / 3;
        while (true)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.Unit())) * Math.Cos(2 * Math.PI * random.Unit());
            var v = Math.Pow(1 + normal / Math.Sqrt(9 * d), 3);
            if (v > 0 && Math.Log(1 - random.Unit()) < 0.5 * normal * normal + d - d * v + d * Math.Log(v)) return d * v;
        }
    }
}
