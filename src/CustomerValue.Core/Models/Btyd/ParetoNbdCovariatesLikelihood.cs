using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CustomerValue.Features;
using Sum = CustomerValue.Models.Btyd.ParetoNbdLikelihood.Sum;

namespace CustomerValue.Models.Btyd;

/// <summary>Log-likelihood, gradient and Hessian of Pareto/NBD with covariates: α = α₀ exp(-γ₁'z) and β = β₀ exp(-γ₂'z), less a ridge on γ.</summary>
/// <remarks>Fader and Hardie (2007). Each customer's derivatives are those of <see cref="ParetoNbdLikelihood"/> at the customer's own α and β, by the chain rule. The search
/// knows positive parameters, in logarithms: so exp(γ) stands among them, and γ is what is searched.</remarks>
/// <param name="histories">When they bought.</param>
/// <param name="names">[covariates]</param>
/// <param name="covariates">[covariates][rows], standardised.</param>
/// <param name="ridge">What ½ Σγ² is multiplied with and taken off, in nats.</param>
/// <param name="threads">Threads.</param>
internal sealed class ParetoNbdCovariatesLikelihood(PurchaseHistories histories, IReadOnlyList<string> names, double[][] covariates, double ridge, int threads) : ILogLikelihood
{
    /// <summary>Parameters before those of the covariates: r, α₀, s, β₀.</summary>
    public const int Own = 4;

    private const int R = 0, Alpha = 1, S = 2, Beta = 3;

    private readonly CollapsedHistories _rows = CollapsedHistories.Of(histories);
    private readonly int _size = Own + 2 * covariates.Length;

    public ParameterSpace Space { get; } = new(
        ["r", "alpha", "s", "beta", .. names.Select(name => $"gamma1.{name}"), .. names.Select(name => $"gamma2.{name}")],
        [-1, R, -1, S, .. Enumerable.Repeat(-1, 2 * names.Count)],
        [1e-6, 1e-6, 1e-6, 1e-6, .. Enumerable.Repeat(Math.Exp(-ParetoNbdCovariatesModel.MostEffect), 2 * names.Count)],
        [1e4, 1e6, 1e4, 1e6, .. Enumerable.Repeat(Math.Exp(ParetoNbdCovariatesModel.MostEffect), 2 * names.Count)]);

    public int Customers => histories.Count;

    public int DistinctRows => histories.Count;

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        var at = parameters.ToArray();
        double[] gammas = [.. at.Skip(Own).Select(effect => Math.Log(effect))];
        var sums = Blocks.Sum(histories.Count, 1 + _size + _size * (_size + 1) / 2, threads, (from, to, part) => Add(from, to, at, gammas, part));
        var value = sums[0];
        sums.AsSpan(1, _size).CopyTo(gradient);
        hessian.Clear();
        var next = 1 + _size;
        for (var i = 0; i < _size; i++)
            for (var j = i; j < _size; j++) hessian[i * _size + j] = sums[next++];

