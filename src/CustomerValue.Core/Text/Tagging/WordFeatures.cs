using System.Buffers;

namespace CustomerValue.Text.Tagging;

/// <summary>What a tagger sees of each word: the word and its neighbours, beginnings and endings, its shape, and the tags that it and its neighbours had in the training text.</summary>
/// <remarks>After Ratnaparkhi (1996) and Toutanova et al. (2003); for Chinese also the characters inside a word and the known words it begins or ends with.</remarks>
internal sealed class WordFeatures(TagLexicon lexicon, bool chinese)
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789");

    private static readonly (string Ending, string Restored)[] s_endings =
    [
        ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", ""), ("ly", ""), ("d", ""), ("'s", ""), ("ness", ""), ("er", "e"),
    ];

    private const int Border = 3;                          // places before the first and after the last word that a template may look at

    /// <summary>A word's key in the lexicon: small letters, half-width.</summary>
    public static uint Key(string word) => FeatureRows.Key(Folded(word));

    /// <summary>Small letters, and full-width forms as half-width ones.</summary>
    public static string Folded(string word)
    {
        var plain = true;
        foreach (var c in word) plain &= c < 0x7F ? !char.IsAsciiLetterUpper(c) : c is >= '\u4E00' and <= '\u9FFF';
        return plain ? word : string.Create(word.Length, word, static (to, from) =>
        {
            for (var at = 0; at < to.Length; at++) to[at] = char.ToLowerInvariant(Half(from[at]));
        });
    }

    public static char Half(char c) => c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c;

    /// <summary>The features of a sentence.</summary>
    /// <param name="words">Its words.</param>
    /// <param name="own">[words]: the tags, while learning from this very sentence; otherwise null.</param>
    /// <param name="rows">Emptied, then filled.</param>
    public void Extract(IReadOnlyList<string> words, int[]? own, FeatureRows rows)
    {
        rows.Clear();
        var known = new Word[words.Count + 2 * Border];
        for (var place = 0; place < known.Length; place++)
        {
            var at = place - Border;
            known[place] = at < 0 || at >= words.Count ? Outside(at < 0 ? at : at - words.Count + 100) : new(words[at], lexicon, own?[at] ?? -1);
        }
        var shouting = words.Count > 3 && words.All(w => !w.Any(char.IsLower));
        for (var place = Border; place < words.Count + Border; place++)
        {
            Shared(known.AsSpan(place - Border, 2 * Border + 1), rows);
            if (chinese) Chinese(known.AsSpan(place - Border, 2 * Border + 1), rows);
            else English(known.AsSpan(place - Border, 2 * Border + 1), place == Border, shouting, rows);
            rows.Next();
        }
    }

    private static Word Outside(int at) => new((uint)(at + 1000));

    private static void Shared(ReadOnlySpan<Word> w, FeatureRows rows)
    {
        var (b2, b1, x, a1, a2, a3) = (w[1], w[2], w[3], w[4], w[5], w[6]);
        rows.Add(0);
        rows.Add(x.Exact); rows.Add(x.Lower);
        rows.Add(b1.Lower); rows.Add(b2.Lower); rows.Add(a1.Lower); rows.Add(a2.Lower);
        rows.Add(b1.Lower, x.Lower); rows.Add(x.Lower, a1.Lower); rows.Add(b1.Lower, a1.Lower); rows.Add(b2.Lower, b1.Lower); rows.Add(a1.Lower, a2.Lower);
        rows.Add(x.Shape); rows.Add(b1.Shape); rows.Add(a1.Shape); rows.Add(x.Shape, b1.Shape); rows.Add(x.Shape, a1.Shape);

        rows.Add(x.Tags); rows.Add(b1.Tags); rows.Add(a1.Tags); rows.Add(a2.Tags); rows.Add(b2.Tags);
        rows.Add(b1.Tags, x.Tags); rows.Add(x.Tags, a1.Tags); rows.Add(b1.Tags, a1.Tags); rows.Add(a1.Tags, a2.Tags); rows.Add(b2.Tags, b1.Tags);
        rows.Add(b1.Tags, x.Tags, a1.Tags); rows.Add(x.Tags, a1.Tags, a2.Tags); rows.Add(b2.Tags, b1.Tags, x.Tags); rows.Add(a1.Tags, a2.Tags, a3.Tags);
        rows.Add(x.Lower, a1.Tags); rows.Add(x.Lower, b1.Tags);
        rows.Add(x.Lower, a1.Tags, a2.Tags); rows.Add(x.Lower, b1.Tags, a1.Tags); rows.Add(x.Lower, b2.Tags, b1.Tags);
        rows.Add(x.Shape, x.Tags); rows.Add(x.End2, b1.Tags); rows.Add(x.End2, a1.Tags); rows.Add(x.End3, b1.Tags, a1.Tags);
    }

    private void English(ReadOnlySpan<Word> w, bool first, bool shouting, FeatureRows rows)
    {
        var (b2, b1, x, a1, a2) = (w[1], w[2], w[3], w[4], w[5]);
        var text = x.Text!;
        for (var length = 1; length <= 4; length++) if (text.Length > length) rows.Add(FeatureRows.Key(text.AsSpan(0, length))); else rows.Skip();
        for (var length = 1; length <= 6; length++) if (text.Length > length) rows.Add(FeatureRows.Key(text.AsSpan(text.Length - length))); else rows.Skip();
        rows.Add(x.Shape, first ? 1u : 0); rows.Add(x.Shape, x.End3); rows.Add(x.Shape, shouting ? 1u : 0); rows.Add(x.Shape, x.End2);
        rows.Add(b1.End3, x.End3); rows.Add(x.End3, a1.End3);
        rows.Add(b1.End3); rows.Add(a1.End3); rows.Add(b1.End2); rows.Add(a1.End2); rows.Add(b2.End3); rows.Add(a2.End3);
        if (text.Contains('-')) rows.Add(1); else rows.Skip();
        if (text.AsSpan().ContainsAny(s_digits)) rows.Add(1); else rows.Skip();
        rows.Add(FeatureRows.Key(text.AsSpan(0, Math.Min(3, text.Length))), x.End3);
        var stem = Stem(text);
        rows.Add(stem); rows.Add(stem, x.Shape); rows.Add(stem, b1.Tags);
    }

    /// <summary>The ending that leaves a known word when taken off, with that word's commonest tag; 0 where none does.</summary>
    private uint Stem(string word)
    {
        Span<char> stem = stackalloc char[64];
        if (word.Length >= stem.Length) return 0;
        for (var at = 0; at < s_endings.Length; at++)
        {
            var (ending, restored) = s_endings[at];
            if (word.Length <= ending.Length + 2 || !word.EndsWith(ending, StringComparison.Ordinal)) continue;
            var length = word.Length - ending.Length;
            word.AsSpan(0, length).CopyTo(stem);
            restored.CopyTo(stem[length..]);
            if (lexicon.Commonest(FeatureRows.Key(stem[..(length + restored.Length)])) is > 0 and var tag) return (uint)at * 64 + tag;
        }
        return 0;
    }

    private void Chinese(ReadOnlySpan<Word> w, FeatureRows rows)
    {
        var (b2, b1, x, a1, a2) = (w[1], w[2], w[3], w[4], w[5]);
        var text = x.Text.AsSpan();
        for (var length = 1; length <= 3; length++)
        {
            if (text.Length > length) { rows.Add(FeatureRows.Key(text[..length])); rows.Add(FeatureRows.Key(text[^length..])); }
            else { rows.Skip(); rows.Skip(); }
        }
        var size = (uint)Math.Min(7, text.Length);
        rows.Add(x.First, x.Last); rows.Add(size); rows.Add(size, x.Last); rows.Add(size, x.First); rows.Add(x.First); rows.Add(x.Last);
        foreach (var c in text) rows.AddToBag(1, c);
        for (var at = 0; at + 1 < text.Length; at++) rows.AddToBag(2, FeatureRows.Key(text.Slice(at, 2)));
        rows.Add(b1.Shape, a1.Shape);
        rows.Add(b1.Last, x.Last); rows.Add(x.Last, a1.First); rows.Add(x.Last, a1.Last);
        rows.Add(b1.Last); rows.Add(b1.First); rows.Add(a1.First); rows.Add(a1.Last); rows.Add(b2.Last); rows.Add(a2.First);
        rows.Add(b1.Lower, x.Last); rows.Add(x.Last, a1.Lower);
        KnownParts(text, x.Tags, rows);
    }

    /// <summary>The longest known words, other than itself, that the word begins and ends with.</summary>
    private void KnownParts(ReadOnlySpan<char> word, uint tags, FeatureRows rows)
    {
        var (begin, beginLength, end, endLength) = (0u, 0u, 0u, 0u);
        for (var cut = 1; cut < word.Length; cut++)
        {
            if (end == 0 && lexicon.Commonest(FeatureRows.Key(word[cut..])) is > 0 and var e) (end, endLength) = (e, (uint)(word.Length - cut));
            if (begin == 0 && lexicon.Commonest(FeatureRows.Key(word[..^cut])) is > 0 and var b) (begin, beginLength) = (b, (uint)(word.Length - cut));
        }
        var rest = endLength > 0 ? lexicon.Commonest(FeatureRows.Key(word[..^(int)endLength])) : 0;
        rows.Add(end, endLength); rows.Add(begin, beginLength); rows.Add(end, begin); rows.Add(end, rest); rows.Add(end, endLength, tags);
    }

    /// <summary>A word, and the keys that templates put together.</summary>
    private readonly struct Word
    {
        public readonly string? Text;                      // folded
        public readonly uint Exact, Lower, Shape, Tags, End2, End3, First, Last;

        public Word(uint outside) => Exact = Lower = Shape = Tags = End2 = End3 = First = Last = outside;

        public Word(string word, TagLexicon lexicon, int own)
        {
            Text = Folded(word);
            Exact = FeatureRows.Key(word);
            Lower = FeatureRows.Key(Text);
            Shape = ShapeOf(word);
            Tags = lexicon.Ambiguity(Lower, own);
            End2 = FeatureRows.Key(Text.AsSpan(Math.Max(0, Text.Length - 2)));
            End3 = FeatureRows.Key(Text.AsSpan(Math.Max(0, Text.Length - 3)));
            (First, Last) = (Text[0], Text[^1]);
        }

        /// <summary>Kinds of characters (X x d, Chinese, others as they are), runs cut to two.</summary>
        private static uint ShapeOf(string word)
        {
            Span<char> shape = stackalloc char[32];
            var (length, run, last) = (0, 0, '\0');
            foreach (var c in word)
            {
                var kind = char.IsUpper(c) ? 'X' : char.IsLower(c) ? 'x' : char.IsDigit(c) ? 'd' : c is >= '\u2E80' and < '\uFF00' ? 'z' : Half(c);
                run = kind == last ? run + 1 : 1;
                last = kind;
                if (run <= 2 && length < shape.Length) shape[length++] = kind;
            }
            return FeatureRows.Key(shape[..length]);
        }
    }
}
