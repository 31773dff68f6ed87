namespace CustomerValue.Models.Btyd;

/// <summary>Gauss's hypergeometric function ₂F₁, in which the papers state their expectations.</summary>
public static class Hypergeometric
{
    private const int MostTerms = 5_000_000;

    /// <summary>₂F₁(a, b; c; z) for real a, b, c &gt; 0 and z &lt; 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">z isn't below 1, or c isn't above 0.</exception>
    /// <exception cref="OverflowException">The value is beyond the range of a double; take <see cref="Log"/>.</exception>
    public static double F(double a, double b, double c, double z)
    {
        var (log, sign) = Signed(a, b, c, z);
        var value = sign * Math.Exp(log);
        return double.IsFinite(value) ? value
            : throw new OverflowException($"2F1({a}, {b}; {c}; {z}) is beyond the range of a double. Take Hypergeometric.Log instead.");
    }

    /// <summary>ln ₂F₁(a, b; c; z) where the value is positive, as for a, b, c &gt; 0 and 0 ≤ z &lt; 1; stays finite for the large a and b of heavy buyers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">z isn't below 1, c isn't above 0, or the value isn't positive.</exception>
    public static double Log(double a, double b, double c, double z)
    {
        var (log, sign) = Signed(a, b, c, z);
        return sign > 0 ? log : throw new ArgumentOutOfRangeException(nameof(z), z, $"2F1({a}, {b}; {c}; {z}) isn't positive, so it has no real logarithm.");
    }

    private static (double Log, int Sign) Signed(double a, double b, double c, double z)
    {
        if (!(z < 1)) throw new ArgumentOutOfRangeException(nameof(z), z, "2F1 is computed for z below 1; the models never need more.");
        Check.Positive(c);

        // Pfaff: a negative argument moves into (0, 1).
        if (z < 0)
        {
            var (a1, b1) = Math.Abs(c - b) < Math.Abs(c - a) ? (a, c - b) : (b, c - a);
            var moved = Series(a1, b1, c, z / (z - 1));
            return (moved.Log - a1 * Math.Log(1 - z), moved.Sign);
        }

        // Euler: near 1 the series with the smaller numerators needs fewer terms; with negative ones its terms would cancel.
        if (z > 0.5 && c - a - b < 0 && c >= a && c >= b)
        {
            var moved = Series(c - a, c - b, c, z);
            return (moved.Log + (c - a - b) * Math.Log(1 - z), moved.Sign);
        }
        return Series(a, b, c, z);
    }

    /// <summary>The power series, rescaled whenever it grows large, so that it ends in a logarithm rather than in infinity.</summary>
    private static (double Log, int Sign) Series(double a, double b, double c, double z)
    {
        double term = 1, sum = 1, scale = 0;
        for (var n = 0; n < MostTerms; n++)
        {
            term *= (a + n) / (c + n) * (b + n) / (n + 1) * z;
            sum += term;
            if (term == 0) break;
            var growth = Math.Abs((a + n + 1) / (c + n + 1) * (b + n + 1) / (n + 2) * z);
            if (growth < 1 && Math.Abs(term) * growth < 1e-17 * Math.Abs(sum) * (1 - growth)) break;
            if (Math.Abs(sum) > 1e200 || Math.Abs(term) > 1e200)
            {
                (term, sum) = (term * 1e-200, sum * 1e-200);
                scale += 200 * Math.Log(10);
            }
        }
        return (Math.Log(Math.Abs(sum)) + scale, Math.Sign(sum));
    }
}
