using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>The distribution of what one customer spends in all over a horizon: a gamma-gamma amount for each of a random number of purchases.</summary>
/// <remarks>
/// Given the customer's x' purchases of mean m, their rate is gamma distributed with q' = q + p x' and γ' = γ + x' m (Fader and Hardie 2013); k more purchases
/// sum up to a gamma variable of shape p k with that rate, so S = γ' u / (1 - u) with u ~ Beta(p k, q'), and
/// P(S ≤ s) = P(Y = 0) + Σ_k P(Y = k) I_u(p k, q'). Its quantiles are found by Halley's method on the logarithm of the smaller tail, in v = ln(s / γ').
/// Every k up to 128 stands for itself; further up, blocks of k / 64 numbers are taken as one, at their middle.
/// One is used over and over, by one thread.
/// </remarks>
internal sealed class CompoundSpend(IPurchaseModel purchases, GammaGammaModel spend, double horizonWeeks, CompoundSpend.Tables tables)
{
    private const int Exact = 128, BlocksPerDoubling = 64, Lanes = 8, MostSteps = 100;
    private const double MostPurchases = 1e12, Negligible = 1e-9, Near = 1e-3;

    // The first number of each block.
    private static readonly double[] s_from = Starts();

    private readonly double[] _atLeast = new double[s_from.Length], _shape = Room(), _weight = Room(), _logBeta = Room();
    private double _none, _q;
    private int _cells;

    /// <summary>Probability of no purchase.</summary>
    public double None => _none;

    /// <summary>Turns to the customer on a row.</summary>
    /// <param name="history">When they bought.</param>
    /// <param name="spendPurchases">x', the purchases that their mean spend was taken over.</param>
    public void Turn(PurchaseHistory history, double spendPurchases) => Turn(purchases, history, spendPurchases);

    /// <summary>Turns to a customer who has a purchase model of their own.</summary>
    public void Turn(IPurchaseModel own, PurchaseHistory history, double spendPurchases)
    {
        var cells = own.ProbabilityOfAtLeast(history, horizonWeeks, s_from, _atLeast);
        while (cells > 1 && _atLeast[cells - 1] < Negligible) cells--;
        _none = cells == 0 ? 1 : 1 - _atLeast[0];
        _q = spend.Q + spend.P * spendPurchases;
        _cells = (cells + Lanes - 1) / Lanes * Lanes;
        var known = tables.Of(spendPurchases);
        for (var i = 0; i < cells; i++)
        {
            _weight[i] = _atLeast[i] - (i + 1 < cells ? _atLeast[i + 1] : 0);
            _shape[i] = spend.P * (i + 1 < s_from.Length ? (s_from[i] + s_from[i + 1] - 1) / 2 : s_from[i]);
            _logBeta[i] = i < known.Length ? known[i] : GammaFunctions.LogBeta(_shape[i], _q);
        }
        for (var i = cells; i < _cells; i++) (_weight[i], _shape[i], _logBeta[i]) = (0, _shape[0], _logBeta[0]);
    }

    /// <summary>The spend that is passed with a probability of 1 - <paramref name="share"/>, in units of γ'; 0 where no purchase is as likely as that.</summary>
    public double Quantile(double share)
    {
        if (_none >= share || _cells == 0) return 0;
        return Math.Exp(LogQuantile(share));
    }

    /// <summary>P(S ≤ s) and its first two derivatives in v = ln(s / γ').</summary>
    public (double Share, double Slope, double Bend) At(double v)
    {
        var weight = Vectors(_weight);
        var shape = Vectors(_shape);
        var logBeta = Vectors(_logBeta);
        Vector512<double> share = default, slope = default, bend = default;
        var (q, logOdds, u) = (Vector512.Create(_q), Vector512.Create(v), Special.Logistic(v));
        for (var i = 0; i < weight.Length; i++)
        {
            share += weight[i] * IncompleteBeta.Lower(shape[i], q, logOdds, logBeta[i], out var density);
            density *= weight[i];
            slope += density;
            bend += density * (shape[i] * (1 - u) - q * u);
        }
        return (_none + Vector512.Sum(share), Vector512.Sum(slope), Vector512.Sum(bend));
    }

