namespace CustomerValue.Text.Tagging;

/// <summary>A linear chain over labels: weights of features at each place, and of one label after another. Immutable once made, and safe to share between threads.</summary>
/// <remarks>Lafferty, McCallum and Pereira (2001), "Conditional Random Fields". Features are 32-bit keys; a feature carries weights only for some labels.</remarks>
internal sealed class ChainModel
{
    /// <summary>Stands for "can't follow": no sum of real weights comes near it.</summary>
    public const float Never = -1e6f;

    private readonly int[] _slots;                          // open addressing over the keys; -1 where free
    private readonly int _mask;

    /// <param name="labels">Labels L, at most 255.</param>
    /// <param name="keys">[F]: keys of the features, ascending.</param>
    /// <param name="starts">[F + 1]: where each feature's weights start.</param>
    /// <param name="weightLabels">[weights]: the label that a weight belongs to.</param>
    /// <param name="weights">[weights].</param>
    /// <param name="transitions">[L + 1, L]: of a label after another; the last row is the sentence's start.</param>
    public ChainModel(int labels, uint[] keys, int[] starts, byte[] weightLabels, float[] weights, float[] transitions)
    {
        (Labels, Keys, Starts, WeightLabels, Weights, Transitions) = (labels, keys, starts, weightLabels, weights, transitions);
        Row = ChainKernels.Padded(labels);
        PaddedTransitions = new float[(labels + 1) * Row];
        Array.Fill(PaddedTransitions, Never);
        for (var from = 0; from <= labels; from++) transitions.AsSpan(from * labels, labels).CopyTo(PaddedTransitions.AsSpan(from * Row));

        var size = 16;
        while (size < keys.Length * 2) size *= 2;
        (_slots, _mask) = (new int[size], size - 1);
        Array.Fill(_slots, -1);
        for (var feature = 0; feature < keys.Length; feature++)
        {
            var slot = (int)(keys[feature] * 0x9E3779B1u) & _mask;
            while (_slots[slot] >= 0) slot = (slot + 1) & _mask;
            _slots[slot] = feature;
        }
    }

    public int Labels { get; }

    /// <summary>Length of a row of scores: labels, rounded up for the vector operations.</summary>
    public int Row { get; }

    public uint[] Keys { get; }

    public int[] Starts { get; }

    public byte[] WeightLabels { get; }

    public float[] Weights { get; }

    public float[] Transitions { get; }

    private float[] PaddedTransitions { get; }

    /// <summary>The most probable labels of a sentence (Viterbi).</summary>
    /// <param name="features">Keys of the features at each place.</param>
    public byte[] Decode(FeatureRows features)
    {
        var scores = new float[features.Count * Row];
        for (var at = 0; at < features.Count; at++) Score(features[at], scores.AsSpan(at * Row, Row));
        return ChainKernels.BestPath(scores, PaddedTransitions, Labels, new int[scores.Length]);
    }

    private void Score(ReadOnlySpan<uint> keys, Span<float> scores)
    {
        foreach (var key in keys)
        {
            var feature = Find(key);
            if (feature < 0) continue;
            for (var at = Starts[feature]; at < Starts[feature + 1]; at++) scores[WeightLabels[at]] += Weights[at];
        }
    }

    private int Find(uint key)
    {
        for (var slot = (int)(key * 0x9E3779B1u) & _mask; ; slot = (slot + 1) & _mask)
        {
            var feature = _slots[slot];
            if (feature < 0 || Keys[feature] == key) return feature;
        }
    }
}
