using System.Runtime.InteropServices;

namespace CustomerValue.Text.Tagging;

/// <summary>Sentences to learn from: features and label of each place.</summary>
internal sealed class ChainData
{
    private readonly Dictionary<uint, int> _features = [];
    private readonly List<int> _counts = [];

    public List<int[][]> Features { get; } = [];

    public List<byte[]> Labels { get; } = [];

    /// <summary>[features]: how often each occurs.</summary>
    public IReadOnlyList<int> Counts => _counts;

    public uint[] Keys()
    {
        var keys = new uint[_features.Count];
        foreach (var (key, feature) in _features) keys[feature] = key;
        return keys;
    }

    public void Add(FeatureRows rows, byte[] labels)
    {
        var places = new int[rows.Count][];
        for (var place = 0; place < places.Length; place++)
        {
            var keys = rows[place];
            var row = places[place] = new int[keys.Length];
            for (var at = 0; at < row.Length; at++) row[at] = Number(keys[at]);
        }
        Features.Add(places);
        Labels.Add(labels);
    }

    /// <summary>The sentences' numbers in an order that follows from the generator alone: one pass over them.</summary>
    public static void Shuffle(int[] order, ref SplitMix64 random)
    {
        for (var at = order.Length - 1; at > 0; at--)
        {
            var other = random.Below(at + 1);
            (order[at], order[other]) = (order[other], order[at]);
        }
    }

    private int Number(uint key)
    {
        ref var feature = ref CollectionsMarshal.GetValueRefOrAddDefault(_features, key, out var known);
        if (!known)
        {
            feature = _counts.Count;
            _counts.Add(0);
        }
        _counts[feature]++;
        return feature;
    }
}
