using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CustomerValue.Charts;

/// <summary>A language that charts speak. English is what they are written in; of another, <c>Words.zh.txt</c> and its like say what stands for each English phrase.</summary>
internal sealed partial class Language
{
    private readonly Dictionary<string, (IReadOnlyList<string> Literals, int[] Order)> _words;

    private Language(string code, string tag, IEnumerable<(string English, string Said)> words) =>
        (Code, Tag, _words) = (code, tag, words.ToDictionary(w => w.English, w => Parsed(w.Said), StringComparer.Ordinal));

    public static Language English { get; } = new("en", "en", []);

    /// <summary>Chinese as it is written in mainland China.</summary>
    public static Language Chinese { get; } = new("zh", "zh-Hans", Lines("Words.zh.txt"));

    /// <summary>What it is called by.</summary>
    public string Code { get; }

    /// <summary>What readers of documents know it by, and choose fonts for.</summary>
    public string Tag { get; }

    /// <summary>The phrases of English that it has words for.</summary>
    public IReadOnlyCollection<string> Patterns => _words.Keys;

    /// <exception cref="ArgumentException">Charts don't speak it.</exception>
    public static Language Of(string code) => ((Language[])[English, Chinese]).FirstOrDefault(l => l.Code == code)
        ?? throw new ArgumentException($"Charts don't speak '{code}'. They speak en (English) and zh (Chinese).", nameof(code));

    /// <summary>What stands for a phrase: the texts before, between and after its parts, and the order of those; null where it has no words for it.</summary>
    public (IReadOnlyList<string> Literals, int[] Order)? Find(string pattern) => _words.TryGetValue(pattern, out var said) ? said : null;

    /// <summary>Pieces of a text put together. In Chinese a space comes between a character and a Latin letter or a figure.</summary>
    public string Joined(IEnumerable<string> pieces)
    {
        if (this == English) return string.Concat(pieces);
        var text = new StringBuilder();
        foreach (var piece in pieces.Where(p => p.Length > 0))
        {
            if (text.Length > 0 && (IsHan(text[^1]) && IsWestern(piece[0]) || IsWestern(text[^1]) && IsHan(piece[0]))) text.Append(' ');
            text.Append(piece);
        }
        return text.ToString();

        static bool IsHan(char c) => c is >= '\u3400' and <= '\u9fff';

        static bool IsWestern(char c) => char.IsAsciiLetterOrDigit(c) || c is '%' or '+' or '−';
    }

    /// <summary>The lines of a table, <c>English = what stands for it</c>; a line that begins with # is a remark.</summary>
    internal static IEnumerable<(string English, string Said)> Lines(string name)
    {
        using var reader = new StreamReader(typeof(Language).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"There is no {name} in this library."));
        var lines = new List<(string, string)>();
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#')
                lines.Add(line.Split(" = ") is [var english, var said] ? (english, said) : throw new InvalidDataException($"{name}: '{line}' isn't 'English = what stands for it'."));
        return lines;
    }

    private static (IReadOnlyList<string> Literals, int[] Order) Parsed(string said) =>
        (Hole().Split(said), [.. Hole().Matches(said).Select(m => int.Parse(m.ValueSpan[1..^1], CultureInfo.InvariantCulture))]);

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Hole();
}
