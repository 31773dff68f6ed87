using System.Text;
using System.Text.RegularExpressions;

namespace CustomerValue.Notebooks;

/// <summary>Code as HTML, its words in classes: k keyword, s text, c comment or directive, n number, t type.</summary>
internal static partial class CodeColours
{
    private static readonly HashSet<string> s_csharp = new((
        "abstract as async await base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach get goto "
        + "if implicit in init int interface internal is lock long nameof namespace new not null object operator or and out override params private protected public readonly record ref required return sbyte sealed "
        + "set short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using var virtual void volatile when where while with yield").Split(' '), StringComparer.Ordinal);

    private static readonly HashSet<string> s_sql = new((
        "all and as asc between by case cast create cross date default delete desc describe distinct drop else end except exists false filter first from full group having in inner insert intersect interval into is join "
        + "last left like limit not null nulls offset on or order outer over partition pivot qualify recursive replace right sample select set table then true union unpivot update using values view when where window with").Split(' '),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>A cell: C#, and other languages from a line like <c>#!sql</c> on.</summary>
    public static string Cell(string code)
    {
        var html = new StringBuilder();
        var language = "csharp";
        foreach (var line in Directive().Split(code))
        {
            if (line.StartsWith("#!", StringComparison.Ordinal))
            {
                html.Append(Span("c", line));
                if (line[2..].Split(' ', 2)[0].Trim() is not "time" and var named) language = named;
            }
            else html.Append(Of(line, language));
        }
        return html.ToString();
    }

    /// <param name="code">The text.</param>
    /// <param name="language">csharp, cs, c# or sql; anything else gets no colours.</param>
    public static string Of(string code, string language) => language.ToLowerInvariant() switch
    {
        "csharp" or "cs" or "c#" => Coloured(code, CSharp(), s_csharp, areTypesCapital: true),
        "sql" => Coloured(code, Sql(), s_sql, areTypesCapital: false),
        _ => PageText.Encode(code),
    };

    private static string Coloured(string code, Regex token, HashSet<string> keywords, bool areTypesCapital)
    {
        var html = new StringBuilder();
        var at = 0;
        foreach (Match match in token.Matches(code))
        {
            html.Append(PageText.Encode(code[at..match.Index]));
            at = match.Index + match.Length;
            var kind = match.Groups["c"].Success ? "c" : match.Groups["s"].Success ? "s" : match.Groups["n"].Success ? "n"
                : keywords.Contains(match.Value) ? "k" : areTypesCapital && char.IsUpper(match.Value[0]) ? "t" : null;
            html.Append(kind is null ? PageText.Encode(match.Value) : Span(kind, match.Value));
        }
        return html.Append(PageText.Encode(code[at..])).ToString();
    }

    private static string Span(string kind, string text) => $"<span class=\"{kind}\">{PageText.Encode(text)}</span>";

    [GeneratedRegex("""(?m)^(#![^\n]*)""")]
    private static partial Regex Directive();

    [GeneratedRegex(""""
        (?<c>//[^\n]*|/\*[\s\S]*?(?:\*/|\z)|(?m:^[ \t]*\#[^\n]*))|(?<s>\$*"""[\s\S]*?(?:"""|\z)|(?:\$@|@\$|@)"(?>[^"]|"")*(?:"|\z)|\$?"(?>[^"\\\n]|\\.)*"?|'(?>[^'\\\n]|\\.)+'?)|(?<n>\b\d(?>[\w]|\.\d)*)|@?[\p{L}_]\w*
        """", RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CSharp();

    [GeneratedRegex("""(?<c>--[^\n]*|/\*[\s\S]*?(?:\*/|\z))|(?<s>'(?>[^']|'')*(?:'|\z)|"(?>[^"])*(?:"|\z))|(?<n>\b\d(?>\w|\.\d)*|\$[A-Za-z_]\w*)|[\p{L}_]\w*""")]
    private static partial Regex Sql();
}
