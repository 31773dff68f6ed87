using System.Globalization;

namespace CustomerValue.Models.Text;

/// <summary>Logistic regression, softmax where there are more than two classes: least of 1/2 |w|^2 + C x negative log-likelihood; the bias is free.</summary>
/// <param name="tolerance">How long the gradient may still be, against its length where all weights are 0.</param>
public sealed class LogisticRegression(double tolerance = 3e-3) : ILinearLearner
{
    private const int MostSteps = 300;

    private readonly double _tolerance = Check.Within(tolerance, 1e-12, 0.1, nameof(tolerance));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["learner"] = "logistic regression",
        ["tolerance"] = tolerance.ToString(CultureInfo.InvariantCulture),
        ["most_steps"] = MostSteps.ToString(CultureInfo.InvariantCulture),
    };

    bool ILinearLearner.GivesLogits => true;

    IEnumerable<LinearModel> ILinearLearner.Path(SparseRows x, IReadOnlyList<int> labels, int classes, IReadOnlyList<double> costs, TextFitContext context, CancellationToken cancellation)
    {
        var likelihood = new Likelihood(x, labels, classes == 2 ? 1 : classes, context.Threads);
        var at = new double[likelihood.Parameters];
        foreach (var cost in costs)
        {
            (at, _, _) = Lbfgs.Minimise((point, gradient) => likelihood.Loss(point, gradient, cost), at, _tolerance, MostSteps, cancellation);
            yield return likelihood.Model(at);
        }
    }

    /// <summary>Penalised negative log-likelihood over C x rows. Parameters: [columns x K] weights, [K] biases.</summary>
    private sealed class Likelihood(SparseRows x, IReadOnlyList<int> labels, int k, int threads)
    {
        private readonly SparseRows _columns = x.Transposed();
        private readonly double[] _scores = new double[x.Rows * k], _losses = new double[x.Rows];

        public int Parameters => (x.Columns + 1) * k;

        public LinearModel Model(double[] at) => new(at[..(x.Columns * k)], at[(x.Columns * k)..]);

        public double Loss(double[] at, double[] gradient, double cost)
        {
            LinearModel.Score(x, at, at.AsMemory(x.Columns * k, k), _scores, threads);      // [rows x K]
            LinearModel.Each(x.Rows, threads, Residual);
            var penalty = 1 / (cost * x.Rows);
            LinearModel.Each(x.Columns, threads, column =>
            {
                var rows = _columns.RowAt(column);
                var values = _columns.RowValues(column);
                if (k == 1)
                {
                    var sum = 0.0;
                    for (var i = 0; i < rows.Length; i++) sum += values[i] * _scores[rows[i]];
                    gradient[column] = sum / x.Rows + penalty * at[column];
                    return;
                }
                var own = gradient.AsSpan(column * k, k);
                for (var c = 0; c < k; c++) own[c] = penalty * at[column * k + c];
                for (var i = 0; i < rows.Length; i++) LinearModel.AddScaled(_scores.AsSpan(rows[i] * k, k), (double)values[i] / x.Rows, own);
            });
            var bias = gradient.AsSpan(x.Columns * k, k);
            bias.Clear();
            var loss = 0.0;
            for (var row = 0; row < x.Rows; row++)
            {
                loss += _losses[row];
                for (var c = 0; c < k; c++) bias[c] += _scores[row * k + c] / x.Rows;
            }
            var squares = 0.0;
            for (var i = 0; i < x.Columns * k; i++) squares += at[i] * at[i];
            return loss / x.Rows + penalty / 2 * squares;
        }

        // The row's loss, and in place of its scores how far its probabilities are off.
        private void Residual(int row)
        {
            var scores = _scores.AsSpan(row * k, k);
            if (k == 1)
            {
                var z = scores[0];
                _losses[row] = Math.Max(z, 0) - z * labels[row] + Math.Log(1 + Math.Exp(-Math.Abs(z)));
                scores[0] = LogisticCurve.Sigmoid(z) - labels[row];
                return;
            }
            var own = scores[labels[row]];
            _losses[row] = Softmax.InPlace(scores) - own;
            scores[labels[row]] -= 1;
        }
    }
}
