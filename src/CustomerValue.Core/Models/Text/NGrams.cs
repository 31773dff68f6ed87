using System.Runtime.InteropServices;

namespace CustomerValue.Models.Text;

/// <summary>What an n-gram weighs in a text that holds it tf times, before each kind of n-grams is brought to length 1.</summary>
public enum NGramWeight
{
    /// <summary>(1 + log tf) x idf, where idf = 1 + log((1 + texts) / (1 + texts that hold it)).</summary>
    TfIdf,

    /// <summary>1: it is there.</summary>
    Presence,
}

/// <summary>Texts as rows of weighted n-grams, exactly: no two share a column.</summary>
/// <param name="blocks">The kinds of n-grams, each with columns of its own.</param>
/// <param name="weight">What an n-gram weighs.</param>
internal sealed class NGrams(IReadOnlyList<NGramBlock> blocks, NGramWeight weight) : IEstimator<IReadOnlyList<string>, FittedNGrams>
{
    public FittedNGrams Fit(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0) throw new ArgumentException("N-grams are learned from texts; there are none.", nameof(texts));
        string[] prepared = [.. texts.Select(NGramUnits.Prepared)];
        var fitted = new List<FittedNGramBlock>();
        foreach (var block in blocks) fitted.Add(FittedNGramBlock.Of(prepared, block, weight, fitted.Sum(f => f.Columns)));
        return new(fitted);
    }
}

/// <summary>The n-grams that count, in the order in which training texts first held them.</summary>
internal sealed record FittedNGrams(IReadOnlyList<FittedNGramBlock> Blocks) : ITransform<IReadOnlyList<string>, SparseRows>
{
    /// <summary>Number of n-grams.</summary>
    public int Columns => Blocks.Sum(b => b.Columns);

    /// <summary>One row a text, of length 1; a text without any known n-gram is a row of 0.</summary>
    public SparseRows Transform(IReadOnlyList<string> texts)
    {
        var (starts, at, values) = (new int[texts.Count + 1], new List<int>(), new List<float>());
        var readers = Blocks.Select(b => new NGramReader(b)).ToList();
        var share = (float)(1 / Math.Sqrt(Blocks.Count));
        for (var row = 0; row < texts.Count; row++)
        {
            var prepared = NGramUnits.Prepared(texts[row]);
            foreach (var reader in readers) reader.Append(prepared, share, at, values);
            starts[row + 1] = at.Count;
        }
        return new(Columns, starts, [.. at], [.. values]);
    }
}

/// <summary>One kind of n-grams, learned.</summary>
/// <param name="Units">What they are made of.</param>
/// <param name="Block">Which they are.</param>
/// <param name="Places">N-gram, as a number, to its place in <paramref name="Idf"/>.</param>
/// <param name="Idf">[columns]: weight of each; 1 where only presence counts.</param>
/// <param name="Weight">What one weighs in a text.</param>
/// <param name="First">Its first column among those of all kinds.</param>
internal sealed record FittedNGramBlock(NGramUnits Units, NGramBlock Block, Dictionary<ulong, int> Places, float[] Idf, NGramWeight Weight, int First)
{
    public int Columns => Idf.Length;

    public static FittedNGramBlock Of(IReadOnlyList<string> prepared, NGramBlock block, NGramWeight weight, int first)
    {
        var units = NGramUnits.Of(prepared, block);
        var seen = new Dictionary<ulong, (int Texts, int Last)>();
        var text = new List<int>();
        for (var row = 0; row < prepared.Count; row++)
        {
            units.Read(prepared[row], text);
            foreach (var gram in new NGramRun(text, block, units.Bits))
            {
                ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, gram, out var known);
                if (!known || count.Last != row) count = (count.Texts + 1, row);
            }
        }
        var places = new Dictionary<ulong, int>();
        var idf = new List<float>();
        foreach (var (gram, (texts, _)) in seen)
        {
            if (texts < block.MinimumTexts) continue;
            places[gram] = places.Count;
            idf.Add(weight == NGramWeight.Presence ? 1 : (float)(1 + Math.Log((1.0 + prepared.Count) / (1.0 + texts))));
        }
        return new(units, block, places, [.. idf], weight, first);
    }
}

/// <summary>Reads texts into rows, with room of its own that is used again: one a thread.</summary>
internal sealed class NGramReader(FittedNGramBlock block)
{
    private readonly List<int> _units = [], _held = [];
    private readonly int[] _times = new int[block.Columns];

    /// <summary>Adds a text's n-grams to a row, together as long as <paramref name="share"/>.</summary>
    public void Append(string prepared, float share, List<int> at, List<float> values)
    {
        block.Units.Read(prepared, _units);
        foreach (var gram in new NGramRun(_units, block.Block, block.Units.Bits))
            if (block.Places.TryGetValue(gram, out var place) && _times[place]++ == 0) _held.Add(place);
        var (from, squares) = (values.Count, 0.0);
        foreach (var place in _held)
        {
            var value = block.Weight == NGramWeight.Presence ? 1 : (float)(1 + Math.Log(_times[place])) * block.Idf[place];
            at.Add(block.First + place);
            values.Add(value);
            squares += (double)value * value;
            _times[place] = 0;
        }
        _held.Clear();
        var scale = (float)(share / Math.Sqrt(squares));
        foreach (ref var value in CollectionsMarshal.AsSpan(values)[from..]) value *= scale;
    }
}

/// <summary>The n-grams of a row of units, as numbers; none reaches over a unit that isn't known. Units are above 0, so lengths differ where numbers do.</summary>
internal readonly struct NGramRun(List<int> units, NGramBlock block, int bits)
{
    public Enumerator GetEnumerator() => new(units, block.Least, block.Most, bits);

    public struct Enumerator(List<int> units, int least, int most, int bits)
    {
        private int _start = -1, _length = 0;
        private bool _broken = true;

        public ulong Current { get; private set; }

        public bool MoveNext()
        {
            while (true)
            {
                if (_broken || _length == most)
                {
                    if (++_start >= units.Count) return false;
                    (_length, Current, _broken) = (0, 0, false);
                }
                if (_start + _length >= units.Count || units[_start + _length] == 0)
                {
                    _broken = true;
                    continue;
                }
                Current = Current << bits | (uint)units[_start + _length++];
                if (_length >= least) return true;
            }
        }
    }
}
