namespace CustomerValue.Text;

/// <summary>Cuts a text into its sentences, Chinese or English.</summary>
public static class Sentences
{
    private const string Ends = "。！？!?…\n", Closes = "”’\"')）】」』";

    /// <summary>The sentences; put together they are the text. A point ends a sentence where a space or the text's end follows, so that 4.5 stays whole; what has no letter or digit belongs to the sentence before.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var sentences = new List<string>();
        for (var (start, at) = (0, 0); at < text.Length; at++)
        {
            if (!IsEnd(text, at) && at + 1 < text.Length) continue;
            var end = at + 1;
            while (end < text.Length && (Closes.Contains(text[end]) || IsEnd(text, end))) end++;
            while (end < text.Length && char.IsWhiteSpace(text[end])) end++;
            var piece = text[start..end];
            if (sentences.Count > 0 && !piece.Any(char.IsLetterOrDigit)) sentences[^1] += piece;
            else sentences.Add(piece);
            (start, at) = (end, end - 1);
        }
        return sentences;
    }

    private static bool IsEnd(string text, int at) => Ends.Contains(text[at]) || (text[at] == '.' && (at + 1 == text.Length || char.IsWhiteSpace(text[at + 1])));
}
