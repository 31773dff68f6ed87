using ICU4N.Globalization;
using ICU4N.Text;

namespace CustomerValue.Text;

/// <summary>What a word is made of.</summary>
public enum WordKind
{
    /// <summary>Letters with spaces between words: don't, e-mail, größer.</summary>
    Letters,

    /// <summary>Chinese (or Japanese) characters.</summary>
    Han,

    /// <summary>A number: 3, 3.5, 1,000.</summary>
    Number,

    /// <summary>An emoji, or a placeholder such as &lt;url&gt;.</summary>
    Sign,

    /// <summary>One mark of punctuation or another symbol.</summary>
    Mark,
}

/// <summary>A word's place in its text.</summary>
/// <param name="Start">Where it begins, in UTF-16 units.</param>
/// <param name="Length">How long it is, in UTF-16 units.</param>
/// <param name="Kind">What it is made of.</param>
public readonly record struct WordSpan(int Start, int Length, WordKind Kind)
{
    /// <summary>The word itself.</summary>
    public ReadOnlySpan<char> In(string text) => text.AsSpan(Start, Length);
}

/// <summary>Cuts text into words: Chinese by the dictionary of ICU's break iterator, all else by its letters, digits and marks.</summary>
/// <remarks>
/// Safe to share between threads. The dictionary knows everyday words (手机, 质量) and cuts unknown names into characters;
/// <see cref="Tagging.PartOfSpeechTagger.Segment"/> cuts finer and knows more, at a fortieth of the speed.
/// </remarks>
public static class WordSegmenter
{
    [ThreadStatic] private static BreakIterator? t_breaks;

    /// <summary>The words of <paramref name="text"/>, marks included, spaces left out.</summary>
    public static List<WordSpan> Segment(string text)
    {
        var words = new List<WordSpan>();
        Segment(text, words);
        return words;
    }

    /// <summary>The words as strings, without marks.</summary>
    public static List<string> Words(string text) => [.. Segment(text).Where(w => w.Kind != WordKind.Mark).Select(w => text.Substring(w.Start, w.Length))];

    /// <summary>Adds the words of <paramref name="text"/> to <paramref name="words"/>, which a loop over many texts clears and uses again.</summary>
    public static void Segment(string text, List<WordSpan> words)
    {
        BreakIterator? breaks = null;                      // set to the text at its first Chinese character
        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            var start = at;
            if (c == ' ' || char.IsWhiteSpace(c)) at++;
            else if (IsHan(c))
            {
                at = HanEnd(text, at);
                if (at - start == 1) words.Add(new(start, 1, WordKind.Han));
                else
                {
                    if (breaks is null) (breaks = t_breaks ??= Open()).SetText(text);
                    Cut(breaks, start, at, words);
                }
            }
            else if (char.IsAsciiDigit(c) || char.IsDigit(c)) words.Add(new(start, (at = NumberEnd(text, at)) - start, WordKind.Number));
            else if (char.IsLetter(c)) words.Add(new(start, (at = WordEnd(text, at)) - start, WordKind.Letters));
            else if (c == '<' && PlaceholderEnd(text, at) is > 0 and var end) words.Add(new(start, (at = end) - start, WordKind.Sign));
            else at += Sign(text, at, words);
        }
    }

    private static BreakIterator Open()
    {
        try
        {
            return BreakIterator.GetWordInstance(new UCultureInfo("zh"));
        }
        catch (TypeInitializationException error)
        {
            throw new InvalidOperationException(
                "ICU's dictionary of Chinese words can't be opened: the program runs without cultures (InvariantGlobalization) and refuses their names. " +
                "Set PredefinedCulturesOnly to false in its project; Directory.Build.props does so for all projects under it.", error);
        }
    }

    /// <summary>Whether a character is of a script that writes words without spaces between them: Chinese, and Japanese.</summary>
    public static bool IsHan(char c) => c is >= '\u4E00' and <= '\u9FFF' or >= '\u3400' and <= '\u4DBF' or >= '\u3040' and <= '\u30FF' or '\u3005' or '\u3007';

    private static int HanEnd(string text, int at)
    {
        while (at < text.Length && IsHan(text[at])) at++;
        return at;
    }

    private static void Cut(BreakIterator breaks, int start, int end, List<WordSpan> words)
    {
        for (var from = start; from < end;)
        {
            var to = breaks.Following(from);
            if (to == BreakIterator.Done || to > end) to = end;
            words.Add(new(from, to - from, WordKind.Han));
            from = to;
        }
    }

    /// <summary>Letters, and an apostrophe or hyphen between two of them.</summary>
    private static int WordEnd(string text, int at)
    {
        while (at < text.Length)
        {
            var c = text[at];
            if (char.IsAsciiLetterOrDigit(c) || (c >= 0x80 && char.IsLetterOrDigit(c) && !IsHan(c)) || c == '_') at++;
            else if (c is '\'' or '\u2019' or '-' && at + 1 < text.Length && char.IsLetter(text[at + 1]) && !IsHan(text[at + 1])) at++;
            else break;
        }
        return at;
    }

    /// <summary>Digits, a separator between two of them, and letters stuck to them (5g, 2nd).</summary>
    private static int NumberEnd(string text, int at)
    {
        while (at < text.Length)
        {
            if (char.IsDigit(text[at]) || char.IsAsciiLetter(text[at])) at++;
            else if (text[at] is '.' or ',' or ':' or '/' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])) at++;
            else break;
        }
        return at;
    }

    /// <summary>Where a placeholder such as &lt;url&gt; ends; 0 where there is none.</summary>
    private static int PlaceholderEnd(string text, int at)
    {
        var end = at + 1;
        while (end < text.Length && end - at < 16 && char.IsAsciiLetterLower(text[end])) end++;
        return end > at + 1 && end < text.Length && text[end] == '>' ? end + 1 : 0;
    }

    private static int Sign(string text, int at, List<WordSpan> words)
    {
        var pair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
        var point = pair ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at];
        var kind = EmojiSigns.IsEmoji(point) ? WordKind.Sign : pair && point is >= 0x20000 and <= 0x3FFFF ? WordKind.Han : WordKind.Mark;
        words.Add(new(at, pair ? 2 : 1, kind));
        return pair ? 2 : 1;
    }
}
