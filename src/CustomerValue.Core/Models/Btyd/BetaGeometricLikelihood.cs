using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Log-likelihood, gradient and Hessian of BG/NBD and MBG/NBD in r, α, a, b.</summary>
/// <remarks>
/// A customer may drop out after each of k purchases: k = x in BG/NBD (Fader, Hardie and Lee 2005, where the first purchase never ends it), k = x + 1 in
/// MBG/NBD (Batislam, Denizel and Filiztekin 2007). With n = r + x, the likelihood of one customer is
/// (r)_x α^r (b)_k / (a+b)_k · (α+T)^(-n) · [1 + a / (b+k-1) · ((α+T) / (α+t_x))^n], the second term absent where k = 0. All of it is kept as logarithms.
/// The factors that hold only x are summed over the counts of customers with more than j purchases, so a pass costs four logarithms and an exponential a row.
/// </remarks>
internal sealed class BetaGeometricLikelihood(CollapsedHistories rows, bool firstMayEnd, int threads) : ILogLikelihood
{
    private const int R = 0, Alpha = 1, A = 2, B = 3, Size = 4;

    // Below this many distinct rows a fit on all of them from both starts is a matter of milliseconds.
    private const int Large = 40_000;

    // Sums over rows: value, gradient, Hessian in terms of r, α, ln a, and the offset that b enters by.
    private enum Sum { Value, R, Alpha, A, B, RR, RAlpha, AlphaAlpha, RA, RB, AlphaA, AlphaB, AA, AB, BB, Count }

    // r, weeks a purchase takes on average (α / r), a / b, b.
    public ParameterSpace Space { get; } = new(["r", "alpha", "a", "b"], [-1, R, B, -1], [1e-6, 1e-6, 1e-6, 1e-6], [1e4, 1e6, 1e4, 1e4]);
    public int Customers => rows.Customers;
    public int DistinctRows => rows.Distinct;

    /// <summary>Learns r, α, a and b of either model from two starts.</summary>
    public static FitReport Fit(PurchaseHistories histories, bool firstMayEnd, BtydOptions options)
    {
        HistoryCheck.CanLearnFrom(histories);
        var rows = CollapsedHistories.Of(histories);
        var weeksPerPurchase = Math.Max(1e-3, histories.Age.Sum() / histories.Frequency.Sum());
        double[][] starts = [[0.5, 0.5 * weeksPerPurchase, 0.7, 2], [2, 2 * weeksPerPurchase, 0.1, 0.5]];
        var thinned = rows.Distinct > Large ? new BetaGeometricLikelihood(rows.Every(rows.Distinct / (Large / 4)), firstMayEnd, options.Threads) : null;
        return MaximumLikelihood.Fit(new BetaGeometricLikelihood(rows, firstMayEnd, options.Threads), thinned, starts, options);
    }

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        var (r, alpha, a, b) = (parameters[R], parameters[Alpha], parameters[A], parameters[B]);
        var once = firstMayEnd ? 0 : rows.Once;
        var s = Blocks.Sum(once, (int)Sum.Count, threads, (from, to, sums) => AddOnce(from, to, r, alpha, sums));
        var repeat = Blocks.Sum(rows.Weight.Length - once, (int)Sum.Count, threads, (from, to, sums) => AddRepeat(once + from, once + to, r, alpha, a, b, sums));
        for (var i = 0; i < s.Length; i++) s[i] += repeat[i];

