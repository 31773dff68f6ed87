namespace CustomerValue.Models.Btyd;

/// <summary>Gauss-Legendre quadrature: exact for polynomials of twice as many terms as it has nodes.</summary>
internal static class GaussLegendre
{
    /// <summary>[n]: nodes and weights on [0, 1], ascending, by Newton's method on the Legendre polynomial.</summary>
    public static (double Node, double Weight)[] OnUnitInterval(int n)
    {
        var rule = new (double, double)[n];
        for (var i = 0; i < n; i++)
        {
            double z = Math.Cos(Math.PI * (i + 0.75) / (n + 0.5)), slope = 0;
            for (var step = 0; step < 50; step++)
            {
                double p = 1, before = 0;
                for (var j = 0; j < n; j++) (p, before) = (((2 * j + 1) * z * p - j * before) / (j + 1), p);
                slope = n * (z * p - before) / (z * z - 1);
                z -= p / slope;
            }
            rule[i] = ((1 - z) / 2, 1 / ((1 - z * z) * slope * slope));
        }
        return rule;
    }
}
