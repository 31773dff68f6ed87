namespace CustomerValue.Text.Tagging;

/// <summary>Trains a linear chain by its mistakes: where the best path differs from the right one, weights move by one towards the right labels and away from the wrong
/// ones. What is kept is the mean of the weights over all sentences gone over, which forgets none of them.</summary>
/// <remarks>Collins (2002), "Discriminative Training Methods for Hidden Markov Models". A change made at sentence t of T stands in the sum of all weights T - t times, so one more
/// number a weight gives the mean, and weights that don't change cost nothing.</remarks>
internal sealed class PerceptronTrainer
{
    private readonly TaggerOptions _options;
    private readonly ChainData _data;
    private readonly int _row;
    private readonly double[] _late, _transitionsLate;                // the sum of each change, times the sentences gone over before it
    private float[] _scores = [];                                     // [length, row]
    private int[] _from = [];                                         // [length, row]
    private SplitMix64 _random;

    /// <param name="data">The sentences.</param>
    /// <param name="labels">How many labels there are.</param>
    /// <param name="allowed">Whether a label may follow another; the first is -1 at a sentence's start.</param>
    /// <param name="options">How to train; step size and penalty aren't asked for.</param>
    public PerceptronTrainer(ChainData data, int labels, Func<int, int, bool> allowed, TaggerOptions options)
    {
        (_data, _options, _row) = (data, options, ChainKernels.Padded(labels));
        Learned = new(data, labels, allowed, options);
        (_late, _transitionsLate) = (new double[Learned.Weights.Length], new double[Learned.Transitions.Length]);
        _random = SplitMix64.Stream(options.Seed, 0);
    }

    /// <summary>The weights: as they stand while it learns, their mean afterwards.</summary>
    public ChainWeights Learned { get; }

    /// <summary>Goes over the sentences <see cref="TaggerOptions.Epochs"/> times.</summary>
    /// <param name="stage">What to call the work in reports.</param>
    /// <param name="progress">Told the sentences done.</param>
    /// <param name="cancellation">Looked at before each sentence.</param>
    public ChainModel Train(string stage, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        _data.Pass(_options.Epochs, ref _random, stage, progress, (sentence, step, _) => Learn(_data.Features[sentence], _data.Labels[sentence], step), cancellation);
        var total = (long)_options.Epochs * _data.Features.Count;
        Average(Learned.Weights, _late, total);
        Average(Learned.Transitions, _transitionsLate, total);
        return Learned.Model();
    }

    private static void Average(float[] weights, double[] late, long total)
    {
        for (var at = 0; at < weights.Length; at++) if (weights[at] > ChainModel.Never) weights[at] = (float)(weights[at] - late[at] / total);
    }

    private void Learn(int[][] places, byte[] right, long step)
    {
        var kept = _options.FeatureDropout > 0 ? Array.ConvertAll(places, features => Learned.Kept(features, ref _random)) : places;
        var found = ChainKernels.BestPath(Scores(kept), Learned.Transitions, Learned.Labels, _from);
        for (var place = 0; place < found.Length; place++)
        {
            var (before, beforeFound) = place == 0 ? (Learned.Labels, Learned.Labels) : (right[place - 1], found[place - 1]);
            if (right[place] == found[place] && before == beforeFound) continue;
            Move(before * _row + right[place], 1, step);
            Move(beforeFound * _row + found[place], -1, step);
            if (right[place] == found[place]) continue;
            foreach (var feature in kept[place])
                for (var at = Learned.Starts[feature]; at < Learned.Starts[feature + 1]; at++)
                {
                    var change = Learned.WeightLabels[at] == right[place] ? 1 : Learned.WeightLabels[at] == found[place] ? -1 : 0;
                    if (change == 0) continue;
                    Learned.Weights[at] += change;
                    _late[at] += change * (double)step;
                }
        }
    }

    private void Move(int transition, int change, long step)
    {
        Learned.Transitions[transition] += change;
        _transitionsLate[transition] += change * (double)step;
    }

    private Span<float> Scores(int[][] places)
    {
        var size = places.Length * _row;
        if (_scores.Length < size) (_scores, _from) = (new float[size], new int[size]);
        var scores = _scores.AsSpan(0, size);
        scores.Clear();
        for (var place = 0; place < places.Length; place++)
        {
            var here = scores.Slice(place * _row, _row);
            foreach (var feature in places[place])
                for (var at = Learned.Starts[feature]; at < Learned.Starts[feature + 1]; at++) here[Learned.WeightLabels[at]] += Learned.Weights[at];
        }
        return scores;
    }
}
