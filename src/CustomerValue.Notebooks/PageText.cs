using System.Text;
using System.Text.RegularExpressions;

namespace CustomerValue.Notebooks;

/// <summary>Text for a page.</summary>
internal static partial class PageText
{
    /// <summary>Languages of pages, as their lang attributes have them.</summary>
    public const string English = "en", Chinese = "zh-Hans";

    /// <summary>Text as HTML, in elements and in quoted attributes. Signs that HTML has no place for become U+FFFD.</summary>
    public static string Encode(string text)
    {
        var html = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            switch (rune.Value)
            {
                case '&': html.Append("&amp;"); break;
                case '<': html.Append("&lt;"); break;
                case '>': html.Append("&gt;"); break;
                case '"': html.Append("&quot;"); break;
                case '\'': html.Append("&#39;"); break;
                case '\r': html.Append("&#13;"); break;
                case < 32 and not ('\t' or '\n'): html.Append('\uFFFD'); break;
                default: html.Append(rune); break;
            }
        return html.ToString();
    }

    /// <summary>Without a terminal's colours.</summary>
    public static string Plain(string text) => Escapes().Replace(text, "");

    /// <summary>Chinese where a good part of the letters are Han signs, else English.</summary>
    public static string Language(string text)
    {
        var han = text.Count(sign => sign is >= '\u4e00' and <= '\u9fff');
        return han * 4 > text.Count(char.IsLetter) ? Chinese : English;
    }

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Escapes();
}
