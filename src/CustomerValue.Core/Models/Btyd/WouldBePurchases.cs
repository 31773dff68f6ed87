namespace CustomerValue.Models.Btyd;

/// <summary>Expected purchases of a living customer who may drop out after each, in the beta-geometric models.</summary>
/// <remarks>
/// Someone who never dropped out would make N purchases, negative binomial with shape n = r + x and z = t / (α + T + t). Of N would-be purchases,
/// S_N = Σ_{j&lt;N} (b)_j / (a+b)_j are made on average, b counting the purchases survived. So E = Σ_N P(N) S_N: only positive terms, where equation (10) of Fader, Hardie and
/// Lee (2005), (a+b-1)/(a-1) · [1 - (1-z)^n ₂F₁(n, b; a+b-1; z)], subtracts nearly equal numbers and divides by zero at a = 1. Tests show both equal.
/// </remarks>
internal sealed class WouldBePurchases
{
    // Tables hold what most customers need; others are summed one by one.
    private const int TableFrequencies = 41, MostTableShape = 64, MostTerms = 20_000;
    private const double TableReach = 0.9;
    private static readonly double[] s_reaches = [0.25, 0.5, 0.75, TableReach];

    private readonly double _shape;
    private readonly double[] _coefficients;
    private readonly int[] _terms;

    private WouldBePurchases(double shape, double[] coefficients, int[] terms) => (_shape, _coefficients, _terms) = (shape, coefficients, terms);

    /// <summary>[x]: the series' coefficients for each small x that occurs; null elsewhere.</summary>
    /// <param name="frequency">[rows]: x.</param>
    /// <param name="parameters">Shape n, a, and b plus purchases survived, for an x.</param>
    public static WouldBePurchases?[] Tables(double[] frequency, Func<int, (double Shape, double A, double B)> parameters)
    {
        var tables = new WouldBePurchases?[TableFrequencies];
        foreach (var value in frequency)
        {
            var x = (int)value;
            if (x >= TableFrequencies || tables[x] is not null) continue;
            var (shape, a, b) = parameters(x);
            if (shape <= MostTableShape) tables[x] = Table(shape, a, b);
        }
        return tables;
    }

    /// <summary>Whether the tables answer for y = t / (α + T).</summary>
    public static bool Covers(double y) => y / (1 + y) <= TableReach;

    /// <summary>Expected purchases for y = t / (α + T): (1-z)^n Σ_N (n)_N / N! S_N z^N, by Horner's rule on the even and the odd powers.</summary>
    public double Expected(double y)
    {
        var z = y / (1 + y);
        var terms = _terms[z <= s_reaches[1] ? z <= s_reaches[0] ? 0 : 1 : z <= s_reaches[2] ? 2 : 3];
        var c = _coefficients.AsSpan(0, terms);
        double square = z * z, even = 0, odd = 0;
        for (var i = c.Length - 1; i > 0; i -= 2)
        {
            odd = Math.FusedMultiplyAdd(odd, square, c[i]);
            even = Math.FusedMultiplyAdd(even, square, c[i - 1]);
        }
        return Math.Exp(-_shape * Math.Log(1 + y)) * Math.FusedMultiplyAdd(odd, z, even);
    }

    private static WouldBePurchases Table(double shape, double a, double b)
    {
        var coefficients = new List<double> { 0 };
        var terms = new int[s_reaches.Length];
        var sums = new double[s_reaches.Length];
        double choose = 1, made = 0, next = 1;
        for (var n = 1; terms[^1] == 0; n++)
        {
            choose *= (shape + n - 1) / n;
            made += next;
            next *= (b + n - 1) / (a + b + n - 1);
            coefficients.Add(choose * made);
            for (var i = 0; i < s_reaches.Length; i++)
            {
                if (terms[i] > 0) continue;
                var term = coefficients[n] * Math.Pow(s_reaches[i], n);
                sums[i] += term;
                if (n % 2 == 1 && (shape + n) / (n + 1) * s_reaches[i] < 0.99 && term < 1e-18 * sums[i]) terms[i] = n + 1;
            }
        }
        return new(shape, [.. coefficients], terms);
    }

    /// <summary>Expected purchases for one customer.</summary>
    /// <param name="shape">n = r + x.</param>
    /// <param name="a">a.</param>
    /// <param name="b">b plus the purchases survived.</param>
    /// <param name="y">t / (α + T).</param>
    public static double Expected(double shape, double a, double b, double y)
    {
        if (y == 0) return 0;
        var z = y / (1 + y);
        var mean = shape * y;
        if (mean + 10 * Math.Sqrt(mean * (1 + y)) + 40 * (1 + y) > MostTerms) return Integral(shape, a, b, y);

        double term = 1, made = 0, next = 1, sum = 0, scale = -shape * Special.Log1P(y);
        for (var n = 1; ; n++)
        {
            term *= (shape + n - 1) / n * z;
            made += next;
            next *= (b + n - 1) / (a + b + n - 1);
            sum += term * made;
            if ((shape + n) / (n + 1) * z < 1 && term * made < 1e-17 * sum * (1 - z)) break;
            if (sum < 1e200) continue;
            (term, sum) = (term * 1e-200, sum * 1e-200);
            scale += 200 * Math.Log(10);
        }
        return Math.Exp(scale) * sum;
    }

    /// <summary>The same as an integral over the dropout probability p, E[(1 - (1 + p y)^(-n)) / p] with p ~ Beta(a, b), for the long horizons over short
    /// histories where the series would take too many terms.</summary>
    /// <remarks>With p = 1 / (1 + e^(-v)) and v = centre + width · sinh(t), both ends fall off so fast that the trapezoid rule is exact to rounding, for a or b
    /// near 0 too (Takahasi and Mori 1974).</remarks>
    internal static double Integral(double shape, double a, double b, double y)
    {
        const double Step = 1.0 / 32;
        var centre = Math.Log(a / b);
        var width = Math.Min(Math.PI, 1.5 * Math.Sqrt(1 / a + 1 / b));
        var logBeta = GammaFunctions.LogGamma(a) + GammaFunctions.LogGamma(b) - GammaFunctions.LogGamma(a + b);
        double sum = At(0);
        foreach (var side in new[] { Step, -Step })
            for (var k = 1; ; k++)
            {
                var term = At(k * side);
                sum += term;
                if (k > 64 && term <= 1e-18 * sum) break;
            }
        return sum * Step;

        double At(double t)
        {
            var v = centre + width * Math.Sinh(t);
            double logP = -Special.Softplus(-v), logQ = -Special.Softplus(v);
            var weight = Math.Exp(a * logP + b * logQ - logBeta) * width * Math.Cosh(t);
            var p = Math.Exp(logP);
            var each = shape * Special.Log1P(p * y);
            return weight * (each < 1e-300 ? shape * y : -Special.ExpM1(-each) / p);
        }
    }
}
