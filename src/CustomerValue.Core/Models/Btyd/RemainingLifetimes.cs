namespace CustomerValue.Models.Btyd;

/// <summary>How much of a horizon a living Pareto/NBD customer lives through: all of it, or until a moment of dropout whose density is s β^s (β+τ)^(-s-1).</summary>
/// <remarks>The moments are Gauss-Legendre nodes in w = ln(m + τ), m the smaller of α and β, as in <see cref="DropoutIntegral"/>. Panels are narrower the sharper a
/// number of purchases points to a time (heavy buyers), and the faster customers leave.</remarks>
internal static class RemainingLifetimes
{
    private const int Nodes = 16, Panels = 40, Lanes = 8;
    private const double Widest = 2, Sharp = 5, Deepest = 8, Negligible = 40;

    /// <summary>Room that one customer may need.</summary>
    public const int Most = Nodes * Panels + Lanes;

    private static readonly (double Node, double Weight)[] s_rule = GaussLegendre.OnUnitInterval(Nodes);

    /// <summary>Fills in times and their probabilities, which sum to 1.</summary>
    /// <param name="shape">n = r + x: how sharp the purchase rate is known.</param>
    /// <param name="alpha">α + T.</param>
    /// <param name="s">s.</param>
    /// <param name="beta">β + T.</param>
    /// <param name="horizon">In weeks.</param>
    /// <param name="weight">Overwritten: probabilities.</param>
    /// <param name="odds">Overwritten: τ / (α + T).</param>
    /// <returns>How many were written, a multiple of 8.</returns>
    public static int Fill(double shape, double alpha, double s, double beta, double horizon, Span<double> weight, Span<double> odds)
    {
        var least = Math.Min(alpha, beta);
        var end = Special.Log1P(horizon / least);
        double from = 0, fallen = 0, left = 1;      // left: those who live on, at w = from
        var written = 0;
        while (from < end && fallen < Negligible && written < Nodes * Panels)
        {
            var width = Math.Min(end - from, Math.Min(Widest, Math.Max(Sharp * Math.Sqrt((from + 1 / shape) / shape), 2 * end / Panels)));
            double to;
            while ((to = Fallen(from + width)) - fallen > Deepest) width /= 2;
            foreach (var (node, share) in s_rule)
            {
                var w = from + width * node;
                var time = least * Special.ExpM1(w);
                weight[written] = share * width * s / beta * Math.Exp(w - (s + 1) * Special.Log1P(time / beta)) * least;
                left -= weight[written];
                odds[written++] = time / alpha;
            }
            (from, fallen) = (from + width, to);
        }
        weight.Slice(written, Lanes).Clear();
        odds.Slice(written, Lanes).Clear();
        (weight[written], odds[written]) = (Math.Max(0, left), horizon / alpha);
        return written + Lanes;

        double Fallen(double w) => s * Special.Log1P(least * Special.ExpM1(w) / beta);
    }
}
