namespace CustomerValue.Text.Tagging;

/// <summary>What the joint segmenter and tagger sees of each character: its neighbours, their kinds and usual places in words, and the known words that begin, end or run on here.</summary>
/// <remarks>After Ng and Low (2004). While learning, a word of the very sentence doesn't count as known unless it stands elsewhere too.</remarks>
internal sealed class CharacterFeatures(TagLexicon lexicon, CharacterPlaces places)
{
    private const int LongestWord = 8, Border = 3;

    private readonly record struct Known(uint Length, uint Shorter, uint Tag, uint Often);

    /// <summary>The features of a text without spaces.</summary>
    /// <param name="text">Folded (<see cref="WordFeatures.Folded"/>).</param>
    /// <param name="own">While learning from this very text: its words as (start, end), with their tags; otherwise null.</param>
    /// <param name="rows">Emptied, then filled.</param>
    public void Extract(string text, Dictionary<(int Start, int End), int>? own, FeatureRows rows)
    {
        rows.Clear();
        var (begins, ends, inside) = KnownWords(text, own);
        var kinds = new uint[text.Length + 2 * Border];
        var classes = new uint[kinds.Length];
        var chars = new uint[kinds.Length];
        Array.Fill(classes, 0xFFFFu);
        for (var at = 0; at < kinds.Length; at++)
        {
            var place = at - Border;
            if (place < 0 || place >= text.Length) (chars[at], kinds[at]) = (place < 0 ? 1u : 2u, 0);
            else (chars[at], kinds[at], classes[at]) = (text[place], Kind(text[place]), places.Class(text[place]));
        }
        for (var place = 0; place < text.Length; place++)
        {
            var at = place + Border;
            Characters(chars.AsSpan(at - 3, 7), rows);
            Kinds(kinds.AsSpan(at - 2, 5), chars[at], rows);
            Classes(classes.AsSpan(at - 1, 3), chars[at], rows);
            Words(begins, ends, inside[place], place, chars[at], rows);
            rows.Next();
        }
    }

    private static void Characters(ReadOnlySpan<uint> c, FeatureRows rows)
    {
        var (b3, b2, b1, x, a1, a2, a3) = (c[0], c[1], c[2], c[3], c[4], c[5], c[6]);
        rows.Add(0);
        rows.Add(x); rows.Add(b1); rows.Add(a1); rows.Add(b2); rows.Add(a2);
        rows.Add(b1, x); rows.Add(x, a1); rows.Add(b1, a1); rows.Add(b2, b1); rows.Add(a1, a2); rows.Add(b2, x); rows.Add(x, a2);
        rows.Add(b1, x, a1); rows.Add(b2, b1, x); rows.Add(x, a1, a2); rows.Add(b3, b2, b1); rows.Add(a1, a2, a3);
        rows.Add(b1, x, a1, a2); rows.Add(b2, b1, x, a1);
        rows.Add((x == b1 ? 1u : 0) + (x == a1 ? 2u : 0) + (x == b2 ? 4u : 0) + (x == a2 ? 8u : 0));
    }

    private static void Kinds(ReadOnlySpan<uint> k, uint x, FeatureRows rows)
    {
        rows.Add(k[2]); rows.Add(k[1], k[2]); rows.Add(k[2], k[3]); rows.Add(k[1], k[2], k[3]);
        rows.Add(k[0] * 16 + k[1], k[2], k[3], k[4]); rows.Add(x, k[1], k[3]);
    }

    private static void Classes(ReadOnlySpan<uint> k, uint x, FeatureRows rows)
    {
        rows.Add(k[1]); rows.Add(k[0]); rows.Add(k[2]); rows.Add(k[0], k[1]); rows.Add(k[1], k[2]); rows.Add(k[0], k[1], k[2]); rows.Add(x, k[2]); rows.Add(x, k[0]);
    }

    private static void Words(Known[] begins, Known[] ends, uint inside, int place, uint x, FeatureRows rows)
    {
        var (begin, end) = (begins[place], ends[place]);
        var next = place + 1 < begins.Length ? begins[place + 1] : default;
        var previous = place > 0 ? ends[place - 1] : default;
        rows.Add(begin.Length); rows.Add(end.Length); rows.Add(inside); rows.Add(begin.Length, end.Length, inside);
        rows.Add(begin.Length, x); rows.Add(end.Length, x); rows.Add(inside, x);
        rows.Add(begin.Tag, begin.Length); rows.Add(end.Tag, end.Length); rows.Add(begin.Length, begin.Often); rows.Add(end.Length, end.Often);
        rows.Add(next.Length); rows.Add(previous.Length); rows.Add(previous.Length, begin.Length); rows.Add(end.Length, next.Length);
        rows.Add(previous.Length, begin.Length, end.Length, next.Length);
        rows.Add(previous.Tag, begin.Tag); rows.Add(next.Tag, end.Tag); rows.Add(begin.Shorter, begin.Length); rows.Add(end.Shorter, end.Length); rows.Add(end.Tag, begin.Tag);
    }

    /// <summary>The longest known word that begins and that ends at each place, and the longest that runs through it.</summary>
    private (Known[] Begins, Known[] Ends, uint[] Inside) KnownWords(string text, Dictionary<(int Start, int End), int>? own)
    {
        var (begins, ends, inside) = (new Known[text.Length], new Known[text.Length], new uint[text.Length]);
        for (var start = 0; start < text.Length; start++)
            for (var length = 1; length <= LongestWord && start + length <= text.Length; length++)
            {
                var word = FeatureRows.Key(text.AsSpan(start, length));
                var seen = lexicon.Frequency(word);
                if (own is not null && own.ContainsKey((start, start + length))) seen--;
                if (seen <= 0) continue;
                var (tag, often) = (lexicon.Commonest(word), seen >= 10 ? 3u : seen >= 2 ? 2u : 1u);
                var last = start + length - 1;
                begins[start] = new((uint)length, begins[start].Length, tag, often);
                ends[last] = ends[last].Length == 0 ? new((uint)length, 0, tag, often)                          // starts run upward: the first word met is the longest
                    : ends[last] with { Shorter = Math.Max(ends[last].Shorter, (uint)length) };
                for (var at = start + 1; at < last; at++) inside[at] = Math.Max(inside[at], (uint)length);
            }
        return (begins, ends, inside);
    }

    private static uint Kind(char c) => c switch
    {
        >= '0' and <= '9' => 1,
        < '\x80' when char.IsAsciiLetter(c) => 2,
        '一' or '二' or '三' or '四' or '五' or '六' or '七' or '八' or '九' or '十' or '百' or '千' or '万' or '亿' or '零' or '两' => 3,
        '年' or '月' or '日' or '时' or '分' or '秒' => 4,
        >= '\u4E00' and <= '\u9FFF' => 5,
        _ when char.IsLetter(c) => 6,
        _ => 7,
    };
}
