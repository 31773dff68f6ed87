using System.Collections.Frozen;

namespace CustomerValue.Text;

/// <summary>Tells a text's language from its script, and English from other languages in Latin letters by the small words that every sentence has.</summary>
/// <remarks>Made for short texts: one brand name or model number doesn't make a Chinese text mixed. Latin texts without a tell-tale word pass for English.</remarks>
public static class LanguageDetector
{
    private const double HanPerWord = 1.5;                 // Chinese characters in a word, on average
    private const int LeastWords = 2;                      // fewer words of a second language are names

    private static readonly FrozenSet<string> s_english = Words(
        "the and is it in to of this that was for with my i not so but on very are have you as be they too love great good would size these were at all just");

    private static readonly FrozenSet<string> s_foreign = Words(
        "der die das und ist nicht ich ein eine mit auf für sehr den dem es sie wir von zu aber auch sich war le la les et est un une des du que pour pas très avec je il elle ce dans " +
        "sur mais el los las y es de en por con muy para una lo pero como más il di che è per non sono molto della questo o os e não com uma muito do da em het een van ik niet zeer");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_isEnglish = s_english.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_isForeign = s_foreign.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The language of <paramref name="text"/>.</summary>
    public static TextLanguage Of(ReadOnlySpan<char> text)
    {
        var counts = Count(text);
        var (han, latin, other) = (counts.Han / HanPerWord, (double)counts.Latin, (double)counts.Other);
        if (han + latin == 0 || other > han + latin || counts.Kana * 5 > counts.Han) return TextLanguage.Other;
        if (IsMixed(han, latin)) return counts.IsForeign ? TextLanguage.Other : TextLanguage.Mixed;
        if (han >= latin || han >= LeastWords && latin < LeastWords) return TextLanguage.Chinese;
        return counts.IsForeign ? TextLanguage.Other : TextLanguage.English;
    }

    private static bool IsMixed(double han, double latin) => Math.Min(han, latin) is var less && less >= LeastWords && less >= 0.2 * (han + latin);

    private static ScriptCounts Count(ReadOnlySpan<char> text)
    {
        var counts = new ScriptCounts();
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c is >= '\u4E00' and <= '\u9FFF' or >= '\u3400' and <= '\u4DBF') counts.Han++;
            else if (IsLatin(c))
            {
                var start = at;
                while (at + 1 < text.Length && IsLatin(text[at + 1])) at++;
                counts.Add(text[start..(at + 1)], isTag: start > 0 && text[start - 1] == '<' && at + 1 < text.Length && text[at + 1] == '>');
            }
            else if (c < '\u0370') continue;
            else if (c is >= '\u3040' and <= '\u30FF' && c is not '\u30FB' and not '\u30FC') counts.Kana++;
            else if (char.IsLetter(c))
            {
                while (at + 1 < text.Length && char.IsLetter(text[at + 1]) && text[at + 1] is < '\u3040' or > '\u9FFF') at++;
                counts.Other++;
            }
        }
        return counts;
    }

    private static bool IsLatin(char c) => char.IsAsciiLetter(c) || (c is >= '\u00C0' and <= '\u024F' && c is not '×' and not '÷') || c is >= '\uFF21' and <= '\uFF3A' or >= '\uFF41' and <= '\uFF5A';

    private static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private struct ScriptCounts
    {
        private int _english, _foreign, _accented;

        public int Han, Latin, Kana, Other;

        /// <summary>More small words of other languages than English ones, and enough of them.</summary>
        public readonly bool IsForeign => _foreign + _accented > _english && (_foreign >= 2 || _foreign + _accented >= 3);

        public void Add(ReadOnlySpan<char> word, bool isTag)
        {
            if (isTag) return;                             // <url> and the like
            Latin++;
            if (word.Length > 5)
            {
                if (word.ContainsAnyInRange('\u00C0', '\u024F')) _accented++;
                return;
            }
            if (s_isEnglish.Contains(word)) _english++;
            else if (s_isForeign.Contains(word)) _foreign++;
            else if (word.ContainsAnyInRange('\u00C0', '\u024F')) _accented++;
        }
    }
}
