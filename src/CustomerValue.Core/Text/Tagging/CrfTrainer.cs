namespace CustomerValue.Text.Tagging;

/// <summary>Trains a linear chain by maximum conditional likelihood: stochastic gradients with a step per weight, a quadratic penalty, and features left out at random.</summary>
/// <remarks>
/// Lafferty, McCallum and Pereira (2001). Steps: Duchi, Hazan and Singer (2011), AdaGrad, falling linearly to zero over the run. Leaving features out: Hinton et al. (2012),
/// here of the input only.
/// </remarks>
internal sealed class CrfTrainer
{
    private const int Batch = 8;                                      // sentences between two updates of the transitions
    private const float Floor = 1e-4f;                                // keeps the first step of a weight finite

    private readonly TaggerOptions _options;
    private readonly ChainData _data;
    private readonly int _labels, _row;
    private readonly ChainWeights _learned;
    private readonly int[] _starts;
    private readonly byte[] _weightLabels;
    private readonly float[] _weights, _squares;
    private readonly float[] _transitions, _transitionSquares, _transitionExp, _transitionGradient;   // [L + 1, row]; the last row is the start
    private float[] _emissions = [], _forward = [], _backward = [];                                    // [length, row]
    private readonly float[] _ahead, _marginal;                                                        // [row]
    private SplitMix64 _random;

    /// <param name="data">The sentences.</param>
    /// <param name="labels">How many labels there are.</param>
    /// <param name="allowed">Whether a label may follow another; the first is -1 at a sentence's start.</param>
    /// <param name="options">How to train.</param>
    public CrfTrainer(ChainData data, int labels, Func<int, int, bool> allowed, TaggerOptions options)
    {
        (_data, _options, _labels, _row) = (data, options, labels, ChainKernels.Padded(labels));
        _learned = new(data, labels, allowed, options);
        (_starts, _weightLabels, _weights, _transitions) = (_learned.Starts, _learned.WeightLabels, _learned.Weights, _learned.Transitions);
        _squares = new float[_weights.Length];
        var size = _transitions.Length;
        (_transitionSquares, _transitionExp, _transitionGradient) = (new float[size], new float[size], new float[size]);
        (_ahead, _marginal) = (new float[_row], new float[_row]);
        _random = SplitMix64.Stream(options.Seed, 0);
        Refresh();
    }

    /// <summary>Goes over the sentences <see cref="TaggerOptions.Epochs"/> times.</summary>
    /// <param name="stage">What to call the work in reports.</param>
    /// <param name="progress">Told the sentences done.</param>
    /// <param name="cancellation">Looked at before each sentence.</param>
    public ChainModel Train(string stage, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        _data.Pass(_options.Epochs, ref _random, stage, progress, (sentence, step, total) =>
        {
            var rate = (float)(_options.LearningRate * (1 - (double)step / total));
            Learn(_data.Features[sentence], _data.Labels[sentence], rate);
            if ((step + 1) % Batch == 0 || step + 1 == total) UpdateTransitions(rate, _data.Features.Count);
        }, cancellation);
        return _learned.Model();
    }

    private void Learn(int[][] places, byte[] labels, float rate)
    {
        var kept = Array.ConvertAll(places, features => _learned.Kept(features, ref _random));
        Emissions(kept);
        ForwardBackward(places.Length);
        TransitionGradient(labels);
        for (var place = 0; place < places.Length; place++)
        {
            ChainKernels.Multiply(_forward.AsSpan(place * _row, _row), _backward.AsSpan(place * _row, _row), _marginal);
            ChainKernels.Scale(_marginal, 1 / ChainKernels.Sum(_marginal));
            _marginal[labels[place]] -= 1;                            // now the gradient of the place's scores
            foreach (var feature in kept[place]) UpdateWeights(feature, rate);
        }
    }

    /// <summary>exp of each place's scores, the largest of a place being 1.</summary>
    private void Emissions(int[][] places)
    {
        if (_emissions.Length < places.Length * _row)
            (_emissions, _forward, _backward) = (new float[places.Length * _row], new float[places.Length * _row], new float[places.Length * _row]);
        for (var place = 0; place < places.Length; place++)
        {
            var scores = _emissions.AsSpan(place * _row, _row);
            scores.Clear();
            foreach (var feature in places[place])
                for (var at = _starts[feature]; at < _starts[feature + 1]; at++) scores[_weightLabels[at]] += _weights[at];
            var highest = scores[0];
            foreach (var score in scores[.._labels]) highest = Math.Max(highest, score);
            for (var label = 0; label < _labels; label++) scores[label] = MathF.Exp(scores[label] - highest);
            scores[_labels..].Clear();
        }
    }

