namespace CustomerValue.Models.Btyd;

/// <summary>The logarithm of the gamma function and its first two derivatives, for positive arguments.</summary>
/// <remarks>The argument is shifted up to 8 by the recurrence, from where Stirling's series is exact to a double (Abramowitz and Stegun, 6.1.40,
/// 6.3.18 and 6.4.12).</remarks>
internal static class GammaFunctions
{
    private const double Shifted = 8, HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>ln Γ(x).</summary>
    public static double LogGamma(double x)
    {
        double product = 1;
        while (x < Shifted) product *= x++;
        return (x - 0.5) * Math.Log(x) - x + HalfLogTwoPi + Stirling(x) - Math.Log(product);
    }

    /// <summary>ln B(a, b) = ln Γ(a) + ln Γ(b) - ln Γ(a + b), without the cancellation where one is much larger than the other.</summary>
    public static double LogBeta(double a, double b)
    {
        if (a < b) (a, b) = (b, a);
        if (a < Shifted) return LogGamma(a) + LogGamma(b) - LogGamma(a + b);
        return LogGamma(b) - (a - 0.5) * Special.Log1P(b / a) - b * (Math.Log(a + b) - 1) + Stirling(a) - Stirling(a + b);
    }

    /// <summary>ψ(x), the derivative of ln Γ.</summary>
    public static double Digamma(double x)
    {
        double shift = 0;
        while (x < Shifted) shift += 1 / x++;
        var y = 1 / (x * x);
        var series = y * (1.0 / 12 - y * (1.0 / 120 - y * (1.0 / 252 - y * (1.0 / 240 - y * (1.0 / 132 - y * (691.0 / 32760 - y / 12))))));
        return Math.Log(x) - 0.5 / x - series - shift;
    }

    /// <summary>ψ′(x), the second derivative of ln Γ.</summary>
    public static double Trigamma(double x)
    {
        double shift = 0;
        while (x < Shifted) { shift += 1 / (x * x); x++; }
        var y = 1 / (x * x);
        var series = y * (1.0 / 6 - y * (1.0 / 30 - y * (1.0 / 42 - y * (1.0 / 30 - y * (5.0 / 66 - y * (691.0 / 2730 - y * 7.0 / 6))))));
        return (1 + 0.5 / x + series) / x + shift;
    }

    /// <summary>ln of the rising factorial (x)_n = x (x + 1) … (x + n - 1): ln Γ(x + n) - ln Γ(x), without the cancellation when n is a small whole number.</summary>
    public static double LogRising(double x, double n)
    {
        if (n > 32 || n != Math.Floor(n)) return LogGamma(x + n) - LogGamma(x);
        double sum = 0, product = 1;
        for (var j = 0; j < n; j++)
        {
            product *= x + j;
            if (product is > 1e-200 and < 1e200) continue;
            sum += Math.Log(product);
            product = 1;
        }
        return sum + Math.Log(product);
    }

    // ln Γ(x) - (x - 1/2) ln x + x - ln(2π) / 2, for x from 8 up.
    private static double Stirling(double x)
    {
        var y = 1 / (x * x);
        return (((((((1.0 / 156) * y - 691.0 / 360360) * y + 1.0 / 1188) * y - 1.0 / 1680) * y + 1.0 / 1260) * y - 1.0 / 360) * y + 1.0 / 12) / x;
    }
}