        hessian.Clear();
        gradient[R] = s[(int)Sum.R];
        gradient[Alpha] = s[(int)Sum.Alpha];
        gradient[A] = s[(int)Sum.A] / a;
        gradient[B] = s[(int)Sum.B];
        hessian[R * Size + R] = s[(int)Sum.RR];
        hessian[R * Size + Alpha] = s[(int)Sum.RAlpha];
        hessian[R * Size + A] = s[(int)Sum.RA] / a;
        hessian[R * Size + B] = s[(int)Sum.RB];
        hessian[Alpha * Size + Alpha] = s[(int)Sum.AlphaAlpha];
        hessian[Alpha * Size + A] = s[(int)Sum.AlphaA] / a;
        hessian[Alpha * Size + B] = s[(int)Sum.AlphaB];
        hessian[A * Size + A] = (s[(int)Sum.AA] - s[(int)Sum.A]) / (a * a);
        hessian[A * Size + B] = s[(int)Sum.AB] / a;
        hessian[B * Size + B] = s[(int)Sum.BB];
        return s[(int)Sum.Value] + AddCounts(r, alpha, a, b, gradient, hessian);
    }

    /// <summary>r ln α + ln (r)_x + ln (b)_k - ln (a+b)_k, summed over customers.</summary>
    private double AddCounts(double r, double alpha, double a, double b, Span<double> gradient, Span<double> hessian)
    {
        double n = rows.Customers, value = n * r * Math.Log(alpha);
        gradient[R] += n * Math.Log(alpha);
        gradient[Alpha] += n * r / alpha;
        hessian[R * Size + Alpha] += n / alpha;
        hessian[Alpha * Size + Alpha] -= n * r / (alpha * alpha);
        var beyond = rows.Beyond;
        for (var j = 0; j < beyond.Length; j++)
        {
            value += beyond[j] * Math.Log(r + j);
            gradient[R] += beyond[j] / (r + j);
            hessian[R * Size + R] -= beyond[j] / ((r + j) * (r + j));

            // Customers with more than j chances to drop out: where the first purchase is one, everybody has the first chance.
            var chances = !firstMayEnd ? beyond[j] : j == 0 ? n : beyond[j - 1];
            AddChance(chances, a, b + j, ref value, gradient, hessian);
        }
        return value;
    }

    private static void AddChance(double chances, double a, double b, ref double value, Span<double> gradient, Span<double> hessian)
    {
        var both = a + b;
        value += chances * -Math.Log(1 + a / b);
        gradient[A] -= chances / both;
        gradient[B] += chances * (1 / b - 1 / both);
        hessian[A * Size + A] += chances / (both * both);
        hessian[A * Size + B] += chances / (both * both);
        hessian[B * Size + B] += chances * (1 / (both * both) - 1 / (b * b));
    }

    /// <summary>Rows where nothing can have ended: only -r ln(α + T).</summary>
    private void AddOnce(int from, int to, double r, double alpha, double[] sums)
    {
        Vector512<double> value = default, first = default, second = default;
        var age = Vectors(rows.Age, from, to);
        var weight = Vectors(rows.Weight, from, to);
        for (var i = 0; i < age.Length; i++)
        {
            var w = weight[i];
            var at = age[i] + Vector512.Create(alpha);
            var inverse = Vector512<double>.One / at;
            value += w * Vector512.Log(at);
            first += w * inverse;
            second += w * inverse * inverse;
        }
        sums[(int)Sum.Value] = -r * Vector512.Sum(value);
        sums[(int)Sum.R] = -Vector512.Sum(value);
        sums[(int)Sum.Alpha] = -r * Vector512.Sum(first);
        sums[(int)Sum.RAlpha] = -Vector512.Sum(first);
        sums[(int)Sum.AlphaAlpha] = r * Vector512.Sum(second);
    }

    /// <summary>Rows where the customer may be gone: -n ln(α + T) + ln(1 + e^u), with u = ln a - ln(b + k - 1) + n ln((α+T) / (α+t_x)).</summary>
    private void AddRepeat(int from, int to, double r, double alpha, double a, double b, double[] sums)
    {
        Span<Vector512<double>> total = stackalloc Vector512<double>[(int)Sum.Count];
        total.Clear();
        var x = Vectors(rows.Frequency, from, to);
        var recency = Vectors(rows.Recency, from, to);
        var age = Vectors(rows.Age, from, to);
        var weight = Vectors(rows.Weight, from, to);
        var (one, vr, va, logA) = (Vector512<double>.One, Vector512.Create(r), Vector512.Create(alpha), Vector512.Create(Math.Log(a)));
        var last = Vector512.Create(firstMayEnd ? b : b - 1);    // b + k - 1 = last + x
        for (var i = 0; i < x.Length; i++)
        {
            var w = weight[i];
            var n = vr + x[i];
            var end = va + age[i];
            var bought = va + recency[i];
            var (logEnd, logBought, inverseEnd, inverseBought) = (Vector512.Log(end), Vector512.Log(bought), one / end, one / bought);
            var (span, slope) = (logEnd - logBought, inverseEnd - inverseBought);    // ∂u/∂r, and ∂u/∂α over n
            var chance = last + x[i];
            var inverse = one / chance;                                                // -∂u/∂b
            var u = logA - Vector512.Log(chance) + n * span;

            var e = Vector512.Exp(-Vector512.Abs(u));
            var near = one / (one + e);
            var gone = Vector512.ConditionalSelect(Vector512.GreaterThan(u, Vector512<double>.Zero), near, e * near);    // probability of being gone
            var spread = w * e * near * near;
            gone *= w;
            var byAlpha = n * slope;

            total[(int)Sum.Value] += w * (Vector512.Max(u, Vector512<double>.Zero) + Vector512.Log(one + e) - n * logEnd);
            total[(int)Sum.R] += gone * span - w * logEnd;
            total[(int)Sum.Alpha] += gone * byAlpha - w * n * inverseEnd;
            total[(int)Sum.A] += gone;
            total[(int)Sum.B] -= gone * inverse;
            total[(int)Sum.RR] += spread * span * span;
            total[(int)Sum.RAlpha] += gone * slope - w * inverseEnd + spread * span * byAlpha;
            total[(int)Sum.AlphaAlpha] += n * (w * inverseEnd * inverseEnd + gone * (inverseBought * inverseBought - inverseEnd * inverseEnd)) + spread * byAlpha * byAlpha;
            total[(int)Sum.RA] += spread * span;
            total[(int)Sum.RB] -= spread * span * inverse;
            total[(int)Sum.AlphaA] += spread * byAlpha;
            total[(int)Sum.AlphaB] -= spread * byAlpha * inverse;
            total[(int)Sum.AA] += spread;
            total[(int)Sum.AB] -= spread * inverse;
            total[(int)Sum.BB] += (spread + gone) * inverse * inverse;
        }
        for (var i = 0; i < sums.Length; i++) sums[i] = Vector512.Sum(total[i]);
    }

    private static ReadOnlySpan<Vector512<double>> Vectors(double[] column, int from, int to) =>
        MemoryMarshal.Cast<double, Vector512<double>>(column.AsSpan(from, to - from));
}
