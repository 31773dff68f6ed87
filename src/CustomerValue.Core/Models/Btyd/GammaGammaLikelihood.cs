using static CustomerValue.Models.Btyd.GammaFunctions;

namespace CustomerValue.Models.Btyd;

/// <summary>Log-likelihood, gradient and Hessian of the gamma-gamma model in p, q, γ.</summary>
/// <remarks>ln f = ln Γ(px+q) - ln Γ(px) - ln Γ(q) + q ln γ + (px-1) ln m + px ln x - (px+q) ln(γ + x m), equation (1a) of Fader and Hardie (2013). The gamma
/// functions depend on x alone and are taken once for each x that occurs.</remarks>
internal sealed class GammaGammaLikelihood : ILogLikelihood
{
    private const int P = 0, Q = 1, Gamma = 2, Size = 3;
    private readonly double[] _purchases, _total;
    private readonly (double X, int Customers)[] _distinct;
    private readonly double _logMean, _purchasesLogTotal, _unit;

    /// <param name="purchases">[rows]: x.</param>
    /// <param name="mean">[rows]: m, in units.</param>
    /// <param name="unit">Account currency in one unit.</param>
    public GammaGammaLikelihood(double[] purchases, double[] mean, double unit)
    {
        (_purchases, _total, _unit) = (purchases, new double[mean.Length], unit);
        for (var i = 0; i < mean.Length; i++)
        {
            _total[i] = purchases[i] * mean[i];
            _logMean += Math.Log(mean[i]);
            _purchasesLogTotal += purchases[i] * Math.Log(_total[i]);
        }
        _distinct = [.. purchases.CountBy(x => x).OrderBy(x => x.Key).Select(x => (x.Key, x.Value))];
    }

    // q above 1: otherwise the population would have no mean, and an expected spend must stay finite.
    public ParameterSpace Space { get; } = new(["p", "q", "gamma"], [-1, -1, -1], [1e-4, 1.05, 1e-4], [1e5, 1e5, 1e5]);
    public int Customers => _purchases.Length;
    public int DistinctRows => _purchases.Length;

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        var (p, q, gamma) = (parameters[P], parameters[Q], parameters[Gamma]);
        double logs = 0, purchaseLogs = 0, inverse = 0, purchaseInverse = 0, squares = 0, purchaseSquares = 0;
        for (var i = 0; i < _total.Length; i++)
        {
            var (x, sum) = (_purchases[i], gamma + _total[i]);
            var (log, y) = (Math.Log(sum), 1 / sum);
            logs += log;
            purchaseLogs += x * log;
            inverse += y;
            purchaseInverse += x * y;
            squares += y * y;
            purchaseSquares += x * y * y;
        }

        double n = Customers, logGamma = Math.Log(gamma);
        var value = n * (q * logGamma - LogGamma(q)) + p * _purchasesLogTotal - _logMean - p * purchaseLogs - q * logs - n * Math.Log(_unit);
        gradient[P] = _purchasesLogTotal - purchaseLogs;
        gradient[Q] = n * (logGamma - Digamma(q)) - logs;
        gradient[Gamma] = n * q / gamma - p * purchaseInverse - q * inverse;
        hessian.Clear();
        hessian[Q * Size + Q] = -n * Trigamma(q);
        hessian[P * Size + Gamma] = -purchaseInverse;
        hessian[Q * Size + Gamma] = n / gamma - inverse;
        hessian[Gamma * Size + Gamma] = -n * q / (gamma * gamma) + p * purchaseSquares + q * squares;
        foreach (var (x, customers) in _distinct)
        {
            var px = p * x;
            value += customers * (LogGamma(px + q) - LogGamma(px));
            gradient[P] += customers * x * (Digamma(px + q) - Digamma(px));
            gradient[Q] += customers * Digamma(px + q);
            hessian[P * Size + P] += customers * x * x * (Trigamma(px + q) - Trigamma(px));
            hessian[P * Size + Q] += customers * x * Trigamma(px + q);
            hessian[Q * Size + Q] += customers * Trigamma(px + q);
        }
        return value;
    }
}
