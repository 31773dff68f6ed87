using System.Text;

namespace CustomerValue.Text.Tagging;

/// <summary>Cuts English text as UD English-EWT does: punctuation apart, do + n't, it + 's, can + not.</summary>
internal static class EnglishWords
{
    private static readonly string[] s_clitics = ["n't", "'s", "'m", "'re", "'ve", "'ll", "'d"];

    public static List<string> Of(string text)
    {
        var words = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at])) { at++; continue; }
            var end = at;
            while (end < text.Length && InWord(text, end)) end++;
            if (end == at) end += Rune.TryGetRuneAt(text, at, out var rune) ? Alike(text, at, rune) : 1;
            Split(text[at..end], words);
            at = end;
        }
        return words;
    }

    /// <summary>Letters and digits, and what joins them: don't, 3.5, 1,000, e-mail's apostrophes.</summary>
    private static bool InWord(string text, int at)
    {
        var c = text[at];
        if (char.IsLetterOrDigit(c)) return true;
        if (at == 0 || at + 1 >= text.Length || !char.IsLetterOrDigit(text[at - 1]) || !char.IsLetterOrDigit(text[at + 1])) return false;
        return c is '\'' or '\u2019' or '@' or '_' || (c is '.' or ',' or ':' && char.IsDigit(text[at - 1]) && char.IsDigit(text[at + 1]));
    }

    /// <summary>Characters of a run of one mark, such as "..." or "!!".</summary>
    private static int Alike(string text, int at, Rune rune)
    {
        var length = rune.Utf16SequenceLength;
        if (length > 1) return length;
        while (at + length < text.Length && text[at + length] == text[at]) length++;
        return length;
    }

    private static void Split(string word, List<string> words)
    {
        var plain = word.Replace('\u2019', '\'');
        foreach (var clitic in s_clitics)
            if (plain.Length > clitic.Length && plain.EndsWith(clitic, StringComparison.OrdinalIgnoreCase))
            {
                words.Add(word[..^clitic.Length]);
                words.Add(word[^clitic.Length..]);
                return;
            }
        if (plain.Equals("cannot", StringComparison.OrdinalIgnoreCase))
        {
            words.Add(word[..3]);
            words.Add(word[3..]);
            return;
        }
        words.Add(word);
    }
}
