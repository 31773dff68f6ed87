using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.Cli.Bench;

/// <summary>Histories of customers who buy and stop as BG/NBD says, with the parameters published for CDNOW.</summary>
internal static class SimulatedHistories
{
    private const double R = 0.243, Alpha = 4.414, A = 0.793, B = 2.426;

    /// <summary>Customers first seen 27 to 39 weeks before the cutoff, as in CDNOW.</summary>
    /// <param name="customers">How many.</param>
    /// <param name="seed">Same seed, same customers.</param>
    /// <param name="wholeDays">Round times to days, so that many histories are alike; otherwise no two are.</param>
    public static PurchaseHistories Make(int customers, int seed, bool wholeDays)
    {
        var random = new Random(seed);
        var ids = new string[customers];
        double[] x = new double[customers], recency = new double[customers], age = new double[customers], mean = new double[customers];
        for (var i = 0; i < customers; i++)
        {
            ids[i] = i.ToString("D7", CultureInfo.InvariantCulture);
            var (rate, stop) = (Gamma(random, R) / Alpha, Beta(random));
            age[i] = Rounded(27 + 12 * random.NextDouble());
            double at = 0;
            while (true)
            {
                at += -Math.Log(1 - random.NextDouble()) / Math.Max(rate, 1e-12);
                if (at > age[i]) break;
                (x[i], recency[i]) = (x[i] + 1, Math.Min(age[i], Rounded(at)));
                if (random.NextDouble() < stop) break;
            }
            mean[i] = 15.44 / Gamma(random, 3.74) * Gamma(random, 6.25 * (x[i] + 1)) / (x[i] + 1);
        }
        return new(ids, x, recency, age, mean, mean);

        double Rounded(double weeks) => wholeDays ? Math.Round(weeks * 7) / 7 : weeks;
    }

    private static double Beta(Random random)
    {
        var (a, b) = (Gamma(random, A), Gamma(random, B));
        return a / (a + b);
    }

    /// <summary>A draw from Gamma(shape, 1) by Marsaglia and Tsang (2000).</summary>
    private static double Gamma(Random random, double shape)
    {
        if (shape < 1) return Gamma(random, shape + 1) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        var d = shape - 1.0 / 3;
        while (true)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var v = Math.Pow(1 + normal / Math.Sqrt(9 * d), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < 0.5 * normal * normal + d - d * v + d * Math.Log(v)) return d * v;
        }
    }
}
