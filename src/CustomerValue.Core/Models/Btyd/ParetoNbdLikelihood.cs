using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Log-likelihood, gradient and Hessian of Pareto/NBD in r, α, s, β.</summary>
/// <remarks>
/// A customer's likelihood is (r)_x α^r β^s M, with n = r + x and M = (α+T)^(-n) (β+T)^(-s) + s ∫ (α+τ)^(-n) (β+τ)^(-s-1) dτ from t_x to T (Fader and Hardie 2005).
/// M is a sum of positive terms e^f, one for "alive at T" and one a quadrature node, so with probabilities q ∝ e^f
/// ∂ ln M = E_q[∂f] and ∂² ln M = E_q[∂²f] + Cov_q[∂f]: derivatives as exact as the integral itself.
/// </remarks>
internal sealed class ParetoNbdLikelihood(CollapsedHistories rows, int threads) : ILogLikelihood
{
    private const int R = 0, Alpha = 1, S = 2, Beta = 3, Size = 4;

    // Sums over rows: value, gradient, upper triangle of the Hessian.
    internal enum Sum { Value, R, Alpha, S, Beta, RR, RAlpha, RS, RBeta, AlphaAlpha, AlphaS, AlphaBeta, SS, SBeta, BetaBeta, Count }

    // r, weeks a purchase takes on average (α / r), s, weeks a lifetime takes (β / s).
    public ParameterSpace Space { get; } = new(["r", "alpha", "s", "beta"], [-1, R, -1, S], [1e-6, 1e-6, 1e-6, 1e-6], [1e4, 1e6, 1e4, 1e6]);
    public int Customers => rows.Customers;
    public int DistinctRows => rows.Distinct;

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        var (r, alpha, s, beta) = (parameters[R], parameters[Alpha], parameters[S], parameters[Beta]);
        var sums = Blocks.Sum(rows.Weight.Length, (int)Sum.Count, threads, (from, to, part) => Add(from, to, r, alpha, s, beta, part));

        hessian.Clear();
        var next = (int)Sum.RR;
        for (var i = 0; i < Size; i++)
        {
            gradient[i] = sums[(int)Sum.R + i];
            for (var j = i; j < Size; j++) hessian[i * Size + j] = sums[next++];
        }

