using System.Globalization;
using System.Text;
using ICU4N.Text;

namespace CustomerValue.Text.Tokenizers;

/// <summary>How BERT reads a text before its words are looked up: cleaned, lower-cased, accents off, split into words.</summary>
/// <param name="LowerCase">Capital letters become small ones.</param>
/// <param name="StripAccents">Marks over and under letters are taken off; null: as <paramref name="LowerCase"/> says.</param>
/// <param name="ChineseCharacters">Each Chinese character is a word of its own; otherwise they join what stands beside them, and pieces of several characters can be learned.</param>
/// <remarks>Devlin et al. (2019), and the normaliser and pre-tokeniser named "Bert" in tokenizer.json. Decompositions are ICU's,
/// since the runtime's own change nothing without a culture's data.</remarks>
public sealed record BertTextOptions(bool LowerCase = true, bool? StripAccents = null, bool ChineseCharacters = true)
{
    internal bool Strips => StripAccents ?? LowerCase;
}

/// <summary>Splits texts into BERT's words. Immutable; safe to share between threads.</summary>
internal sealed class BertText(BertTextOptions options)
{
    [Flags]
    private enum Kind : byte { Plain = 0, Dropped = 1, Space = 2, Punctuation = 4, Chinese = 8, Decomposes = 16, Mark = 32, Surrogate = 64 }

    /// <summary>A word; the span lives until the call returns.</summary>
    internal delegate void OnWord(ReadOnlySpan<char> word);

    // One look-up a character for the whole of the basic plane: categories, and the small letter.
    private static readonly Kind[] s_kinds = Kinds();
    private static readonly char[] s_lower = Lower();

    private readonly bool _lower = options.LowerCase, _strips = options.Strips, _apart = options.ChineseCharacters;

    /// <summary>Calls <paramref name="onWord"/> with each word of the text, in order.</summary>
    public void Words(ReadOnlySpan<char> text, OnWord onWord)
    {
        // A capital I with a dot becomes two characters; nothing else grows but what is decomposed, and that is measured after.
        var size = 2 * text.Length;
        var buffer = size <= 512 ? null : System.Buffers.ArrayPool<char>.Shared.Rent(size);
        Span<char> clean = buffer ?? stackalloc char[512];
        var length = Clean(text, clean, out var decomposes);
        if (decomposes && _strips) Split(Stripped(clean[..length]), onWord);
        else Split(clean[..length], onWord);
        if (buffer is not null) System.Buffers.ArrayPool<char>.Shared.Return(buffer);
    }

    private int Clean(ReadOnlySpan<char> text, Span<char> into, out bool decomposes)
    {
        var (length, seen) = (0, Kind.Plain);
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            var kind = s_kinds[c];
            if ((kind & (Kind.Dropped | Kind.Space | Kind.Surrogate)) == 0)
            {
                seen |= kind;
                if (_lower && c == 'İ' && !_strips) (into[length++], c) = ('i', '\u0307');
                into[length++] = _lower ? s_lower[c] : c;
            }
            else if (kind == Kind.Space) into[length++] = ' ';
            else if (kind == Kind.Surrogate && Rune.TryCreate(c, at + 1 < text.Length ? text[at + 1] : '\0', out var rune))
            {
                at++;
                var wide = KindOf(rune);
                if ((wide & Kind.Dropped) != 0) continue;
                seen |= wide;
                length += (_lower ? Rune.ToLowerInvariant(rune) : rune).EncodeToUtf16(into[length..]);
            }
        }
        decomposes = (seen & (Kind.Decomposes | Kind.Mark)) != 0;
        return length;
    }

    /// <summary>Canonically decomposed, marks left out. Lower-cased once more: some capitals show only when decomposed.</summary>
    private string Stripped(ReadOnlySpan<char> clean)
    {
        var kept = new StringBuilder(clean.Length + 16);
        foreach (var rune in Normalizer2.NFDInstance.Normalize(clean).EnumerateRunes())
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
                kept.Append(_lower ? Rune.ToLowerInvariant(rune) : rune);
        return kept.ToString();
    }

    private void Split(ReadOnlySpan<char> text, OnWord onWord)
    {
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            var (kind, width) = (s_kinds[text[at]], 1);
            if ((kind & Kind.Surrogate) != 0) (kind, width) = (KindOf(new Rune(text[at], text[at + 1])), 2);
            var alone = (kind & Kind.Punctuation) != 0 || _apart && (kind & Kind.Chinese) != 0;
            if (alone || kind == Kind.Space)
            {
                if (at > start) onWord(text[start..at]);
                if (alone) onWord(text.Slice(at, width));
                start = at + width;
            }
            at += width;
        }
        if (start < text.Length) onWord(text[start..]);
    }

    private static Kind KindOf(Rune rune)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (rune.Value is '\t' or '\n' or '\r') return Kind.Space;
        var kind = category switch
        {
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => Kind.Dropped,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Kind.Space,
            UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation or
            UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation => Kind.Punctuation,
            UnicodeCategory.NonSpacingMark => Kind.Mark,
            _ => IsChinese(rune.Value) ? Kind.Chinese : Kind.Plain,
        };
        if (rune.Value == 0xFFFD) return Kind.Dropped;
        if (rune.Value is >= 33 and <= 47 or >= 58 and <= 64 or >= 91 and <= 96 or >= 123 and <= 126) return Kind.Punctuation;
        return kind is not (Kind.Dropped or Kind.Space) && Decomposes(rune.Value) ? kind | Kind.Decomposes : kind;
    }

    /// <summary>Asks ICU but where the answer is known: below À nothing does, ideographs and Yi don't, Hangul syllables do.</summary>
    private static bool Decomposes(int codePoint) => codePoint switch
    {
        < 0xC0 or >= 0x3400 and < 0xAC00 => false,
        <= 0xD7A3 and >= 0xAC00 => true,
        _ => Normalizer2.NFDInstance.GetDecomposition(codePoint) is not null,
    };

    /// <summary>The blocks of ideographs that BERT sets apart; kana and Hangul aren't among them.</summary>
    internal static bool IsChinese(int codePoint) => codePoint is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0x20000 and <= 0x2A6DF
        or >= 0x2A700 and <= 0x2B73F or >= 0x2B740 and <= 0x2B81F or >= 0x2B820 and <= 0x2CEAF or >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F;

    private static Kind[] Kinds() => [.. Enumerable.Range(0, 0x10000).Select(c => char.IsSurrogate((char)c) ? Kind.Surrogate : KindOf(new Rune(c)))];

    private static char[] Lower() => [.. Enumerable.Range(0, 0x10000).Select(c => char.ToLowerInvariant((char)c))];
}
