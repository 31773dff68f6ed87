namespace CustomerValue.Models.Btyd;

/// <summary>Finds the parameters that make the data most likely: damped Newton steps in the logarithms of the parameters, within a box.</summary>
/// <remarks>Logarithms keep the parameters positive and make their scales alike. With exact second derivatives some ten steps suffice, and the curvature at
/// the end gives the standard errors. Where the likelihood rises to the edge of the box, the parameter stays there and the report says so.</remarks>
internal static class MaximumLikelihood
{
    private const double LongestStep = 2, LeastDamping = 1e-3;

    /// <summary>Climbs from every start and reports the best summit.</summary>
    /// <param name="likelihood">The function to climb.</param>
    /// <param name="thinned">The same over part of the rows, to climb most of the way on when the data are large; null to climb on all rows from each start.</param>
    /// <param name="starts">Parameters to start from.</param>
    /// <param name="lowest">[P]: least value of each parameter.</param>
    /// <param name="highest">[P]: largest value of each parameter.</param>
    /// <param name="options">Steps, tolerance.</param>
    /// <exception cref="InvalidOperationException">The climb didn't converge; the message tells how far it came.</exception>
    public static FitReport Fit(
        ILogLikelihood likelihood, ILogLikelihood? thinned, IReadOnlyList<double[]> starts, double[] lowest, double[] highest, BtydOptions options)
    {
        var box = new Box([.. lowest.Select(v => Math.Log(v))], [.. highest.Select(v => Math.Log(v))]);
        var climbs = new List<Climb>();
        var from = starts;
        if (thinned is not null)
        {
            // Most of the way is climbed on part of the rows, from every start; starts that meet there go on as one.
            var first = starts.Select(s => new Climb(thinned, box, s)).ToList();
            foreach (var climb in first) climb.Run(options);
            climbs.AddRange(first);
            var best = first.Max(c => c.Value);
            from = [.. first.OrderByDescending(c => c.Value).Where((c, rank) => rank == 0 || (best - c.Value > 1e-7 * Math.Abs(best) && c.Converged)).Select(c => c.Parameters)];
        }
        var last = from.Select(s => new Climb(likelihood, box, s)).ToList();
        foreach (var climb in last) climb.Run(options);
        climbs.AddRange(last);

        var summit = last.MaxBy(c => c.Value)!;
        if (!summit.Converged)
            throw new InvalidOperationException(
                FormattableString.Invariant($"The fit of {string.Join(", ", likelihood.Parameters)} on {likelihood.Customers} customers didn't converge: after {summit.Iterations} steps ") +
                FormattableString.Invariant($"the log-likelihood is {summit.Value:0.###} and its steepest slope {summit.GradientNorm:0.###e+0}. ") +
                $"Raise MaxIterations (now {options.MaxIterations}), or look for histories that aren't in weeks or repeat one customer.");
        return summit.Report(climbs.Sum(c => c.Iterations), climbs.Sum(c => c.Evaluations));
    }

    private sealed record Box(double[] Lowest, double[] Highest);

    private sealed class Climb
    {
        private readonly ILogLikelihood _likelihood;
        private readonly Box _box;
        private readonly int _size;
        private readonly double[] _scale;
        private double[] _at, _gradient, _hessian;

        public Climb(ILogLikelihood likelihood, Box box, double[] start)
        {
            (_likelihood, _box, _size) = (likelihood, box, start.Length);
            _scale = new double[_size];
            _at = [.. start.Select((s, i) => Math.Clamp(Math.Log(s), box.Lowest[i], box.Highest[i]))];
            (_gradient, _hessian) = (new double[_size], new double[_size * _size]);
        }

        public double Value { get; private set; }
        public double GradientNorm { get; private set; }
        public int Iterations { get; private set; }
        public int Evaluations { get; private set; }
        public bool Converged { get; private set; }
        public double[] Parameters => [.. _at.Select(Math.Exp)];

