using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CustomerValue.Models.Btyd;

/// <summary>The sum over all moments at which a Pareto/NBD customer may have stopped after the last purchase.</summary>
/// <remarks>
/// With n = r + x, counted from the last purchase (α and β are those of the model plus t_x, silence = T - t_x), the part of the likelihood that isn't a
/// constant or a function of x is (α+silence)^(-n) (β+silence)^(-s) + s ∫_0^silence (α+τ)^(-n) (β+τ)^(-s-1) dτ: alive to the end, or gone at τ.
/// Fader and Hardie (2005) write the integral as a difference of two ₂F₁, which cancels to nothing for heavy buyers. Here it is summed by Gauss-Legendre
/// quadrature in w = ln(m + τ), m the smaller of α and β: the integrand then has no singularity within π of the real axis. Panels are cut so that it
/// falls by at most e^-8 over each, and end where nothing counts any more. All terms are positive and relative to the integrand at τ = 0.
/// </remarks>
internal static class DropoutIntegral
{
    /// <summary>Nodes of a panel.</summary>
    public const int Nodes = 16;

    /// <summary>Most nodes that one customer needs: a panel is either 2 wide, of a range of at most ln(1 + 5200 weeks / 1e-6) = 23, or falls by e^-2 at least, of e^-50.</summary>
    public const int MostNodes = 40 * Nodes;

    private const double WidestPanel = 2, DeepestPanel = 8, Negligible = 50;

    private static readonly double[] s_nodes = [.. GaussLegendre.OnUnitInterval(Nodes).Select(n => n.Node)];
    private static readonly double[] s_weights = [.. GaussLegendre.OnUnitInterval(Nodes).Select(n => n.Weight)];

    /// <summary>ln of the sum, alive or gone.</summary>
    public static double LogLikelihood(double n, double alpha, double s, double beta, double silence)
    {
        var (alive, gone) = Split(n, alpha, s, beta, silence);
        return -n * Math.Log(alpha) - (s + 1) * Math.Log(beta) + Math.Log(alive + gone);
    }

    /// <summary>The share of the sum that is alive to the end.</summary>
    public static double ProbabilityAlive(double n, double alpha, double s, double beta, double silence)
    {
        var (alive, gone) = Split(n, alpha, s, beta, silence);
        return alive / (alive + gone);
    }

    /// <summary>Fills <paramref name="nodes"/> with weights for summing over the moments of dropout, and the terms that the integrand is made of.</summary>
    /// <param name="n">r + x.</param>
    /// <param name="alpha">α + t_x.</param>
    /// <param name="s">s.</param>
    /// <param name="beta">β + t_x.</param>
    /// <param name="silence">T - t_x.</param>
    /// <param name="nodes">Overwritten.</param>
    /// <returns>Nodes written, a multiple of <see cref="Nodes"/>.</returns>
    public static int Fill(double n, double alpha, double s, double beta, double silence, DropoutNodes nodes)
    {
        var least = Math.Min(alpha, beta);
        var apart = Math.Abs(alpha - beta);
        var most = least + apart;
        var (power, otherPower) = alpha <= beta ? (n, s + 1) : (s + 1, n);     // of (least + τ) and of (most + τ)
        var near = alpha <= beta ? nodes.LogAlpha : nodes.LogBeta;
        var far = alpha <= beta ? nodes.LogBeta : nodes.LogAlpha;
        var nearInverse = alpha <= beta ? nodes.InverseAlpha : nodes.InverseBeta;
        var farInverse = alpha <= beta ? nodes.InverseBeta : nodes.InverseAlpha;
        var end = Special.Log1P(silence / least);
        double from = 0, fallen = 0;
        var written = 0;
        while (from < end && fallen < Negligible && written < MostNodes)
        {
            var width = Math.Min(end - from, WidestPanel);
            double to;
            while ((to = Fallen(from + width)) - fallen > DeepestPanel) width /= 2;
            for (var i = 0; i < Nodes; i += Vector512<double>.Count)
            {
                var w = Vector512.Create(from) + width * Vector512.Create<double>(s_nodes.AsSpan(i));      // ln((least + τ) / least)
                var nearer = least * Vector512.Exp(w);                                                      // least + τ
                var farther = nearer + Vector512.Create(apart);                                             // most + τ
                var other = Vector512.Log(farther / most);
                var value = Vector512.Exp((1 - power) * w - otherPower * other);
                ((s * least * width) * Vector512.Create<double>(s_weights.AsSpan(i)) * value).CopyTo(nodes.Weight[(written + i)..]);
                w.CopyTo(near[(written + i)..]);
                other.CopyTo(far[(written + i)..]);
                (Vector512<double>.One / nearer).CopyTo(nearInverse[(written + i)..]);
                (Vector512<double>.One / farther).CopyTo(farInverse[(written + i)..]);
            }
            written += Nodes;
            (from, fallen) = (from + width, to);
        }
        return written;

        double Fallen(double w) => (power - 1) * w + otherPower * Math.Log((least * Math.Exp(w) + apart) / most);
    }

    /// <summary>(β + silence) times the fall of the integrand up to the end: the part of the sum that is alive, relative to the integrand at τ = 0.</summary>
    public static double Alive(double n, double alpha, double s, double beta, double silence) =>
        beta * Math.Exp(-n * Special.Log1P(silence / alpha) - s * Special.Log1P(silence / beta));

    [SkipLocalsInit]
    private static (double Alive, double Gone) Split(double n, double alpha, double s, double beta, double silence)
    {
        Span<double> room = stackalloc double[DropoutNodes.Room];
        var nodes = new DropoutNodes(room);
        var written = Fill(n, alpha, s, beta, silence, nodes);
        double gone = 0;
        foreach (var part in nodes.Weight[..written]) gone += part;
        return (Alive(n, alpha, s, beta, silence), gone);
    }
}
