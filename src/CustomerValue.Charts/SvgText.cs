using System.Text;
using System.Xml;

namespace CustomerValue.Charts;

/// <summary>Text in pictures: what may stand in them, and how wide it is about. Widths are estimated, on the wide side, as the reader's fonts aren't known.</summary>
internal static class SvgText
{
    /// <summary>Fonts in order of preference; later ones serve the characters that earlier ones lack.</summary>
    public const string Fonts = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', 'Source Han Sans SC', 'WenQuanYi Micro Hei', sans-serif";

    /// <summary>The text with a replacement character for what XML has no place for; markup is escaped where the document is written.</summary>
    public static string Clean(string text)
    {
        if (text.All(XmlConvert.IsXmlChar)) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())               // a half of a pair comes as the replacement character
            clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        return clean.ToString();
    }

    /// <summary>Width in pixels, about.</summary>
    public static double Width(string text, double size) => size * text.EnumerateRunes().Sum(rune => IsWide(rune) ? 1.05 : rune.Value switch
    {
        'i' or 'j' or 'l' or 't' or 'f' or 'r' or 'I' or '.' or ',' or ':' or ';' or '|' or '\'' or '(' or ')' or '[' or ']' or ' ' or '/' => 0.38,
        'm' or 'w' or 'M' or 'W' or '%' or '@' or '…' => 0.95,
        >= 'A' and <= 'Z' => 0.72,
        _ => 0.62,
    });

    /// <summary>The text, cut with … where it is wider than allowed.</summary>
    public static string Fit(string text, double size, double width)
    {
        if (Width(text, size) <= width) return text;
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Width(kept.ToString() + rune + "…", size) > width) break;
            kept.Append(rune.ToString());
        }
        return kept.Append('…').ToString();
    }

    /// <summary>The text, its middle cut out for … where it is wider than allowed: for names that begin alike.</summary>
    public static string FitEnds(string text, double size, double width)
    {
        if (Width(text, size) <= width) return text;
        var runes = text.EnumerateRunes().Select(r => r.ToString()).ToList();
        for (var kept = runes.Count - 1; kept > 1; kept--)
            if (string.Concat(runes.Take((kept + 1) / 2)) + "…" + string.Concat(runes.TakeLast(kept / 2)) is var cut && Width(cut, size) <= width) return cut;
        return Fit(text, size, width);
    }

    /// <summary>The text in lines of at most the width, broken at spaces and between Chinese characters, but before no mark that ends something and after none that opens it; what can't be broken and is wider stands alone.</summary>
    public static IReadOnlyList<string> Lines(string text, double size, double width)
    {
        var lines = new List<string>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var space = " ";
            foreach (var piece in Pieces(word))
            {
                if (lines.Count > 0 && Width(lines[^1] + space + piece, size) <= width) lines[^1] += space + piece;
                else lines.Add(piece);
                space = "";
            }
        }
        return lines;
    }

    // A word in what may stand on lines of their own.
    private static List<string> Pieces(string word)
    {
        var pieces = new List<string>();
        Rune? last = null;
        foreach (var rune in word.EnumerateRunes())
        {
            if (last is { } before && !((IsWide(before) || IsWide(rune)) && !"，。；：、！？）》」”,.;:!?)]%/".Contains(rune.ToString(), StringComparison.Ordinal) && !"（《「“([".Contains(before.ToString(), StringComparison.Ordinal)))
                pieces[^1] += rune;
            else pieces.Add(rune.ToString());
            last = rune;
        }
        return pieces;
    }

    // Chinese characters, their punctuation and other full-width forms.
    private static bool IsWide(Rune rune) => rune.Value is >= 0x1100 and < 0x1200 or >= 0x2E80 and < 0xD7A4 or >= 0xF900 and < 0xFB00 or >= 0xFF00 and < 0xFF61 or >= 0x10000;
}
