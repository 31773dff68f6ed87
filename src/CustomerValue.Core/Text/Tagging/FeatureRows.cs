using System.Numerics;

namespace CustomerValue.Text.Tagging;

/// <summary>Keys of the features at each place of a sentence, in one growing array that is used again for the next sentence.</summary>
internal sealed class FeatureRows
{
    private uint[] _keys = new uint[1024];
    private readonly List<int> _ends = [];
    private int _count;
    private uint _template;

    /// <summary>Places so far.</summary>
    public int Count => _ends.Count;

    public ReadOnlySpan<uint> this[int place]
    {
        get
        {
            var start = place == 0 ? 0 : _ends[place - 1];
            return _keys.AsSpan(start, _ends[place] - start);
        }
    }

    public void Clear()
    {
        _ends.Clear();
        (_count, _template) = (0, 0);
    }

    /// <summary>Closes the place: what is added from now on belongs to the next one.</summary>
    public void Next()
    {
        _ends.Add(_count);
        _template = 0;
    }

    /// <summary>The next template doesn't apply here.</summary>
    public void Skip() => _template++;

    /// <summary>A feature of the next template.</summary>
    public void Add(uint a) => Put(Mixed(++_template, a));

    /// <inheritdoc cref="Add(uint)"/>
    public void Add(uint a, uint b) => Put(Mixed(Mixed(++_template, a), b));

    /// <inheritdoc cref="Add(uint)"/>
    public void Add(uint a, uint b, uint c) => Put(Mixed(Mixed(Mixed(++_template, a), b), c));

    /// <inheritdoc cref="Add(uint)"/>
    public void Add(uint a, uint b, uint c, uint d) => Put(Mixed(Mixed(Mixed(Mixed(++_template, a), b), c), d));

    /// <summary>One of any number of features of a bag that stands apart from the templates.</summary>
    public void AddToBag(uint bag, uint a) => Put(Mixed(0xB0000000u + bag, a));

    /// <summary>A key for a stretch of characters.</summary>
    public static uint Key(ReadOnlySpan<char> text)
    {
        var key = 0x811C9DC5u + (uint)text.Length;
        foreach (var c in text) key = (key ^ c) * 0x01000193u;
        return Mixed(key, 0x5BD1E995u);
    }

    private void Put(uint key)
    {
        if (_count == _keys.Length) Array.Resize(ref _keys, _count * 2);
        _keys[_count++] = key;
    }

    // Murmur3's mixing of 32-bit words (Appleby, public domain).
    private static uint Mixed(uint hash, uint word)
    {
        word = BitOperations.RotateLeft(word * 0xCC9E2D51u, 15) * 0x1B873593u;
        hash = BitOperations.RotateLeft(hash ^ word, 13) * 5 + 0xE6546B64u;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        return hash ^ (hash >> 13);
    }
}
