using System.Text;
using System.Text.RegularExpressions;

namespace CustomerValue.Text.Chat;

/// <summary>Texts as a template sees them: counted and cut in characters, as Python does, not in halves of them.</summary>
internal static partial class TextValues
{
    /// <summary>The methods of a text, by name.</summary>
    public static readonly string[] Methods = ["capitalize", "endswith", "find", "join", "lower", "lstrip", "replace", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "title", "upper"];

    public static int Length(string text)
    {
        var pairs = 0;
        for (var at = 0; at + 1 < text.Length; at++)
            if (char.IsSurrogatePair(text[at], text[at + 1])) pairs++;
        return text.Length - pairs;
    }

    /// <summary>The characters, each a text.</summary>
    public static List<string> Characters(string text)
    {
        var characters = new List<string>(text.Length);
        for (var at = 0; at < text.Length; at += characters[^1].Length)
            characters.Add(at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? text.Substring(at, 2) : text[at].ToString());
        return characters;
    }

    /// <summary>Without the characters at its ends; white space where none are given.</summary>
    public static string Stripped(string text, string? characters, bool left = true, bool right = true)
    {
        var (from, to) = (0, text.Length);
        bool Goes(char c) => characters is null ? TemplateLexer.IsSpace(c) : characters.Contains(c, StringComparison.Ordinal);
        if (left) while (from < to && Goes(text[from])) from++;
        if (right) while (to > from && Goes(text[to - 1])) to--;
        return text[from..to];
    }

    public static string Capitalized(string text) => text.Length == 0 ? "" : text[..1].ToUpperInvariant() + text[1..].ToLowerInvariant();

    /// <summary>Calls a method.</summary>
    public static object? Call(TemplateRun run, string text, string method, TemplateArguments arguments)
    {
        switch (method)
        {
            case "strip" or "lstrip" or "rstrip":
                var characters = arguments.OptionalText(0, "chars");
                run.Spend((long)text.Length * (characters?.Length ?? 1) / 1024);
                return run.Made(Stripped(text, characters, method != "rstrip", method != "lstrip"));
            case "startswith": return Options(arguments.Need(0, "prefix")).Any(t => text.StartsWith(run.Through(t), StringComparison.Ordinal));
            case "endswith": return Options(arguments.Need(0, "suffix")).Any(t => text.EndsWith(run.Through(t), StringComparison.Ordinal));
            case "upper": return run.Made(text.ToUpperInvariant());
            case "lower": return run.Made(text.ToLowerInvariant());
            case "capitalize": return run.Made(Capitalized(text));
            case "title": return run.Made(Words().Replace(text, word => Capitalized(word.Value)));
            case "replace": return Replaced(run, text, arguments.Text(0, "old"), arguments.Text(1, "new"), arguments.Number(2, "count", -1));
            case "find": return Found(run, text, arguments.Text(0, "sub"));
            case "join": return run.Made(Joined(run, text, TemplateValues.Items(run, arguments.Need(0, "iterable")).Select(item => item as string ?? throw run.Wrong($"{TemplateValues.Kind(item)} can't be joined; texts can"))));
            case "splitlines":
                run.Spend(text.Length / 4);
                return Lines().Split(text) is var lines && lines[^1].Length == 0 ? lines[..^1].ToList<object?>() : lines.ToList<object?>();
            default: return Split(run, text, arguments.OptionalText(0, "sep"), arguments.Number(1, "maxsplit", -1), fromRight: method == "rsplit");
        }

        IEnumerable<string> Options(object? given) => given is List<object?> list ? list.Select(t => t as string ?? throw run.Wrong($"{method} takes a text, and here is {TemplateValues.Kind(t)}")) : [given as string ?? throw run.Wrong($"{method} takes a text, and here is {TemplateValues.Kind(given)}")];
    }

    /// <summary>Whether a text stands in another.</summary>
    public static bool Has(TemplateRun run, string text, string part)
    {
        Search(run, text, part);
        return text.Contains(part, StringComparison.Ordinal);
    }

    public static string Replaced(TemplateRun run, string text, string old, string by, long count)
    {
        Search(run, text, old);
        if (old.Length == 0) throw run.Wrong("an empty text can't be replaced");
        var most = count < 0 ? long.MaxValue : count;
        var places = 0L;
        for (var at = text.IndexOf(old, StringComparison.Ordinal); at >= 0 && places < most; at = text.IndexOf(old, at + old.Length, StringComparison.Ordinal)) places++;
        run.Room(text.Length + places * (by.Length - old.Length));
        var (made, from) = (new StringBuilder(), 0);
        for (; places > 0; places--)
        {
            var at = text.IndexOf(old, from, StringComparison.Ordinal);
            made.Append(text, from, at - from).Append(by);
            from = at + old.Length;
        }
        return made.Append(text, from, text.Length - from).ToString();
    }

    public static string Joined(TemplateRun run, string between, IEnumerable<string> texts)
    {
        var (made, first) = (new StringBuilder(), true);
        foreach (var text in texts)
        {
            run.Spend(1);
            if ((long)made.Length + between.Length + text.Length > TemplateRun.LongestText) run.Room((long)made.Length + between.Length + text.Length);
            made.Append(first ? "" : between).Append(text);
            first = false;
        }
        return made.ToString();
    }

    private static long Found(TemplateRun run, string text, string part)
    {
        Search(run, text, part);
        var at = text.IndexOf(part, StringComparison.Ordinal);
        return at < 0 ? -1 : Length(text[..at]);
    }

    private static List<object?> Split(TemplateRun run, string text, string? between, long most, bool fromRight)
    {
        if (between is { Length: 0 }) throw run.Wrong("a text can't be split at an empty text");
        Search(run, text, between ?? " ");
        var parts = between is null ? Spaces().Split(Stripped(text, null)).ToList() : [.. text.Split(between)];
        if (between is null && parts is [""]) parts = [];
        run.Spend(parts.Count);
        run.Room(text.Length);
        if (most < 0 || parts.Count <= most + 1) return [.. parts];
        // As Python has it, what isn't split stays as it was written.
        var (kept, rest) = (new List<object?>(), text);
        for (var n = 0; n < most; n++)
        {
            if (between is null) rest = Stripped(rest, null, left: !fromRight, right: fromRight);
            var (at, length) = Place(rest);
            kept.Add(fromRight ? rest[(at + length)..] : rest[..at]);
            run.Room(rest.Length);
            rest = fromRight ? rest[..at] : rest[(at + length)..];
        }
        if (between is null) rest = Stripped(rest, null, left: !fromRight, right: fromRight);
        kept.Add(rest);
        if (fromRight) kept.Reverse();
        return kept;

        (int At, int Length) Place(string inside)
        {
            if (between is not null) return (fromRight ? inside.LastIndexOf(between, StringComparison.Ordinal) : inside.IndexOf(between, StringComparison.Ordinal), between.Length);
            var match = (fromRight ? LastSpaces() : Spaces()).Match(inside);
            return (match.Index, match.Length);
        }
    }

    // The worst that a search can take, in steps: long texts of like characters can be made on purpose.
    private static void Search(TemplateRun run, string text, string part) => run.Spend((long)text.Length * Math.Max(1, part.Length) / 1024);

    [GeneratedRegex(@"[\s\x1c-\x1f]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"[\s\x1c-\x1f]+", RegexOptions.CultureInvariant | RegexOptions.RightToLeft)]
    private static partial Regex LastSpaces();

    [GeneratedRegex(@"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Lines();

    [GeneratedRegex(@"\p{L}+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Words();
}
