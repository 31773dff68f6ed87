namespace CustomerValue.Models;

/// <summary>P(x) = 1 / (1 + exp(-(a + b x))): one logistic curve, as Platt (1999) uses it to turn scores into probabilities.</summary>
/// <param name="Intercept">a, in logits.</param>
/// <param name="Slope">b, in logits per unit of x.</param>
public sealed record LogisticCurve(double Intercept, double Slope)
{
    /// <summary>The most likely curve with a slope of at least <paramref name="leastSlope"/>, so that the order of x is kept.</summary>
    /// <param name="x">[rows]</param>
    /// <param name="hit">[rows]: whether the event happened.</param>
    /// <param name="leastSlope">Lower bound of the slope.</param>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public static LogisticCurve Fit(ReadOnlySpan<double> x, ReadOnlySpan<bool> hit, double leastSlope = 1e-6)
    {
        Check.SameLength(x.Length, hit.Length, nameof(hit));
        if (x.Length == 0) throw new ArgumentException("A logistic curve needs rows to be fitted to; there are none.", nameof(x));
        var (mean, spread) = Moments(x);
        var hits = 0;
        foreach (var one in hit) hits += one ? 1 : 0;

        // Newton's method on standardised x, with a whisper of a ridge: perfectly separated rows then end at a finite slope.
        const double ridge = 1e-3;
        var (a, b) = (Logit((hits + 0.5) / (x.Length + 1.0)), 0.0);
        for (var step = 0; step < 50; step++)
        {
            double ga = 0, gb = -ridge * b, haa = 1e-12, hab = 0, hbb = ridge;
            for (var row = 0; row < x.Length; row++)
            {
                var u = (x[row] - mean) / spread;
                var p = Sigmoid(a + b * u);
                var (miss, weight) = ((hit[row] ? 1 : 0) - p, p * (1 - p));
                (ga, gb, haa, hab, hbb) = (ga + miss, gb + miss * u, haa + weight, hab + weight * u, hbb + weight * u * u);
            }
            var determinant = haa * hbb - hab * hab;
            if (!(determinant > 0)) break;
            // Half a step's length at most 5 logits: far from the optimum Newton overshoots.
            var (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant);
            (a, b) = (a + Math.Clamp(da, -5, 5), b + Math.Clamp(db, -5, 5));
            if (Math.Abs(da) + Math.Abs(db) < 1e-10) break;
        }
        if (b / spread >= leastSlope) return new(a - b * mean / spread, b / spread);
        return new(Logit((hits + 0.5) / (x.Length + 1.0)) - leastSlope * mean, leastSlope);
    }

    /// <summary>The probability at <paramref name="x"/>.</summary>
    public double At(double x) => Sigmoid(Intercept + Slope * x);

    /// <summary>1 / (1 + exp(-z)), in [0, 1] for every z.</summary>
    public static double Sigmoid(double z) => z >= 0 ? 1 / (1 + Math.Exp(-z)) : Math.Exp(z) / (1 + Math.Exp(z));

    /// <summary>log(p / (1 - p)), with p kept 1e-9 away from 0 and 1 so that it stays finite.</summary>
    public static double Logit(double p)
    {
        p = Math.Clamp(p, 1e-9, 1 - 1e-9);
        return Math.Log(p / (1 - p));
    }

    private static (double Mean, double Spread) Moments(ReadOnlySpan<double> x)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in x) sum += value;
        var mean = sum / x.Length;
        foreach (var value in x) squares += (value - mean) * (value - mean);
        var spread = Math.Sqrt(squares / x.Length);
        return (mean, spread > 0 ? spread : 1);
    }
}
