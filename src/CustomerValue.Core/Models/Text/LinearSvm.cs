using System.Globalization;

namespace CustomerValue.Models.Text;

/// <summary>Linear support vector machine, one class against the rest where there are more than two: least of 1/2 |w|^2 + C x sum of squared hinge losses; the
/// bias counts as a weight.</summary>
/// <remarks>Hsieh, Chang, Lin, Keerthi and Sundararajan (2008), "A Dual Coordinate Descent Method for Large-scale Linear SVM", with shrinking.</remarks>
/// <param name="naiveBayes">Whether every n-gram first weighs its log-count ratio: how much more often texts of the class hold it than others do (Wang and
/// Manning (2012), "Baselines and Bigrams: Simple, Good Sentiment and Topic Classification").</param>
public sealed class LinearSvm(bool naiveBayes = false) : ILinearLearner
{
    private const double Tolerance = 0.1, Smoothing = 1;
    private const int MostPasses = 200;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["learner"] = naiveBayes ? "linear SVM on log-count ratios" : "linear SVM",
        ["tolerance"] = Tolerance.ToString(CultureInfo.InvariantCulture),
        ["most_passes"] = MostPasses.ToString(CultureInfo.InvariantCulture),
    };

    bool ILinearLearner.GivesLogits => false;

    IEnumerable<LinearModel> ILinearLearner.Path(SparseRows x, IReadOnlyList<int> labels, int classes, IReadOnlyList<double> costs, TextFitContext context, CancellationToken cancellation)
    {
        var k = classes == 2 ? 1 : classes;
        var machines = Enumerable.Range(0, k).Select(c => new OneAgainstRest(x, [.. labels.Select(label => label == (k == 1 ? 1 : c))], naiveBayes, context.Seed)).ToArray();
        foreach (var cost in costs)
        {
            // A machine is one thread's, so threads change nothing.
            Parallel.For(0, k, new ParallelOptions { MaxDegreeOfParallelism = context.Threads, CancellationToken = cancellation }, c => machines[c].Fit(cost, cancellation));
            var (weights, bias) = (new double[x.Columns * k], new double[k]);
            for (var c = 0; c < k; c++) machines[c].CopyTo(weights, bias, c);
            yield return new(weights, bias);
        }
    }

    private sealed class OneAgainstRest
    {
        private readonly SparseRows _x;
        private readonly sbyte[] _y;              // [rows]: 1 or -1
        private readonly double[] _lengths;       // [rows]: squared, and 1 more for the bias
        private readonly double[]? _squares;      // [columns]: log-count ratios, squared
        private readonly double[] _alpha, _w;     // [rows]; [columns + 1], the bias last; weights of x itself: a ratio's weight times the ratio
        private readonly int _seed;

        public OneAgainstRest(SparseRows x, bool[] isClass, bool naiveBayes, int seed)
        {
            _squares = naiveBayes ? [.. LogCountRatios(x, isClass).Select(r => r * r)] : null;
            (_x, _seed) = (x, seed);
            _y = [.. isClass.Select(own => own ? (sbyte)1 : (sbyte)-1)];
            (_alpha, _w, _lengths) = (new double[x.Rows], new double[x.Columns + 1], new double[x.Rows]);
            for (var row = 0; row < x.Rows; row++)
            {
                _lengths[row] = 1;
                for (var i = x.Starts[row]; i < x.Starts[row + 1]; i++) _lengths[row] += (double)x.Values[i] * x.Values[i] * (_squares?[x.At[i]] ?? 1);
            }
        }

        public void CopyTo(double[] weights, double[] bias, int place)
        {
            for (var column = 0; column < _x.Columns; column++) weights[column * bias.Length + place] = _w[column];
            bias[place] = _w[^1];
        }

        /// <summary>Goes on from the weights of the penalty before, which are feasible for any other.</summary>
        public void Fit(double cost, CancellationToken cancellation)
        {
            var (diagonal, random) = (1 / (2 * cost), SplitMix64.Stream(_seed, 0));
            var order = Enumerable.Range(0, _x.Rows).ToArray();
            var (active, mostBefore) = (order.Length, double.PositiveInfinity);
            for (var pass = 0; pass < MostPasses; pass++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (var i = 0; i < active; i++)
                {
                    var j = i + random.Below(active - i);
                    (order[i], order[j]) = (order[j], order[i]);
                }
                var (most, least) = (double.NegativeInfinity, double.PositiveInfinity);
                for (var i = 0; i < active; i++)
                {
                    var row = order[i];
                    var gradient = _y[row] * Score(row) - 1 + diagonal * _alpha[row];
                    if (_alpha[row] == 0 && gradient > mostBefore)
                    {
                        // Far on its right side: it won't move, and isn't looked at again before the end.
                        active--;
                        (order[i], order[active]) = (order[active], order[i]);
                        i--;
                        continue;
                    }
                    var projected = _alpha[row] == 0 ? Math.Min(gradient, 0) : gradient;
                    (most, least) = (Math.Max(most, projected), Math.Min(least, projected));
                    if (Math.Abs(projected) > 1e-12) Move(row, Math.Max(_alpha[row] - gradient / (_lengths[row] + diagonal), 0));
                }
                if (most - least > Tolerance)
                {
                    mostBefore = most <= 0 ? double.PositiveInfinity : most;
                    continue;
                }
                if (active == order.Length) return;
                (active, mostBefore) = (order.Length, double.PositiveInfinity);      // all rows once more before it is believed
            }
        }

        private double Score(int row)
        {
            var at = _x.RowAt(row);
            var values = _x.RowValues(row);
            var sum = _w[^1];
            for (var i = 0; i < at.Length; i++) sum += values[i] * _w[at[i]];
            return sum;
        }

        private void Move(int row, double alpha)
        {
            var at = _x.RowAt(row);
            var values = _x.RowValues(row);
            var step = (alpha - _alpha[row]) * _y[row];
            _alpha[row] = alpha;
            if (_squares is null) for (var i = 0; i < at.Length; i++) _w[at[i]] += step * values[i];
            else for (var i = 0; i < at.Length; i++) _w[at[i]] += step * values[i] * _squares[at[i]];
            _w[^1] += step;
        }
    }

    /// <summary>log((p / |p|) / (q / |q|)): p and q are what texts of the class, and the others, hold of each column, and one more.</summary>
    internal static double[] LogCountRatios(SparseRows x, bool[] isClass)
    {
        var (own, other) = (new double[x.Columns], new double[x.Columns]);
        Array.Fill(own, Smoothing);
        Array.Fill(other, Smoothing);
        for (var row = 0; row < x.Rows; row++)
        {
            var at = x.RowAt(row);
            var values = x.RowValues(row);
            var counts = isClass[row] ? own : other;
            for (var i = 0; i < at.Length; i++) counts[at[i]] += values[i];
        }
        var (all, rest) = (own.Sum(), other.Sum());
        return [.. own.Zip(other, (p, q) => Math.Log(p / all / (q / rest)))];
    }
}