    private void ForwardBackward(int length)
    {
        for (var place = 0; place < length; place++)
        {
            var alpha = _forward.AsSpan(place * _row, _row);
            alpha.Clear();
            if (place == 0) _transitionExp.AsSpan(_labels * _row, _row).CopyTo(alpha);
            else
            {
                var before = _forward.AsSpan((place - 1) * _row, _labels);
                for (var from = 0; from < _labels; from++)
                    if (before[from] > 1e-12f) ChainKernels.AddScaled(_transitionExp.AsSpan(from * _row, _row), before[from], alpha);
            }
            ChainKernels.Multiply(alpha, _emissions.AsSpan(place * _row, _row), alpha);
            ChainKernels.Scale(alpha, 1 / ChainKernels.Sum(alpha));
        }
        _backward.AsSpan((length - 1) * _row, _labels).Fill(1);
        _backward.AsSpan((length - 1) * _row + _labels, _row - _labels).Clear();
        for (var place = length - 2; place >= 0; place--)
        {
            ChainKernels.Multiply(_emissions.AsSpan((place + 1) * _row, _row), _backward.AsSpan((place + 1) * _row, _row), _ahead);
            var beta = _backward.AsSpan(place * _row, _row);
            beta.Clear();
            for (var from = 0; from < _labels; from++) beta[from] = ChainKernels.Dot(_transitionExp.AsSpan(from * _row, _row), _ahead);
            ChainKernels.Scale(beta, 1 / ChainKernels.Sum(beta));
        }
    }

    private void TransitionGradient(byte[] labels)
    {
        ChainKernels.Multiply(_forward.AsSpan(0, _row), _backward.AsSpan(0, _row), _marginal);
        ChainKernels.AddScaled(_marginal, 1 / ChainKernels.Sum(_marginal), _transitionGradient.AsSpan(_labels * _row, _row));
        _transitionGradient[_labels * _row + labels[0]] -= 1;
        for (var place = 1; place < labels.Length; place++)
        {
            var before = _forward.AsSpan((place - 1) * _row, _labels);
            ChainKernels.Multiply(_emissions.AsSpan(place * _row, _row), _backward.AsSpan(place * _row, _row), _ahead);
            var sum = 0f;
            for (var from = 0; from < _labels; from++)
                if (before[from] > 1e-6f) sum += before[from] * ChainKernels.Dot(_transitionExp.AsSpan(from * _row, _row), _ahead);
            for (var from = 0; from < _labels; from++)
                if (before[from] > 1e-6f) ChainKernels.AddProduct(_transitionExp.AsSpan(from * _row, _row), _ahead, before[from] / sum, _transitionGradient.AsSpan(from * _row, _row));
            _transitionGradient[labels[place - 1] * _row + labels[place]] -= 1;
        }
    }

    private void UpdateWeights(int feature, float rate)
    {
        // A feature feels its share of the penalty each time it is touched, so that the whole of it is felt once an epoch.
        var penalty = (float)(_options.Penalty / _data.Counts[feature]);
        for (var at = _starts[feature]; at < _starts[feature + 1]; at++)
        {
            var gradient = _marginal[_weightLabels[at]] + penalty * _weights[at];
            if (Math.Abs(gradient) < 1e-5f) continue;
            _squares[at] += gradient * gradient;
            _weights[at] -= rate * gradient / MathF.Sqrt(_squares[at] + Floor);
        }
    }

    private void UpdateTransitions(float rate, int sentences)
    {
        var penalty = (float)(_options.Penalty * Batch / sentences);
        for (var at = 0; at < _transitions.Length; at++)
        {
            if (_transitions[at] <= ChainModel.Never) continue;
            var gradient = _transitionGradient[at] + penalty * _transitions[at];
            _transitionGradient[at] = 0;
            _transitionSquares[at] += gradient * gradient;
            _transitions[at] -= rate * gradient / MathF.Sqrt(_transitionSquares[at] + Floor);
        }
        Refresh();
    }

    private void Refresh()
    {
        for (var at = 0; at < _transitions.Length; at++) _transitionExp[at] = _transitions[at] <= ChainModel.Never ? 0 : MathF.Exp(_transitions[at]);
    }
}
