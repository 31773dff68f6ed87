using CustomerValue.Text;

namespace CustomerValue.Torch.Training;

/// <summary>How texts are laid into rows.</summary>
public enum RowLayout
{
    /// <summary>One text a row, rows of one length together.</summary>
    Single,

    /// <summary>Texts one after another, parted by [SEP], cut into rows of one length: no padding at all, and longer context.</summary>
    Packed,
}

/// <summary>Rows of tokens, as a model reads them, with the begin of each word; the last row of a packed epoch may be shorter.</summary>
/// <remarks>An epoch's rows follow from the seed and its number alone, so a resumed run sees the same ones.</remarks>
internal sealed class TokenRows(IReadOnlyList<WordTokens> texts, SpecialTokens special, RowLayout layout, int maxTokens, int tokensPerBatch, int seed)
{
    private readonly LengthBuckets? _buckets = layout == RowLayout.Single
        ? new([.. texts.Select(t => Math.Min(t.Count + Around(special), maxTokens))], tokensPerBatch, seed) : null;
    private (int Number, IReadOnlyList<IReadOnlyList<WordTokens>> Batches)? _epoch;

    /// <summary>Batches of an epoch.</summary>
    public int Count => _buckets?.Count ?? Epoch(0).Count;

    /// <summary>The batches of an epoch: of each, its rows.</summary>
    public IReadOnlyList<IReadOnlyList<WordTokens>> Epoch(int epoch)
    {
        if (_epoch is { } known && known.Number == epoch) return known.Batches;
        IReadOnlyList<IReadOnlyList<WordTokens>> batches = _buckets is not null
            ? [.. _buckets.Epoch(epoch).Select(batch => (IReadOnlyList<WordTokens>)[.. batch.Select(text => Row(texts[text]))])] : Packed(epoch);
        _epoch = (epoch, batches);
        return batches;
    }

    private static int Around(SpecialTokens special) => (special.Start is null ? 0 : 1) + (special.End is null ? 0 : 1);

    private WordTokens Row(WordTokens text)
    {
        var kept = Math.Min(text.Count, maxTokens - Around(special));
        var row = new RowWriter(kept + Around(special));
        if (special.Start is { } start) row.Add(start);
        row.Add(text, 0, kept);
        if (special.End is { } end) row.Add(end);
        return row.Row();
    }

    // Every row begins with [CLS], as texts will when the model is used; a text that doesn't fit goes on in the next row.
    private List<IReadOnlyList<WordTokens>> Packed(int epoch)
    {
        var order = Enumerable.Range(0, texts.Count).ToArray();
        Shuffle.InPlace(order, SplitMix64.Stream(seed, 2L * epoch));
        var rows = new List<WordTokens>();
        var row = new RowWriter(maxTokens);
        foreach (var text in order)
            for (int from = 0, to = 0; from <= texts[text].Count; from = to)
            {
                if (row.IsEmpty && special.Start is { } start) row.Add(start);
                to = from + Math.Min(texts[text].Count - from, row.Left);
                row.Add(texts[text], from, to - from);
                if (to == texts[text].Count && row.Left > 0)
                {
                    if (special.End is { } end) row.Add(end);
                    to++;                                   // the text and its end are written
                }
                if (row.Left > 0) continue;
                rows.Add(row.Row());
                row = new(maxTokens);
            }
        if (!row.IsEmpty && row.Count > 2) rows.Add(row.Row());
        Shuffle.InPlace(rows, SplitMix64.Stream(seed, 2L * epoch + 1));
        return [.. rows.Chunk(Math.Max(1, tokensPerBatch / maxTokens))];
    }

    private sealed class RowWriter(int length)
    {
        private readonly int[] _ids = new int[length];
        private readonly bool[] _starts = new bool[length];

        public int Count { get; private set; }

        public bool IsEmpty => Count == 0;

        public int Left => length - Count;

        public void Add(int special)
        {
            (_ids[Count], _starts[Count]) = (special, true);
            Count++;
        }

        public void Add(WordTokens text, int from, int count)
        {
            Array.Copy(text.Ids, from, _ids, Count, count);
            Array.Copy(text.Starts, from, _starts, Count, count);
            Count += count;
        }

        public WordTokens Row() => Count == length ? new(_ids, _starts) : new(_ids[..Count], _starts[..Count]);
    }
}
