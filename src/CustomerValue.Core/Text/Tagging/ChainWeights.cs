namespace CustomerValue.Text.Tagging;

/// <summary>The weights of a linear chain while they are learned, by whichever way: a weight of a feature for a label, and of a label after another.</summary>
/// <remarks>A weight exists for each label that a feature was seen with; frequent features have one for every label, so that they can speak against a label too.</remarks>
internal sealed class ChainWeights
{
    private const float Floor = 1e-4f;                                // where no weight was learned, a step is still a number

    private readonly ChainData _data;
    private readonly TaggerOptions _options;
    private readonly int _row;

    /// <param name="data">The sentences to learn from.</param>
    /// <param name="labels">Labels L.</param>
    /// <param name="allowed">Whether a label may follow another; the first is -1 at a sentence's start.</param>
    /// <param name="options">Which features count, and what is shipped.</param>
    public ChainWeights(ChainData data, int labels, Func<int, int, bool> allowed, TaggerOptions options)
    {
        (_data, _options, Labels, _row) = (data, options, labels, ChainKernels.Padded(labels));
        (Starts, WeightLabels) = Pairs(data, labels, options);
        (Weights, Transitions) = (new float[WeightLabels.Length], new float[(labels + 1) * _row]);
        Array.Fill(Transitions, ChainModel.Never);
        for (var from = 0; from <= labels; from++)
            for (var to = 0; to < labels; to++)
                if (allowed(from == labels ? -1 : from, to)) Transitions[from * _row + to] = 0;
    }

    /// <summary>L.</summary>
    public int Labels { get; }

    /// <summary>[features + 1]: where each feature's weights start.</summary>
    public int[] Starts { get; }

    /// <summary>[weights]: the label that a weight belongs to.</summary>
    public byte[] WeightLabels { get; }

    /// <summary>[weights].</summary>
    public float[] Weights { get; }

    /// <summary>[L + 1, row]: of a label after another; the last row is the sentence's start, <see cref="ChainModel.Never"/> what isn't allowed.</summary>
    public float[] Transitions { get; }

    /// <summary>Those of a place's features that have weights, but for the share that is left out at random.</summary>
    public int[] Kept(int[] features, ref SplitMix64 random)
    {
        var bar = (ulong)(_options.FeatureDropout * ulong.MaxValue);
        var kept = new List<int>(features.Length);
        foreach (var feature in features) if (Starts[feature] < Starts[feature + 1] && random.Next() >= bar) kept.Add(feature);
        return [.. kept];
    }

    /// <summary>The model as it ships: weights in steps of 1/127 of the largest, and what rounds to nothing left out.</summary>
    public ChainModel Model()
    {
        var step = Math.Max(Weights.Select(Math.Abs).DefaultIfEmpty().Max(), Floor) / 127;
        var keys = _data.Keys();
        var order = Enumerable.Range(0, keys.Length).ToArray();
        Array.Sort((uint[])keys.Clone(), order);
        var (shippedKeys, starts, labels, weights) = (new List<uint>(), new List<int> { 0 }, new List<byte>(), new List<float>());
        foreach (var feature in order)
        {
            for (var at = Starts[feature]; at < Starts[feature + 1]; at++)
            {
                if (Math.Abs(Weights[at]) < _options.SmallestWeight) continue;
                var steps = (int)MathF.Round(Weights[at] / step);
                if (steps == 0) continue;
                labels.Add(WeightLabels[at]);
                weights.Add(steps * step);
            }
            if (labels.Count == starts[^1]) continue;
            shippedKeys.Add(keys[feature]);
            starts.Add(labels.Count);
        }
        var transitions = new float[(Labels + 1) * Labels];
        for (var from = 0; from <= Labels; from++) Transitions.AsSpan(from * _row, Labels).CopyTo(transitions.AsSpan(from * Labels));
        return new(Labels, [.. shippedKeys], [.. starts], [.. labels], [.. weights], transitions);
    }

    private static (int[] Starts, byte[] Labels) Pairs(ChainData data, int labels, TaggerOptions options)
    {
        var words = (labels + 63) / 64;
        var seen = new ulong[data.Counts.Count * words];
        for (var sentence = 0; sentence < data.Features.Count; sentence++)
            for (var place = 0; place < data.Features[sentence].Length; place++)
            {
                var label = data.Labels[sentence][place];
                foreach (var feature in data.Features[sentence][place]) seen[feature * words + label / 64] |= 1UL << label % 64;
            }
        var starts = new int[data.Counts.Count + 1];
        var pairs = new List<byte>();
        for (var feature = 0; feature < data.Counts.Count; feature++)
        {
            for (var label = 0; label < labels && data.Counts[feature] >= options.RarestFeature; label++)
                if (data.Counts[feature] >= options.DenseFrom || (seen[feature * words + label / 64] >> label % 64 & 1) != 0) pairs.Add((byte)label);
            starts[feature + 1] = pairs.Count;
        }
        return (starts, [.. pairs]);
    }
}
