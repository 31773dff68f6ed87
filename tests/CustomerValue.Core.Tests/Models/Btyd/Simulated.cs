using CustomerValue.Features;

namespace CustomerValue.Tests.Models.Btyd;

/// <summary>Customers who buy and stop as BG/NBD says, from a seed.</summary>
internal static class Simulated
{
    /// <summary>r, α, a, b.</summary>
    public static readonly double[] Truth = [0.8, 6, 0.8, 2.5];

    public static PurchaseHistories Histories(int customers, int seed)
    {
        var random = new Random(seed);
        var rows = new PurchaseHistory[customers];
        for (var i = 0; i < customers; i++)
        {
            var rate = Gamma(random, Truth[0]) / Truth[1];
            var (a, b) = (Gamma(random, Truth[2]), Gamma(random, Truth[3]));
            double age = 20 + 40 * random.NextDouble(), at = 0, recency = 0;
            var x = 0;
            while ((at += -Math.Log(1 - random.NextDouble()) / rate) <= age)
            {
                (x, recency) = (x + 1, at);
                if (random.NextDouble() < a / (a + b)) break;
            }
            rows[i] = new(x, recency, age);
        }
        return Reference.Histories(rows);
    }

    /// <summary>Marsaglia and Tsang (2000).</summary>
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
