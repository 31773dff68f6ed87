using System.Globalization;
using System.Text;

namespace CustomerValue.Notebooks;

/// <summary>Markdown that a cell shows.</summary>
/// <param name="Text">Its text.</param>
public sealed record MarkdownText(string Text);

/// <summary>What a report says, written in English and in Chinese beside one another, and shown in the language that is asked for.</summary>
/// <example><code>
/// var say = new Prose(language);                      // "en" or "zh"
/// say.Markdown($"**{customers:#,0}** customers ordered.", $"共有 **{customers:#,0}** 位客户下单。")
/// </code></example>
public sealed class Prose
{
    private const string Marks = "\\`*_{}[]()<>#+-.!|$~&";

    private readonly bool _isChinese;

    /// <param name="language">en or zh.</param>
    /// <exception cref="ArgumentException">It is another language.</exception>
    public Prose(string language) => _isChinese = language switch
    {
        "en" => false,
        "zh" => true,
        _ => throw new ArgumentException($"There is no text in the language '{language}'. It is en or zh.", nameof(language)),
    };

    /// <summary>A passage of Markdown. Figures are written as everywhere, whatever the machine's culture; texts that are put in stay text, whatever marks stand in them.</summary>
    /// <param name="en">In English.</param>
    /// <param name="zh">In Chinese.</param>
    public MarkdownText Markdown(FormattableString en, FormattableString zh)
    {
        var told = _isChinese ? zh : en;
        return new(string.Format(CultureInfo.InvariantCulture, told.Format, [.. told.GetArguments().Select(value => value is string text ? Plain(text) : value)]));
    }

    /// <summary>A few words, such as the head of a column.</summary>
    /// <param name="en">In English.</param>
    /// <param name="zh">In Chinese.</param>
    public string Text(string en, string zh) => _isChinese ? zh : en;

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var sign in text.ReplaceLineEndings(" "))
        {
            if (Marks.Contains(sign, StringComparison.Ordinal)) plain.Append('\\');
            plain.Append(sign);
        }
        return plain.ToString();
    }
}
