using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CustomerValue.Features;
using Sum = CustomerValue.Models.Btyd.ParetoNbdLikelihood.Sum;

namespace CustomerValue.Models.Btyd;

/// <summary>Customers at a cutoff, and what they did in the window after it.</summary>
/// <param name="Customers">Histories and covariates at the cutoff.</param>
/// <param name="Weeks">Length of the window.</param>
/// <param name="Purchases">[rows]: days with a purchase in it.</param>
internal sealed record FollowedCustomers(CovariateHistories Customers, double Weeks, int[] Purchases);

/// <summary>How unlikely windows after cutoffs are under shifts γ of a Pareto/NBD model, with the slope; a ridge on γ added.</summary>
/// <remarks>Two things of a window count: whether there was a purchase, by its probability; and how many, by a Poisson log-likelihood about the expected number, divided by their dispersion
/// without shifts (purchases of customers of unknown rates spread more than Poisson's).</remarks>
internal sealed class ShiftLikelihood
{
    private const int Kinds = 3;      // alive, rate, dropout

    private readonly ParetoNbdModel _model;
    private readonly FollowedCustomers[] _windows;
    private readonly double[][] _alive;
    private readonly int _covariates, _threads;
    private readonly double _ridge, _dispersion;

    public ShiftLikelihood(ParetoNbdModel model, IEnumerable<FollowedCustomers> windows, double ridge, int threads)
    {
        (_model, _windows, _ridge, _threads) = (model, [.. windows], ridge, threads);
        _covariates = _windows[0].Customers.Covariates.Count;
        _alive = [.. _windows.Select(w => model.ProbabilityAlive(w.Customers.Purchases))];
        _dispersion = Math.Max(1, _windows.SelectMany(w => model.ExpectedPurchases(w.Customers.Purchases, w.Weeks)
            .Zip(w.Purchases, (expected, y) => (y - expected) * (y - expected) / Math.Max(expected, 1e-3))).Average());
    }

    /// <summary>The value at γ, [3 x covariates]: those on the odds of being alive, on the rate, on dropout; the slope is overwritten.</summary>
    public double Evaluate(double[] gammas, double[] slope)
    {
        var value = 0.0;
        Array.Clear(slope);
        for (var w = 0; w < _windows.Length; w++)
        {
            var (window, alive) = (_windows[w], _alive[w]);
            var sums = Blocks.Sum(alive.Length, 1 + gammas.Length, _threads, (from, to, part) => Add(window, alive, from, to, gammas, part));
            value += sums[0];
            for (var i = 0; i < slope.Length; i++) slope[i] += sums[1 + i];
        }
        for (var i = 0; i < gammas.Length; i++)
        {
            value += _ridge / 2 * gammas[i] * gammas[i];
            slope[i] += _ridge * gammas[i];
        }
        return value;
    }

    [SkipLocalsInit]
    private void Add(FollowedCustomers window, double[] alive, int from, int to, double[] gammas, double[] sums)
    {
        Span<double> room = stackalloc double[DropoutNodes.Room];
        var nodes = new DropoutNodes(room);
        Span<Vector512<double>> lanes = stackalloc Vector512<double>[(int)Sum.Count];
        Span<double> own = stackalloc double[(int)Sum.Count];
        Span<double> log = stackalloc double[Kinds], by = stackalloc double[Kinds];
        var z = window.Customers.Covariates;
        for (var row = from; row < to; row++)
        {
            log.Clear();
            for (var kind = 0; kind < Kinds; kind++)
                for (var k = 0; k < _covariates; k++) log[kind] += gammas[kind * _covariates + k] * z[k][row];
            sums[0] += Row(window.Customers.Purchases[row], alive[row], window.Weeks, window.Purchases[row], log, by, nodes, lanes, own);
            for (var kind = 0; kind < Kinds; kind++)
                if (Math.Abs(log[kind]) <= ShiftedParetoNbd.MostLog)
                    for (var k = 0; k < _covariates; k++) sums[1 + kind * _covariates + k] += by[kind] * z[k][row];
        }
    }

    /// <summary>One customer: the value, and its slope by the three logarithms.</summary>
    private double Row(
        PurchaseHistory history, double p, double weeks, int y, ReadOnlySpan<double> log, Span<double> by, DropoutNodes nodes, Span<Vector512<double>> lanes, Span<double> own)
    {
        var (n, s) = (_model.R + history.Frequency, _model.S);
        var alive = ShiftedParetoNbd.Odds(p, Factor(log[0]));
        var (a, b) = ((_model.Alpha + history.Age) * Factor(-log[1]), (_model.Beta + history.Age) * Factor(-log[2]));

        // ln Q: nothing is bought by a customer who is new at the cutoff, and its slopes by -ln a and -ln b.
        lanes.Clear();
        own.Clear();
        ParetoNbdLikelihood.AddRow(new(0, 0, weeks), 1, n, a, s, b, nodes, lanes, own);
        var none = Math.Exp(Math.Min(0, own[0] + n * Math.Log(a) + s * Math.Log(b)));
        var (byRate, byDropout) = (-(a * own[(int)Sum.Alpha] + n), -(b * own[(int)Sum.Beta] + s));
        var some = Math.Clamp(alive * (1 - none), 1e-12, 1 - 1e-12);
        var grade = y > 0 ? -1 / some : 1 / (1 - some);                          // slope of the value by the probability of some purchase
        by[0] = grade * some * (1 - alive);
        by[1] = -grade * alive * none * byRate;
        by[2] = -grade * alive * none * byDropout;

        // Expected purchases, alive n b / (a (s - 1)) (1 - (b / (b + t))^(s-1)).
        var length = Special.Log1P(weeks / b);
        var span = (s - 1) * length is var u && u == 0 ? length : -Special.ExpM1(-u) / (s - 1);
        var expected = Math.Max(alive * n * b / a * span, 1e-12);
        var off = (expected - y) / _dispersion;                                  // slope of the value by ln of what is expected
        by[0] += off * (1 - alive);
        by[1] += off;
        by[2] += off * (weeks / b * Math.Exp(-s * length) / span - 1);
        return (y > 0 ? -Math.Log(some) : -Math.Log(1 - some)) + (expected - y * Math.Log(expected)) / _dispersion;
    }

    private static double Factor(double log) => Math.Exp(Math.Clamp(log, -ShiftedParetoNbd.MostLog, ShiftedParetoNbd.MostLog));
}
