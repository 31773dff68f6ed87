using CustomerValue.Text;

namespace CustomerValue.Models.Text;

/// <summary>How a text falls into words.</summary>
/// <param name="Name">Tells it from others in what is logged; another way to split is another name.</param>
/// <param name="Words">The words of a text, in order.</param>
public sealed record WordSplit(string Name, Func<string, IEnumerable<string>> Words)
{
    /// <summary>Needs no dictionary: runs of letters, digits and apostrophes are words, and so is each Chinese character, ! and ?.</summary>
    public static readonly WordSplit Simple = new("simple", SimpleWords);

    /// <summary>Chinese by ICU's dictionary, other writing at its blanks and marks; marks are no words.</summary>
    public static readonly WordSplit Dictionary = new("dictionary", WordSegmenter.Words);

    private static List<string> SimpleWords(string text)
    {
        var words = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var start = at++;
            if (IsHan(text[start]) || text[start] is '!' or '?') words.Add(text[start..at]);
            else if (IsWordPart(text[start]))
            {
                while (at < text.Length && IsWordPart(text[at])) at++;
                words.Add(text[start..at]);
            }
        }
        return words;
    }

    private static bool IsWordPart(char c) => (char.IsLetterOrDigit(c) || c is '\'') && !IsHan(c);

    private static bool IsHan(char c) => c is >= '\u3400' and <= '\u9fff' or >= '\uf900' and <= '\ufaff';
}
