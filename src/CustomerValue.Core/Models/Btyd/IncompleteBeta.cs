using System.Runtime.Intrinsics;

namespace CustomerValue.Models.Btyd;

/// <summary>The distribution of a beta variable by its log-odds: I_u(a, b) at u = 1 / (1 + e^(-v)), the regularised incomplete beta function.</summary>
/// <remarks>By the continued fraction (Abramowitz and Stegun, 26.5.8) on the side of the mean where it converges fast. Its terms grow as the root of the smaller
/// parameter; where both are large the density in v, hardly wider than a normal one, is summed by Gauss-Legendre quadrature instead.</remarks>
internal static class IncompleteBeta
{
    private const double Large = 2000, Reach = 10, Nothing = 1e-17, Settled = 1e-12;
    private const int MostTerms = 5000;

    private static readonly (double Node, double Weight)[] s_rule = GaussLegendre.OnUnitInterval(32);

    /// <summary>I_u(a, b).</summary>
    public static double Lower(double a, double b, double logOdds) =>
        Lower(Vector512.Create(a), Vector512.Create(b), Vector512.Create(logOdds), Vector512.Create(GammaFunctions.LogBeta(a, b)), out _)[0];

    /// <summary>I_u(a, b), lane by lane.</summary>
    /// <param name="a">Above 0.</param>
    /// <param name="b">Above 0.</param>
    /// <param name="logOdds">v = ln(u / (1 - u)), finite.</param>
    /// <param name="logBeta">ln B(a, b).</param>
    /// <param name="density">Its slope in v: u^a (1 - u)^b / B(a, b).</param>
    public static Vector512<double> Lower(Vector512<double> a, Vector512<double> b, Vector512<double> logOdds, Vector512<double> logBeta, out Vector512<double> density)
    {
        var one = Vector512<double>.One;
        var softplus = Log1P(Vector512.Exp(-Vector512.Abs(logOdds)));
        var (logU, logNotU) = (Vector512.Min(logOdds, Vector512<double>.Zero) - softplus, -Vector512.Max(logOdds, Vector512<double>.Zero) - softplus);
        density = Vector512.Exp(a * logU + b * logNotU - logBeta);

        var (u, notU) = (Vector512.Exp(logU), Vector512.Exp(logNotU));
        if (Vector512.LessThanAll(density, Vector512.Create(Nothing)))
            return Vector512.ConditionalSelect(Vector512.GreaterThan(u * (a + b), a), one, Vector512<double>.Zero);

        var large = Vector512.GreaterThan(Vector512.Min(a, b), Vector512.Create(Large));
        var (p, q) = (Vector512.ConditionalSelect(large, one, a), Vector512.ConditionalSelect(large, one, b));
        var above = Vector512.GreaterThan(u * (p + q + one + one), p + one);
        var tail = density * Fraction(Vector512.ConditionalSelect(above, q, p), Vector512.ConditionalSelect(above, p, q), Vector512.ConditionalSelect(above, notU, u));
        var lower = Vector512.ConditionalSelect(above, one - tail, tail);
        if (large == Vector512<double>.Zero) return lower;
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
            if (Math.Min(a[lane], b[lane]) > Large) lower = lower.WithElement(lane, Summed(a[lane], b[lane], logOdds[lane]));
        return lower;
    }

    // As Special.Log1P, for 0 ≤ x ≤ 1.
    private static Vector512<double> Log1P(Vector512<double> x)
    {
        var u = Vector512<double>.One + x;
        return Vector512.ConditionalSelect(Vector512.Equals(u, Vector512<double>.One), x, Vector512.Log(u) * (x / (u - Vector512<double>.One)));
    }

    /// <summary>B(a, b) I_u(a, b) / (u^a (1 - u)^b) for u below the mean, by Lentz's method; all its denominators are positive there.</summary>
    private static Vector512<double> Fraction(Vector512<double> a, Vector512<double> b, Vector512<double> u)
    {
        var (one, least) = (Vector512<double>.One, Vector512.Create(1e-30));
        var (sum, c) = (a + b, one);
        var d = one / Vector512.Max(one - sum * u / (a + one), least);
        var value = d;
        for (var term = 1; term <= MostTerms; term++)
        {
            var m = Vector512.Create((double)term);
            var (at, by) = (a + m + m, m * (b - m) * u);
            by /= (at - one) * at;
            d = one / Vector512.Max(one + by * d, least);
            c = Vector512.Max(one + by / c, least);
            value *= d * c;
            by = -(a + m) * (sum + m) * u / (at * (at + one));
            d = one / Vector512.Max(one + by * d, least);
            c = Vector512.Max(one + by / c, least);
            var change = d * c;
            value *= change;
            if (Vector512.LessThanAll(Vector512.Abs(change - one), Vector512.Create(Settled))) break;
        }
        return value / a;
    }

    /// <summary>The same where a and b are large: the part of the area under the density that lies below v, up to ten deviations from its mode ln(a / b).</summary>
    private static double Summed(double a, double b, double logOdds)
    {
        var reach = Reach * Math.Sqrt(1 / a + 1 / b);
        var from = logOdds - Math.Log(a / b);
        if (Math.Abs(from) >= reach) return from < 0 ? 0 : 1;
        var all = Area(-reach, 0) + Area(0, reach);
        return from < 0 ? Area(-reach, from) / all : 1 - Area(from, reach) / all;

        double Area(double low, double high)
        {
            double area = 0;
            foreach (var (node, weight) in s_rule)
            {
                var t = low + (high - low) * node;
                area += weight * Math.Exp(a * t - (a + b) * Special.Log1P(a / (a + b) * Special.ExpM1(t)));
            }
            return area * (high - low);
        }
    }
}
