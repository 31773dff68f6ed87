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

    /// <summary>Goes over the sentences several times, each time in an order that follows from the generator alone.</summary>
    /// <param name="epochs">How many times.</param>
    /// <param name="random">Draws the orders; what learns may draw from it in between.</param>
    /// <param name="stage">What to call the work in reports.</param>
    /// <param name="progress">Told the sentences done.</param>
    /// <param name="learn">Takes a sentence's number, how many came before it, and how many there are in all passes.</param>
    /// <param name="cancellation">Looked at before each sentence.</param>
    public void Pass(int epochs, ref SplitMix64 random, string stage, IProgress<StageProgress>? progress, Action<int, long, long> learn, CancellationToken cancellation)
    {
        var order = Enumerable.Range(0, Features.Count).ToArray();
        var (step, total) = (0L, (long)epochs * order.Length);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            for (var at = order.Length - 1; at > 0; at--)
            {
                var other = random.Below(at + 1);
                (order[at], order[other]) = (order[other], order[at]);
            }
            foreach (var sentence in order)
            {
                cancellation.ThrowIfCancellationRequested();
                if (step % 250 == 0) progress?.Report(new(stage, step, total, "sentences"));
                learn(sentence, step++, total);
            }
        }
        progress?.Report(new(stage, total, total, "sentences"));
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
