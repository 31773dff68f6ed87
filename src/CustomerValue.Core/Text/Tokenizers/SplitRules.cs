using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CustomerValue.Text.Tokenizers;

/// <summary>A step that splits a text into words before byte-pair encoding.</summary>
/// <param name="Pattern">What is split off; null: the text stays whole.</param>
/// <param name="AddSpace">A space is put before a text that doesn't begin with one.</param>
/// <param name="KeepsGaps">What lies between the pattern's matches is kept, as words of their own.</param>
internal sealed record SplitRule(Regex? Pattern, bool AddSpace = false, bool KeepsGaps = true);

/// <summary>The expressions that published vocabularies split by, and how any other is made.</summary>
internal static partial class SplitRules
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    /// <summary>GPT-2's, which "ByteLevel" with use_regex means.</summary>
    public static Regex Gpt2 => Gpt2Regex();

    /// <summary>Qwen2's and Qwen3's.</summary>
    public static Regex Qwen => QwenRegex();

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2Regex();

    [GeneratedRegex(@"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex QwenRegex();

    [GeneratedRegex(@"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex LlamaRegex();

    /// <summary>An expression from a file; the well-known ones come compiled.</summary>
    /// <exception cref="ArgumentException">It isn't an expression that can be read here.</exception>
    public static Regex Of(string pattern) =>
        new[] { Gpt2Regex(), QwenRegex(), LlamaRegex() }.FirstOrDefault(r => r.ToString() == pattern)
        ?? new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Compiled, s_longest);

    /// <summary>Calls <paramref name="onWord"/> with each word of the text, after all rules in turn.</summary>
    public static void Words(ReadOnlySpan<char> text, ReadOnlySpan<SplitRule> rules, BertText.OnWord onWord)
    {
        if (text.IsEmpty) return;
        if (rules.IsEmpty)
        {
            onWord(text);
            return;
        }
        var rule = rules[0];
        if (rule.AddSpace && text[0] != ' ') text = string.Concat(" ", text);
        if (rule.Pattern is null)
        {
            Words(text, rules[1..], onWord);
            return;
        }
        var wide = text.IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;
        int[]? places = null;
        var seen = wide ? OneUnitEach(text, out places) : text;
        var done = 0;
        foreach (var match in rule.Pattern.EnumerateMatches(seen))
        {
            if (match.Length == 0) continue;
            var (from, to) = (match.Index, match.Index + match.Length);
            if (places is not null) (from, to) = (places[from], places[to]);
            if (from > done && rule.KeepsGaps) Words(text[done..from], rules[1..], onWord);
            Words(text[from..to], rules[1..], onWord);
            done = to;
        }
        if (done < text.Length && rule.KeepsGaps) Words(text[done..], rules[1..], onWord);
    }

    /// <summary>Characters beyond the basic plane are two units each, which expressions would look at one by one, as neither letters nor digits:
    /// each gets one stand-in of its category. Gives the place of every stand-in in the text, and the text's end.</summary>
    private static char[] OneUnitEach(ReadOnlySpan<char> text, out int[] places)
    {
        var (seen, at) = (new List<char>(text.Length), 0);
        var starts = new List<int>(text.Length + 1);
        while (at < text.Length)
        {
            starts.Add(at);
            if (Rune.DecodeFromUtf16(text[at..], out var rune, out var width) != OperationStatus.Done) rune = Rune.ReplacementChar;
            seen.Add(width == 2 ? StandIn(rune) : text[at]);
            at += width;
        }
        places = [.. starts, text.Length];
        return [.. seen];
    }

    private static char StandIn(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter => '\u13A0',
        UnicodeCategory.LowercaseLetter => '\uAB70',
        UnicodeCategory.ModifierLetter => '\u02B0',
        UnicodeCategory.OtherLetter => BertText.IsChinese(rune.Value) ? '\u9FA5' : '\u1401',
        UnicodeCategory.NonSpacingMark => '\u0300',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.DecimalDigitNumber => '\u0660',
        UnicodeCategory.LetterNumber => '\u16EE',
        UnicodeCategory.OtherNumber => '\u00B2',
        UnicodeCategory.OtherPunctuation => '\u2016',
        UnicodeCategory.DashPunctuation => '\u2010',
        UnicodeCategory.MathSymbol => '\u2200',
        UnicodeCategory.CurrencySymbol => '\u20AC',
        UnicodeCategory.ModifierSymbol => '\u02C2',
        UnicodeCategory.Format => '\u200B',
        UnicodeCategory.PrivateUse => '\uE000',
        UnicodeCategory.OtherNotAssigned => '\u0378',
        _ => '\u2100',
    };
}
