namespace CustomerValue.Text.Tagging;

/// <summary>Where in a word a character was seen: alone, at its beginning, inside, or at its end.</summary>
internal sealed class CharacterPlaces
{
    private readonly Dictionary<char, int[]> _counts = [];

    public IEnumerable<(char Character, int[] Counts)> Entries => _counts.OrderBy(c => c.Key).Select(c => (c.Key, c.Value));

    public int Count => _counts.Count;

    public void Add(string word)
    {
        for (var at = 0; at < word.Length; at++) Add(word[at], word.Length == 1 ? 3 : at == 0 ? 0 : at == word.Length - 1 ? 2 : 1, 1);
    }

    public void Add(char character, int place, int times)
    {
        if (!_counts.TryGetValue(character, out var counts)) _counts[character] = counts = new int[4];
        counts[place] += times;
    }

    /// <summary>The four shares in fifths as one key; 0 for a character never seen, 1 for one seen once or twice.</summary>
    public uint Class(char character)
    {
        if (!_counts.TryGetValue(character, out var counts)) return 0;
        var total = counts.Sum();
        if (total < 3) return 1;
        var key = 2u;
        foreach (var count in counts) key = key * 5 + (uint)(4.999 * count / total);
        return key;
    }
}