    private double LogQuantile(double share)
    {
        var (v, reach) = Guess((share - _none) / (1 - _none));
        var (low, high) = (double.NegativeInfinity, double.PositiveInfinity);
        // The lower part starts at P(Y = 0): take the logarithm of what has been passed of it, or of what is left above.
        var (passed, left) = (share - _none, 1 - share);
        for (var step = 0; step < MostSteps; step++)
        {
            var (at, slope, bend) = At(v);
            if (at < share) low = v; else high = v;
            var (part, sign, wanted) = passed < left ? (at - _none, 1, passed) : (1 - at, -1, left);
            var off = Math.Log(part / wanted);
            var newton = -sign * off * part / slope;
            var next = v + newton / Math.Clamp(1 + newton / 2 * (bend / slope - sign * slope / part), 0.5, 2);
            if (next >= low && next <= high && Math.Abs(next - v) <= reach)
            {
                if (Math.Abs(off) < Near) return next;    // the step leaves an error of the order of its cube
                v = next;
                continue;
            }
            // Out of the bracket, too far, or no number: halve the bracket, or reach out as long as one side is open.
            var open = double.IsInfinity(low) || double.IsInfinity(high);
            (v, reach) = open ? (at < share ? v + reach : v - reach, 2 * reach) : ((low + high) / 2, reach);
            if (!open && high - low < 1e-12 * Math.Max(1, Math.Abs(v))) break;
        }
        return v;
    }

    /// <summary>The quantile of a logistic variable with about the mean and the variance of v, given some purchase; and a step that is sure to leave its neighbourhood.</summary>
    private (double V, double Reach) Guess(double share)
    {
        var weight = Vectors(_weight);
        var shape = Vectors(_shape);
        Vector512<double> all = default, sum = default, squares = default;
        var one = Vector512<double>.One;
        for (var i = 0; i < weight.Length; i++)
        {
            var log = Vector512.Log(shape[i]);
            all += weight[i];
            sum += weight[i] * log;
            squares += weight[i] * (log * log + one / shape[i]);
        }
        var total = Vector512.Sum(all);
        var mean = Vector512.Sum(sum) / total;
        var variance = Vector512.Sum(squares) / total - mean * mean + 1 / _q;
        var deviation = Math.Sqrt(Math.Max(variance, 1 / _q));
        return (mean - Math.Log(_q) + Math.Sqrt(3) / Math.PI * deviation * Math.Log(share / (1 - share)), 4 * deviation);
    }

    private ReadOnlySpan<Vector512<double>> Vectors(double[] column) => MemoryMarshal.Cast<double, Vector512<double>>(column.AsSpan(0, _cells));

    private static double[] Room() => new double[(s_from.Length + Lanes - 1) / Lanes * Lanes];

    private static double[] Starts()
    {
        var from = new List<double>();
        for (double k = 1; k <= MostPurchases; k += k < Exact ? 1 : Math.Floor(k / BlocksPerDoubling)) from.Add(k);
        return [.. from];
    }

    /// <summary>ln B(p k, q + p x') of small k, for each small x' that occurs.</summary>
    internal sealed class Tables
    {
        private const int MostPurchases = 64, Cells = Exact;
        private readonly double[]?[] _logBeta = new double[]?[MostPurchases];

        public Tables(GammaGammaModel spend, IEnumerable<double> spendPurchases)
        {
            foreach (var x in spendPurchases)
                if (x < MostPurchases)
                    _logBeta[(int)x] ??= [.. Enumerable.Range(1, Cells).Select(k => GammaFunctions.LogBeta(spend.P * k, spend.Q + spend.P * x))];
        }

        public ReadOnlySpan<double> Of(double spendPurchases) => spendPurchases < MostPurchases ? _logBeta[(int)spendPurchases] : default;
    }
}
