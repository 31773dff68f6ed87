namespace CustomerValue.Models.Btyd;

/// <summary>Finds the parameters that make the data most likely: damped Newton steps in the coordinates of a <see cref="ParameterSpace"/>.</summary>
/// <remarks>Logarithms keep the parameters positive and make their scales alike. With exact second derivatives some ten steps suffice, and the curvature at
/// the end gives the standard errors. Where the likelihood rises to a bound, the parameter stays there and the report says so.</remarks>
internal static class MaximumLikelihood
{
    private const double LongestStep = 2, LeastDamping = 1e-3;

    /// <summary>Climbs from every start and reports the best summit.</summary>
    /// <param name="likelihood">The function to climb.</param>
    /// <param name="thinned">The same over part of the rows, to climb most of the way on when the data are large; null to climb on all rows from each start.</param>
    /// <param name="starts">Parameters to start from.</param>
    /// <param name="options">Steps, tolerance.</param>
    /// <exception cref="InvalidOperationException">The climb didn't converge; the message tells how far it came.</exception>
    public static FitReport Fit(ILogLikelihood likelihood, ILogLikelihood? thinned, IReadOnlyList<double[]> starts, BtydOptions options)
    {
        var climbs = new List<Climb>();
        var from = starts;
        if (thinned is not null)
        {
            // Most of the way is climbed on part of the rows, from every start; starts that meet there go on as one.
            var first = starts.Select(s => new Climb(thinned, s)).ToList();
            foreach (var climb in first) climb.Run(options);
            climbs.AddRange(first);
            var best = first.Max(c => c.Value);
            from = [.. first.OrderByDescending(c => c.Value).Where((c, rank) => rank == 0 || (best - c.Value > 1e-7 * Math.Abs(best) && c.Converged)).Select(c => c.Parameters)];
        }
        var last = from.Select(s => new Climb(likelihood, s)).ToList();
        foreach (var climb in last) climb.Run(options);
        climbs.AddRange(last);

        var summit = last.MaxBy(c => c.Value)!;
        if (!summit.Converged)
            throw new InvalidOperationException(
                FormattableString.Invariant($"The fit of {string.Join(", ", likelihood.Space.Names)} on {likelihood.Customers} customers didn't converge: after {summit.Iterations} steps ") +
                FormattableString.Invariant($"the log-likelihood is {summit.Value:0.###} and its steepest slope {summit.GradientNorm:0.###e+0}. ") +
                $"Raise MaxIterations (now {options.MaxIterations}), or look for histories that aren't in weeks or repeat one customer.");
        return summit.Report(climbs.Sum(c => c.Iterations), climbs.Sum(c => c.Evaluations));
    }

    private sealed class Climb
    {
        private readonly ILogLikelihood _likelihood;
        private readonly ParameterSpace _space;
        private readonly int _size;
        private double[] _at, _gradient, _hessian;

        public Climb(ILogLikelihood likelihood, double[] start)
        {
            (_likelihood, _space, _size) = (likelihood, likelihood.Space, start.Length);
            (_at, _gradient, _hessian) = (_space.Coordinates(start), new double[_size], new double[_size * _size]);
        }

        public double Value { get; private set; }
        public double GradientNorm { get; private set; }
        public int Iterations { get; private set; }
        public int Evaluations { get; private set; }
        public bool Converged { get; private set; }
        public double[] Parameters => _space.Parameters(_at);

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
                if (Iterations == options.MaxIterations) return;
                Iterations++;

                var (step, rise) = Step(free, ref damping);
                for (var i = 0; i < _size; i++) tried[i] = _space.Inside(_at[i] + step[i], i);
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
            var covariance = Covariance(free);
            var parameters = Parameters;
            return new FitReport(Value, _likelihood.Customers, _likelihood.DistinctRows, iterations, evaluations, GradientNorm,
            [
                .. _space.Names.Select((name, i) =>
                {
                    var atBound = Enumerable.Range(0, _size).Any(j => _space.Moves(i, j) > 0 && (_space.AtLowest(_at, j) || _space.AtHighest(_at, j)));
                    double variance = 0;
                    for (var j = 0; j < free.Length && covariance is not null; j++)
                        for (var k = 0; k < free.Length; k++)
                            variance += _space.Moves(i, free[j]) * _space.Moves(i, free[k]) * covariance[j * free.Length + k];
                    return new ParameterEstimate(name, parameters[i], variance > 0 && !atBound ? parameters[i] * Math.Sqrt(variance) : null, atBound);
                }),
            ]);
        }

        private double Evaluate(double[] at, double[] gradient, double[] hessian)
        {
            Evaluations++;
            var parameters = _space.Parameters(at);
            Span<double> slope = stackalloc double[_size], bend = stackalloc double[_size * _size];
            var value = _likelihood.Evaluate(parameters, slope, bend);

            // From the parameters to their logarithms, and from those to the coordinates, by the chain rule.
            for (var i = 0; i < _size; i++) slope[i] *= parameters[i];
            for (var i = 0; i < _size; i++)
                for (var j = i; j < _size; j++)
                    bend[i * _size + j] = bend[j * _size + i] = bend[i * _size + j] * parameters[i] * parameters[j] + (i == j ? slope[i] : 0);
            Array.Clear(gradient);
            Array.Clear(hessian);
            for (var i = 0; i < _size; i++)
                for (var j = 0; j < _size; j++)
                {
                    if (_space.Moves(i, j) == 0) continue;
                    gradient[j] += slope[i];
                    for (var k = 0; k < _size; k++)
                        for (var l = 0; l < _size; l++)
                            if (_space.Moves(k, l) > 0) hessian[j * _size + l] += bend[i * _size + k];
                }
            return double.IsNaN(value) ? double.NegativeInfinity : value;
        }

        private int[] Free() =>
            [.. Enumerable.Range(0, _size).Where(i => !(_space.AtLowest(_at, i) && _gradient[i] <= 0) && !(_space.AtHighest(_at, i) && _gradient[i] >= 0))];

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

        /// <summary>[free, free]: covariances of the coordinates, the inverse of -H; null where H isn't negative definite.</summary>
        private double[]? Covariance(int[] free)
        {
            var n = free.Length;
            var matrix = new double[n * n];
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++)
                    matrix[i * n + j] = -_hessian[free[i] * _size + free[j]];
            if (!Cholesky.Factor(matrix, n)) return null;
            var covariance = new double[n * n];
            for (var i = 0; i < n; i++)
            {
                var unit = new double[n];
                unit[i] = 1;
                Cholesky.Solve(matrix, n, unit);
                unit.CopyTo(covariance, i * n);
            }
            return covariance;
        }
    }
}
