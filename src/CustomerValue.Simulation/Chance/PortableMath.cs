namespace CustomerValue.Simulation.Chance;

/// <summary>The exponential and the logarithm from additions, multiplications and divisions only. <see cref="Math.Exp"/> and
/// <see cref="Math.Log(double)"/> call the platform's C library, whose last bit differs between systems; the four basic operations and the square
/// root are exactly rounded everywhere (IEEE 754), so what is drawn through these is the same on every machine.</summary>
internal static class PortableMath
{
    private const double Log2E = 1.4426950408889634, Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;

    /// <summary>e to the power of <paramref name="x"/>, to within 2e-15 relative; the exponent is clamped to [-700, 700].</summary>
    public static double Exp(double x)
    {
        x = Math.Clamp(x, -700, 700);
        var n = Math.Floor(x * Log2E + 0.5);
        var r = x - n * Ln2High - n * Ln2Low;                             // |r| <= ln(2) / 2
        // Taylor series, in pairs of terms that don't wait for each other.
        double r2 = r * r, r4 = r2 * r2;
        var low = 1 + r + r2 * (1.0 / 2 + r * (1.0 / 6));
        var middle = 1.0 / 24 + r * (1.0 / 120) + r2 * (1.0 / 720 + r * (1.0 / 5040));
        var high = 1.0 / 40320 + r * (1.0 / 362880) + r2 * (1.0 / 3628800 + r * (1.0 / 39916800)) + r4 * (1.0 / 479001600 + r * (1.0 / 6227020800));
        return (low + r4 * (middle + r4 * high)) * BitConverter.Int64BitsToDouble(((long)n + 1023) << 52);
    }

    /// <summary>Natural logarithm of a positive, normal number, to within 2e-15 (relative; absolute near 1).</summary>
    public static double Log(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFFL) | (1023L << 52));   // [1, 2)
        if (mantissa > 1.4142135623730951) { mantissa /= 2; exponent++; }
        var s = (mantissa - 1) / (mantissa + 1);                          // ln m = 2 artanh s, |s| < 0.172
        var square = s * s;
        var sum = 0.0;
        for (var power = 23; power >= 1; power -= 2) sum = sum * square + 1.0 / power;
        return exponent * Ln2High + (2 * s * sum + exponent * Ln2Low);
    }

    /// <summary>1 / (1 + exp(-x)).</summary>
    public static double Logistic(double x) => 1 / (1 + Exp(-x));
}