        // (r)_x α^r β^s, summed over customers.
        double n = rows.Customers, value = sums[(int)Sum.Value] + n * (r * Math.Log(alpha) + s * Math.Log(beta));
        gradient[R] += n * Math.Log(alpha);
        gradient[Alpha] += n * r / alpha;
        gradient[S] += n * Math.Log(beta);
        gradient[Beta] += n * s / beta;
        hessian[R * Size + Alpha] += n / alpha;
        hessian[Alpha * Size + Alpha] -= n * r / (alpha * alpha);
        hessian[S * Size + Beta] += n / beta;
        hessian[Beta * Size + Beta] -= n * s / (beta * beta);
        for (var j = 0; j < rows.Beyond.Length; j++)
        {
            value += rows.Beyond[j] * Math.Log(r + j);
            gradient[R] += rows.Beyond[j] / (r + j);
            hessian[R * Size + R] -= rows.Beyond[j] / ((r + j) * (r + j));
        }
        return value;
    }

    [SkipLocalsInit]
    private void Add(int from, int to, double r, double alpha, double s, double beta, double[] sums)
    {
        Span<double> room = stackalloc double[DropoutNodes.Room];
        var nodes = new DropoutNodes(room);
        Span<Vector512<double>> second = stackalloc Vector512<double>[(int)Sum.Count];
        second.Clear();
        for (var row = from; row < to; row++)
            if (rows.Weight[row] > 0) AddRow(new(rows.Frequency[row], rows.Recency[row], rows.Age[row]), rows.Weight[row], r, alpha, s, beta, nodes, second, sums);
        for (var i = 0; i < sums.Length; i++) sums[i] += Vector512.Sum(second[i]);
    }

    /// <summary>Adds one history, but for (r)_x α^r β^s, to sums whose second moments are still spread over lanes.</summary>
    internal static void AddRow(PurchaseHistory history, double w, double r, double alpha, double s, double beta, DropoutNodes nodes, Span<Vector512<double>> second, Span<double> sums)
    {
        var (n, silence) = (r + history.Frequency, Math.Max(0, history.Age - history.Recency));
        var (fromAlpha, fromBeta) = (alpha + history.Recency, beta + history.Recency);
        var written = DropoutIntegral.Fill(n, fromAlpha, s, fromBeta, silence, nodes);
        var alive = DropoutIntegral.Alive(n, fromAlpha, s, fromBeta, silence);
        var total = Vector512<double>.Zero;
        for (var i = 0; i < written; i += Vector512<double>.Count) total += Vector512.Create<double>(nodes.Weight[i..]);
        var m = alive + Vector512.Sum(total);

        // Over the moments of dropout: means of the logarithms and inverses, and their second moments.
        Vector512<double> logAlphas = default, inverseAlphas = default, logBetas = default, inverseBetas = default;
        for (var i = 0; i < written; i += Vector512<double>.Count)
        {
            var q = Vector512.Create<double>(nodes.Weight[i..]) / m;
            var (la, ia) = (Vector512.Create<double>(nodes.LogAlpha[i..]), Vector512.Create<double>(nodes.InverseAlpha[i..]));
            var (lb, ib) = (Vector512.Create<double>(nodes.LogBeta[i..]), Vector512.Create<double>(nodes.InverseBeta[i..]));
            logAlphas += q * la;
            inverseAlphas += q * ia;
            logBetas += q * lb;
            inverseBetas += q * ib;
            q *= w;
            var (nia, sib) = (n * ia, (s + 1) * ib);
            second[(int)Sum.RR] += q * la * la;
            second[(int)Sum.RAlpha] += q * la * nia;
            second[(int)Sum.RS] += q * la * lb;
            second[(int)Sum.RBeta] += q * la * sib;
            second[(int)Sum.AlphaAlpha] += q * nia * (nia + ia);
            second[(int)Sum.AlphaS] += q * nia * lb;
            second[(int)Sum.AlphaBeta] += q * nia * sib;
            second[(int)Sum.SS] += q * lb * lb;
            second[(int)Sum.SBeta] += q * lb * sib;
            second[(int)Sum.BetaBeta] += q * sib * (sib + ib);
        }
        var (a1, a2, b1, b2) = (Vector512.Sum(logAlphas), Vector512.Sum(inverseAlphas), Vector512.Sum(logBetas), Vector512.Sum(inverseBetas));

        // The term that is alive at T; logarithms count from t_x.
        var p = alive / m;
        var (logA, invA) = (Special.Log1P(silence / fromAlpha), 1 / (fromAlpha + silence));
        var (logB, invB) = (Special.Log1P(silence / fromBeta), 1 / (fromBeta + silence));
        var gr = -(p * logA + a1);
        var ga = -n * (p * invA + a2);
        var gs = (1 - p) / s - (p * logB + b1);
        var gb = -s * p * invB - (s + 1) * b2;

        sums[(int)Sum.Value] += w * (Math.Log(m) - n * Math.Log(fromAlpha) - (s + 1) * Math.Log(fromBeta));
        sums[(int)Sum.R] += w * (gr - Math.Log(fromAlpha));
        sums[(int)Sum.Alpha] += w * ga;
        sums[(int)Sum.S] += w * (gs - Math.Log(fromBeta));
        sums[(int)Sum.Beta] += w * gb;
        sums[(int)Sum.RR] += w * (p * logA * logA - gr * gr);
        sums[(int)Sum.RAlpha] += w * (p * invA * (n * logA - 1) - a2 - gr * ga);
        sums[(int)Sum.RS] += w * (p * logA * logB - a1 / s - gr * gs);
        sums[(int)Sum.RBeta] += w * (p * logA * s * invB - gr * gb);
        sums[(int)Sum.AlphaAlpha] += w * (p * n * (n + 1) * invA * invA - ga * ga);
        sums[(int)Sum.AlphaS] += w * (p * n * invA * logB - n * a2 / s - ga * gs);
        sums[(int)Sum.AlphaBeta] += w * (p * n * s * invA * invB - ga * gb);
        sums[(int)Sum.SS] += w * (p * logB * logB - 2 * b1 / s - gs * gs);
        sums[(int)Sum.SBeta] += w * (p * invB * (s * logB - 1) - ((s + 1) / s + 1) * b2 - gs * gb);
        sums[(int)Sum.BetaBeta] += w * (p * s * (s + 1) * invB * invB - gb * gb);
    }
}
