namespace CustomerValue.Torch.Training;

/// <summary>Batches of texts of one length, or nearly so: almost nothing is padding, and most batches need no mask.</summary>
/// <remarks>Texts are sorted by length, the order within a length drawn anew each epoch, and cut into batches under a token budget; then the
/// batches are shuffled. So every epoch has the same number of batches, and an epoch's batches follow from the seed and its number alone.</remarks>
/// <param name="lengths">[texts]: tokens of each text.</param>
/// <param name="tokensPerBatch">Most tokens of a batch, padding included; a longer text makes a batch of its own.</param>
/// <param name="seed">Seed of both orders.</param>
/// <param name="maxRows">Most texts of a batch.</param>
public sealed class LengthBuckets(IReadOnlyList<int> lengths, int tokensPerBatch, int seed, int maxRows = int.MaxValue)
{
    private readonly int[] _lengths = [.. lengths];

    /// <summary>Batches of an epoch.</summary>
    public int Count => field == 0 && _lengths.Length > 0 ? field = Cut(Sorted(0)).Count : field;

    /// <summary>The batches of an epoch, each a list of text numbers; every text stands in exactly one.</summary>
    public IReadOnlyList<int[]> Epoch(int epoch)
    {
        var batches = Cut(Sorted(epoch));
        Shuffle.InPlace(batches, SplitMix64.Stream(seed, 2L * epoch + 1));
        return batches;
    }

    private int[] Sorted(int epoch)
    {
        var order = Enumerable.Range(0, _lengths.Length).ToArray();
        Shuffle.InPlace(order, SplitMix64.Stream(seed, 2L * epoch));
        return [.. order.OrderBy(text => _lengths[text])];      // a stable sort: the drawn order stays within a length
    }

    private List<int[]> Cut(int[] sorted)
    {
        var batches = new List<int[]>();
        for (int from = 0, to = 0; from < sorted.Length; from = to)
        {
            // Sorted upwards: the text added last is the longest, and so the batch's width.
            for (to = from + 1; to < sorted.Length && to - from < maxRows && (long)(to - from + 1) * _lengths[sorted[to]] <= tokensPerBatch; to++) { }
            batches.Add(sorted[from..to]);
        }
        return batches;
    }
}
