namespace CustomerValue.Notebooks;

/// <summary>A part of a cell in one language.</summary>
/// <param name="Language">csharp, sql, html or markdown.</param>
/// <param name="Arguments">What stands behind the language on its line.</param>
/// <param name="Line">The line of the cell, from 1, that it begins on.</param>
/// <param name="Text">The part; C# with as many empty lines in front that its lines count as the cell's do.</param>
internal sealed record CellPart(string Language, string Arguments, int Line, string Text);

/// <summary>A cell's text: C# to begin with, and other languages from a line like <c>#!sql</c> on.</summary>
/// <param name="Parts">In order.</param>
/// <param name="IsTimed">Whether a line <c>#!time</c> asks how long it takes.</param>
internal sealed record CellText(IReadOnlyList<CellPart> Parts, bool IsTimed)
{
    private static readonly string[] s_languages = ["csharp", "sql", "html", "markdown"];

    /// <exception cref="DirectiveException">A line starts with #! and isn't known.</exception>
    public static CellText Of(string code)
    {
        var lines = code.ReplaceLineEndings("\n").Split('\n');
        var parts = new List<CellPart>();
        var (language, arguments, start, timed) = ("csharp", "", 0, false);
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("#!", StringComparison.Ordinal)) continue;
            var words = lines[i][2..].Split(' ', 2, StringSplitOptions.TrimEntries);
            lines[i] = "";
            if (words[0] == "time")
            {
                timed = true;
                continue;
            }
            if (!s_languages.Contains(words[0])) throw new DirectiveException(i + 1, $"'#!{words[0]}' isn't known here. There are #!time, #!{string.Join(", #!", s_languages)}.");
            Close(i);
            (language, arguments, start) = (words[0], words.Length > 1 ? words[1] : "", i + 1);
        }
        Close(lines.Length);
        return new(parts, timed);

        void Close(int end)
        {
            var text = string.Join('\n', lines[start..end]);
            if (text.Trim().Length > 0) parts.Add(new(language, arguments, start + 1, language == "csharp" ? new string('\n', start) + text : text));
        }
    }
}

/// <summary>A line that asks the notebook for something, and can't be met.</summary>
internal sealed class DirectiveException(int line, string message) : Exception(message)
{
    public int Line => line;
}
