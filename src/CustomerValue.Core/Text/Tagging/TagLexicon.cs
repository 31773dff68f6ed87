namespace CustomerValue.Text.Tagging;

/// <summary>How often each word of the training text had each tag. While training, the place in hand is taken out of the count,
/// so that a word seen once looks as unknown there as it will elsewhere.</summary>
internal sealed class TagLexicon
{
    private readonly Dictionary<uint, int> _rows = [];
    private readonly List<int[]> _counts = [];

    public TagLexicon(int tags) => Tags = tags;

    public int Tags { get; }

    public IEnumerable<(uint Word, int[] Counts)> Entries => _rows.OrderBy(r => r.Key).Select(r => (r.Key, _counts[r.Value]));

    public int Count => _rows.Count;

    public void Add(uint word, int tag, int times = 1)
    {
        if (!_rows.TryGetValue(word, out var row))
        {
            _rows[word] = row = _counts.Count;
            _counts.Add(new int[Tags]);
        }
        _counts[row][tag] += times;
    }

    /// <summary>How often the word was seen.</summary>
    /// <param name="word">Its key.</param>
    /// <param name="own">The tag of the place in hand, which doesn't count; -1 where there is none.</param>
    public int Frequency(uint word, int own = -1) => _rows.TryGetValue(word, out var row) ? _counts[row].Sum() - (own >= 0 ? 1 : 0) : 0;

    /// <summary>The word's commonest tag, from 1; 0 for a word never seen.</summary>
    public uint Commonest(uint word)
    {
        if (!_rows.TryGetValue(word, out var row)) return 0;
        var (counts, best) = (_counts[row], 0);
        for (var tag = 1; tag < counts.Length; tag++) if (counts[tag] > counts[best]) best = tag;
        return (uint)best + 1;
    }

    /// <summary>The word's three commonest tags, those of at least a twentieth of its places, commonest first, and roughly how often it was seen; 0 for a word never seen.</summary>
    /// <inheritdoc cref="Frequency"/>
    public uint Ambiguity(uint word, int own = -1)
    {
        if (!_rows.TryGetValue(word, out var row)) return 0;
        var counts = _counts[row];
        var total = own >= 0 ? -1 : 0;
        foreach (var count in counts) total += count;
        if (total < 1) return 0;
        var (tags, taken) = (0u, 0UL);
        for (var rank = 0; rank < 3; rank++)
        {
            var (best, most) = (-1, 0);
            for (var tag = 0; tag < counts.Length; tag++)
            {
                var count = counts[tag] - (tag == own ? 1 : 0);
                if (count > most && (taken >> tag & 1) == 0) (best, most) = (tag, count);
            }
            if (best < 0 || most * 20 < total) break;
            taken |= 1UL << best;
            tags = tags * 64 + (uint)best + 1;
        }
        return tags * 4 + (total == 1 ? 1u : total < 4 ? 2u : 3u);
    }
}