        for (var j = 0; j < _rows.Beyond.Length; j++)
        {
            value += _rows.Beyond[j] * Math.Log(at[R] + j);
            gradient[R] += _rows.Beyond[j] / (at[R] + j);
            hessian[R * _size + R] -= _rows.Beyond[j] / ((at[R] + j) * (at[R] + j));
        }
        for (var k = 0; k < gammas.Length; k++)
        {
            var i = Own + k;
            value -= ridge / 2 * gammas[k] * gammas[k];
            gradient[i] -= ridge * gammas[k];
            hessian[i * _size + i] -= ridge;
        }
        FromLogarithms(at, gradient, hessian);
        return value;
    }

    // So far by ln α, ln β and γ; asked for by α, β and exp(γ).
    private void FromLogarithms(double[] at, Span<double> gradient, Span<double> hessian)
    {
        for (var i = 0; i < _size; i++)
        {
            if (i is R or S) continue;
            hessian[i * _size + i] -= gradient[i];
            gradient[i] /= at[i];
            for (var j = 0; j < _size; j++)
            {
                var place = j < i ? j * _size + i : i * _size + j;
                hessian[place] /= j == i ? at[i] * at[i] : at[i];
            }
        }
    }

    [SkipLocalsInit]
    private void Add(int from, int to, double[] at, double[] gammas, double[] sums)
    {
        Span<double> room = stackalloc double[DropoutNodes.Room];
        var nodes = new DropoutNodes(room);
        Span<Vector512<double>> lanes = stackalloc Vector512<double>[(int)Sum.Count];
        Span<double> own = stackalloc double[(int)Sum.Count];
        Span<double> slope = stackalloc double[Own], bend = stackalloc double[Own * Own];
        Span<double> weight = stackalloc double[_size];
        for (var row = from; row < to; row++)
        {
            lanes.Clear();
            own.Clear();
            var (alpha, beta) = (at[Alpha] * Factor(row, gammas, 0, weight), at[Beta] * Factor(row, gammas, covariates.Length, weight));
            ParetoNbdLikelihood.AddRow(histories[row], 1, at[R], alpha, at[S], beta, nodes, lanes, own);
            for (var i = 0; i < own.Length; i++) own[i] += Vector512.Sum(lanes[i]);
            sums[0] += own[0] + at[R] * Math.Log(alpha) + at[S] * Math.Log(beta);
            ByLogarithms(own, at[R], alpha, at[S], beta, slope, bend);
            Spread(weight, slope, bend, sums);
        }
    }

    /// <summary>exp(-γ'z), and how much the logarithm moves with each γ.</summary>
    private double Factor(int row, double[] gammas, int first, Span<double> weight)
    {
        var sum = 0.0;
        for (var k = 0; k < covariates.Length; k++) sum -= gammas[first + k] * covariates[k][row];
        var inside = Math.Abs(sum) <= ParetoNbdCovariatesModel.MostLog;
        for (var k = 0; k < covariates.Length; k++) weight[Own + first + k] = inside ? -covariates[k][row] : 0;
        return Math.Exp(Math.Clamp(sum, -ParetoNbdCovariatesModel.MostLog, ParetoNbdCovariatesModel.MostLog));
    }

    // One customer's derivatives by r, ln α, s, ln β, with α^r β^s.
    private static void ByLogarithms(ReadOnlySpan<double> own, double r, double alpha, double s, double beta, Span<double> slope, Span<double> bend)
    {
        (slope[R], slope[S]) = (own[(int)Sum.R] + Math.Log(alpha), own[(int)Sum.S] + Math.Log(beta));
        var (a, b) = (alpha * own[(int)Sum.Alpha], beta * own[(int)Sum.Beta]);
        (slope[Alpha], slope[Beta]) = (a + r, b + s);
        bend[R * Own + R] = own[(int)Sum.RR];
        bend[R * Own + Alpha] = bend[Alpha * Own + R] = alpha * own[(int)Sum.RAlpha] + 1;
        bend[R * Own + S] = bend[S * Own + R] = own[(int)Sum.RS];
        bend[R * Own + Beta] = bend[Beta * Own + R] = beta * own[(int)Sum.RBeta];
        bend[Alpha * Own + Alpha] = alpha * alpha * own[(int)Sum.AlphaAlpha] + a;
        bend[Alpha * Own + S] = bend[S * Own + Alpha] = alpha * own[(int)Sum.AlphaS];
        bend[Alpha * Own + Beta] = bend[Beta * Own + Alpha] = alpha * beta * own[(int)Sum.AlphaBeta];
        bend[S * Own + S] = own[(int)Sum.SS];
        bend[S * Own + Beta] = bend[Beta * Own + S] = beta * own[(int)Sum.SBeta] + 1;
        bend[Beta * Own + Beta] = beta * beta * own[(int)Sum.BetaBeta] + b;
    }

    // γ₁ moves ln α, and γ₂ ln β, by its weight.
    private void Spread(Span<double> weight, ReadOnlySpan<double> slope, ReadOnlySpan<double> bend, double[] sums)
    {
        weight[..Own].Fill(1);
        var next = 1 + _size;
        for (var i = 0; i < _size; i++)
        {
            var mine = Moved(i);
            sums[1 + i] += weight[i] * slope[mine];
            for (var j = i; j < _size; j++) sums[next++] += weight[i] * weight[j] * bend[mine * Own + Moved(j)];
        }
    }

    private int Moved(int parameter) => parameter < Own ? parameter : parameter < Own + covariates.Length ? Alpha : Beta;
}
