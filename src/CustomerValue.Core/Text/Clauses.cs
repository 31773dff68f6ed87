namespace CustomerValue.Text;

/// <summary>Cuts a text into clauses that each say one thing: at the ends of sentences, and where a comma is followed by a word that goes on or turns ("but", "also", 不过, 而且).</summary>
public static class Clauses
{
    // Shorter than this, what follows a comma leans on what came before: "but it did".
    private const int FewestWords = 4, FewestCharacters = 6;

    private static readonly string[] s_links =
    [
        "but ", "though ", "although ", "yet ", "still,", "still ", "however", "also,", "also ", "plus,", "plus ", "and ", "besides", "moreover", "what's more", "on the other hand", "then again",
        "不过", "但", "只是", "可", "然而", "而且", "并且", "还有", "另外", "再说", "话说回来", "同时",
    ];

    /// <summary>The clauses, trimmed, in order; the text itself where it is blank or can't be cut.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var clauses = new List<string>();
        foreach (var sentence in Sentences.Of(text))
        {
            var start = 0;
            for (var at = 0; at < sentence.Length; at++)
            {
                if (sentence[at] is not (',' or '，' or ';' or '；')) continue;
                var next = at + 1;
                while (next < sentence.Length && char.IsWhiteSpace(sentence[next])) next++;
                if (!StartsWithLink(sentence, next) || IsShort(sentence.AsSpan(next)) || IsShort(sentence.AsSpan(start, at - start))) continue;
                Add(sentence[start..at]);
                start = next;
            }
            Add(sentence[start..]);
        }
        return clauses.Count > 0 ? clauses : [text];

        void Add(string clause)
        {
            if (clause.Trim() is { Length: > 0 } said) clauses.Add(said);
        }
    }

    private static bool StartsWithLink(string text, int at) => s_links.Any(link => string.Compare(text, at, link, 0, link.Length, StringComparison.OrdinalIgnoreCase) == 0);

    // Chinese characters, or words, whichever there are more of to go by.
    private static bool IsShort(ReadOnlySpan<char> clause)
    {
        var (characters, words, inWord) = (0, 0, false);
        foreach (var c in clause)
        {
            if (c is >= '\u4e00' and <= '\u9fff') characters++;
            var letter = char.IsAsciiLetterOrDigit(c) || c == '\'';
            if (letter && !inWord) words++;
            inWord = letter;
        }
        return characters < FewestCharacters && words < FewestWords;
    }
}