        public void Run(BtydOptions options)
        {
            Value = Evaluate(_at, _gradient, _hessian);
            double damping = 0;
            var (tried, gradient, hessian) = (new double[_size], new double[_size], new double[_size * _size]);
            while (true)
            {
                var free = Free();
                GradientNorm = free.Length == 0 ? 0 : free.Max(i => Math.Abs(_gradient[i]));
                if (GradientNorm <= options.Tolerance * Math.Max(1, Math.Abs(Value))) { Converged = true; return; }
                if (Iterations++ >= options.MaxIterations) return;

                var (step, rise) = Step(free, ref damping);
                for (var i = 0; i < _size; i++) tried[i] = Math.Clamp(_at[i] + step[i], _box.Lowest[i], _box.Highest[i]);
                var value = Evaluate(tried, gradient, hessian);
                if (value > Value)
                {
                    var foretold = (value - Value) / rise;
                    damping = foretold > 0.5 ? (damping > LeastDamping ? damping / 8 : 0) : foretold < 0.1 ? Math.Max(LeastDamping, damping * 4) : damping;
                    (Value, _at, tried, _gradient, gradient, _hessian, hessian) = (value, tried, _at, gradient, _gradient, hessian, _hessian);
                }
                else
                {
                    // So near the top that rounding hides the rise: as good as it gets.
                    if (rise < 1e-13 * Math.Abs(Value)) { Converged = GradientNorm <= 1e-6 * Math.Max(1, Math.Abs(Value)); return; }
                    damping = Math.Max(LeastDamping, damping * 8);
                }
            }
        }

        public FitReport Report(int iterations, int evaluations)
        {
            var free = Free();
            var variance = Variance(free);
            var parameters = Parameters;
            return new FitReport(Value, _likelihood.Customers, _likelihood.DistinctRows, iterations, evaluations, GradientNorm,
            [
                .. _likelihood.Parameters.Select((name, i) => new ParameterEstimate(
                    name, parameters[i], variance is null || !free.Contains(i) ? null : parameters[i] * Math.Sqrt(variance[Array.IndexOf(free, i)]), IsAtBound(i))),
            ]);
        }

        private double Evaluate(double[] at, double[] gradient, double[] hessian)
        {
            Evaluations++;
            for (var i = 0; i < _size; i++) _scale[i] = Math.Exp(at[i]);
            var value = _likelihood.Evaluate(_scale, gradient, hessian);

            // From the parameters to their logarithms, by the chain rule.
            for (var i = 0; i < _size; i++) gradient[i] *= _scale[i];
            for (var i = 0; i < _size; i++)
                for (var j = i; j < _size; j++)
                    hessian[i * _size + j] = hessian[j * _size + i] = hessian[i * _size + j] * _scale[i] * _scale[j] + (i == j ? gradient[i] : 0);
            return double.IsNaN(value) ? double.NegativeInfinity : value;
        }

        private bool IsAtBound(int i) => _at[i] <= _box.Lowest[i] || _at[i] >= _box.Highest[i];

        private int[] Free() =>
            [.. Enumerable.Range(0, _size).Where(i => !(_at[i] <= _box.Lowest[i] && _gradient[i] <= 0) && !(_at[i] >= _box.Highest[i] && _gradient[i] >= 0))];

        /// <summary>Solves (damping · D - H) step = gradient over the free parameters, raising the damping until the matrix is positive definite.</summary>
        private (double[] Step, double Rise) Step(int[] free, ref double damping)
        {
            var n = free.Length;
            var matrix = new double[n * n];
            while (true)
            {
                for (var i = 0; i < n; i++)
                    for (var j = 0; j < n; j++)
                        matrix[i * n + j] = -_hessian[free[i] * _size + free[j]]
                                          + (i == j ? damping * Math.Max(Math.Abs(_hessian[free[i] * _size + free[i]]), Math.Abs(_gradient[free[i]])) : 0);
                if (Cholesky.Factor(matrix, n)) break;
                damping = Math.Max(LeastDamping, damping * 4);
            }
            var part = free.Select(i => _gradient[i]).ToArray();
            Cholesky.Solve(matrix, n, part);

            var longest = part.Max(Math.Abs);
            var shrink = longest > LongestStep ? LongestStep / longest : 1;
            var step = new double[_size];
            double slope = 0, bend = 0;
            for (var i = 0; i < n; i++) step[free[i]] = part[i] * shrink;
            for (var i = 0; i < _size; i++)
            {
                slope += _gradient[i] * step[i];
                for (var j = 0; j < _size; j++) bend += step[i] * _hessian[i * _size + j] * step[j];
            }
            return (step, Math.Max(slope + 0.5 * bend, 1e-300));
        }

        /// <summary>[free]: variances of the logarithms, the diagonal of the inverse of -H; null where H isn't negative definite.</summary>
        private double[]? Variance(int[] free)
        {
            var n = free.Length;
            var matrix = new double[n * n];
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++)
                    matrix[i * n + j] = -_hessian[free[i] * _size + free[j]];
            if (!Cholesky.Factor(matrix, n)) return null;
            var variance = new double[n];
            for (var i = 0; i < n; i++)
            {
                var unit = new double[n];
                unit[i] = 1;
                Cholesky.Solve(matrix, n, unit);
                variance[i] = unit[i];
            }
            return variance;
        }
    }
}
