namespace CustomerValue.Text;

/// <summary>Cuts a text into clauses that each say one thing: at the ends of sentences, and where a comma is followed by a word that goes on or turns ("but", "also", 不过, 而且).
/// A question stays with the short answer that its writer gives ("Am I pleased? No.").</summary>
public static class Clauses
{
    // What has fewer words, or Chinese characters, doesn't stand alone; after a link it leans on what stands before it: "but it did".
    private const int Fewest = 4, FewestAfterLink = 3, FewestLeftOpen = 5;

    private const string Pauses = ",，;；", Stops = "。！？!?….\n";

    private static readonly string[] s_links =
    [
        "but ", "though ", "although ", "yet ", "still", "however", "also", "plus", "and ", "besides", "moreover", "what's more", "on the other hand", "then again",
        "不过", "但是", "但", "只是", "可是", "可", "然而", "而且", "并且", "还有", "另外", "再说", "话说回来", "同时",
    ];

    // What ends with one of these leaves open what was said before: "but now I will".
    private static readonly string[] s_open = ["will", "won't", "would", "wouldn't", "do", "don't", "did", "didn't", "does", "doesn't", "have", "haven't", "has", "am", "is", "isn't", "was", "wasn't", "can", "can't", "not", "true", "wrong"];

    /// <summary>The clauses, trimmed, in order; the text itself where it is blank or can't be cut.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var clauses = new List<string>();
        foreach (var sentence in WithAnswers(Sentences.Of(text)))
        {
            var (start, links) = (0, LinksIn(sentence));
            for (var at = 0; at < links.Count; at++)
            {
                var (pause, from, to) = (links[at].Pause, links[at].To, at + 1 < links.Count ? links[at + 1].Pause : sentence.Length);
                if (Leans(sentence[from..to]) || Length(sentence.AsSpan(start, pause - start)) < Fewest) continue;
                Add(sentence[start..pause]);
                start = links[at].From;
            }
            Add(sentence[start..]);
        }
        return clauses.Count > 0 ? clauses : [text];

        void Add(string clause)
        {
            if (clause.Trim() is { Length: > 0 } said) clauses.Add(said);
        }
    }

    private static IEnumerable<string> WithAnswers(IReadOnlyList<string> sentences)
    {
        for (var at = 0; at < sentences.Count; at++)
        {
            var sentence = sentences[at];
            if (sentence.TrimEnd(' ') is [.., '?' or '？'] && at + 1 < sentences.Count && Length(Beginning(sentences[at + 1])) < Fewest) sentence += sentences[++at];
            yield return sentence;
        }
    }

    private static ReadOnlySpan<char> Beginning(string text) => text.AsSpan() is var all && all.IndexOfAny(Pauses + Stops) is var end and >= 0 ? all[..end] : all;

    // Where a pause is followed by a link: the pause, the link, and what comes after it.
    private static List<(int Pause, int From, int To)> LinksIn(string sentence)
    {
        var links = new List<(int, int, int)>();
        for (var pause = 0; pause < sentence.Length; pause++)
        {
            if (!Pauses.Contains(sentence[pause])) continue;
            var from = pause + 1;
            while (from < sentence.Length && char.IsWhiteSpace(sentence[from])) from++;
            if (s_links.FirstOrDefault(link => string.Compare(sentence, from, link, 0, link.Length, StringComparison.OrdinalIgnoreCase) == 0) is { } link) links.Add((pause, from, from + link.Length));
        }
        return links;
    }

    private static bool Leans(string afterLink)
    {
        var said = Beginning(afterLink.TrimStart([.. Pauses, ' '])).TrimEnd();
        return Length(afterLink) < FewestAfterLink || (Length(said) < FewestLeftOpen && s_open.Contains(said[(said.LastIndexOf(' ') + 1)..].ToString(), StringComparer.OrdinalIgnoreCase));
    }

    // Words and Chinese characters together.
    private static int Length(ReadOnlySpan<char> clause)
    {
        var (length, inWord) = (0, false);
        foreach (var c in clause)
        {
            var letter = char.IsAsciiLetterOrDigit(c) || c == '\'';
            if (c is >= '\u4e00' and <= '\u9fff' || (letter && !inWord)) length++;
            inWord = letter;
        }
        return length;
    }
}
