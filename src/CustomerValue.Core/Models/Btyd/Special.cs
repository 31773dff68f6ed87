namespace CustomerValue.Models.Btyd;

/// <summary>Logarithms and exponentials near 1 and 0, exact where the plain ones lose digits.</summary>
internal static class Special
{
    /// <summary>ln(1 + x) for x &gt; -1, exact for small x (Kahan's correction of the rounding of 1 + x).</summary>
    public static double Log1P(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : double.IsPositiveInfinity(u) ? u : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>e^x - 1, exact for small x (Kahan's correction of the rounding of e^x).</summary>
    public static double ExpM1(double x)
    {
        if (Math.Abs(x) < 1e-5) return x * (1 + x * (0.5 + x / 6));
        var u = Math.Exp(x);
        var less = u - 1;
        return less == -1 || double.IsPositiveInfinity(u) ? less : less * (x / Math.Log(u));
    }

    /// <summary>ln(1 + e^x).</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Log1P(Math.Exp(-Math.Abs(x)));

    /// <summary>1 / (1 + e^(-x)), exact at both ends.</summary>
    public static double Logistic(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));
}
