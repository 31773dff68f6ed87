using System.Globalization;
using System.Runtime.CompilerServices;

namespace CustomerValue.Charts;

/// <summary>Something that a chart says: words of the house around what stays as it is, such as names from data and numbers. It is written as any interpolated text, in English, and kept in pieces,
/// so that it can be said in each <see cref="Language"/>.</summary>
/// <remarks>A text that is put in between stays as it is, whatever it says; a phrase that is put in between is translated itself.</remarks>
[InterpolatedStringHandler]
internal sealed class Phrase
{
    private readonly List<string> _literals = [""];               // one more than parts: before, between and after them
    private readonly List<object> _parts = [];                    // texts and phrases
    private readonly bool _joined;                                // whether each literal between parts is the same separator
    private readonly string? _kind;                               // of a term; null for words that are surely the house's

    public Phrase(int literalLength, int formattedCount)
    {
        // What the compiler hands to a builder of texts: lengths to expect. Lists of a few pieces need no such help.
    }

    private Phrase(IEnumerable<string> literals, IEnumerable<object> parts, bool joined = false, string? kind = null) => (_literals, _parts, _joined, _kind) = ([.. literals], [.. parts], joined, kind);

    public static Phrase None { get; } = Name("");

    /// <summary>The words with {0}, {1}, … for what is put in between; those of a term after its kind.</summary>
    public string Pattern => _joined ? $"{{0}}{_literals.ElementAtOrDefault(1)}{{1}}" : string.Concat(_kind is null ? "" : _kind + " ", string.Concat(_literals.Select((literal, i) => (i == 0 ? "" : $"{{{i - 1}}}") + literal.Replace("{", "{{", StringComparison.Ordinal))));

    /// <summary>Its own pattern and those of its parts, each with whether it is surely the house's.</summary>
    public IEnumerable<(string Pattern, bool House)> Patterns => [(Pattern, _kind is null), .. _parts.OfType<Phrase>().SelectMany(p => p.Patterns)];

    /// <summary>The phrase as it is written: says to the compiler what an interpolated text among others shall become.</summary>
    public static Phrase Of(Phrase phrase) => phrase;

    /// <summary>A name from data, or a number: the same in each language.</summary>
    public static Phrase Name(string text) => new(["", ""], [text]);

    /// <summary>The name of a column, which the house may have a plain word for; one that it hasn't stays. A number at the end stays too: <c>spend_90</c> is looked up as <c>spend_{0}</c>.</summary>
    public static Phrase Column(string name) =>
        name.TrimEnd("0123456789".ToCharArray()) is var stem && stem.Length < name.Length && stem.EndsWith('_') ? new([stem, ""], [name[stem.Length..]], kind: "column") : Term("column", name);

    /// <summary>The title of a metric; one that isn't the house's stays.</summary>
    public static Phrase Metric(string title) => Term("metric", title);

    /// <summary>A unit; one that the house doesn't know stays.</summary>
    public static Phrase Unit(string unit) => Term("unit", unit);

    /// <summary>A word of a kind, which may be one of the house's; one that isn't stays.</summary>
    public static Phrase Term(string kind, string word) => new([word], [], kind: kind);

    /// <summary>Phrases one after another.</summary>
    /// <param name="separator">What stands between two, in English.</param>
    /// <param name="phrases">The phrases.</param>
    public static Phrase Join(string separator, IEnumerable<Phrase> phrases)
    {
        var parts = phrases.ToList();
        return new(["", .. Enumerable.Repeat(separator, Math.Max(0, parts.Count - 1)), .. parts.Count > 0 ? [""] : Array.Empty<string>()], parts, joined: true);
    }

    public void AppendLiteral(string literal) => _literals[^1] += literal;

    public void AppendFormatted(string text) => Append(text);

    public void AppendFormatted(int number) => Append(number.ToString(CultureInfo.InvariantCulture));

    public void AppendFormatted(Phrase phrase) => Append(phrase);

    /// <summary>The text in a language.</summary>
    public string In(Language language)
    {
        string[] parts = [.. _parts.Select(p => p is Phrase phrase ? phrase.In(language) : (string)p)];
        var (literals, order) = language.Find(Pattern) ?? (_literals, [.. Enumerable.Range(0, parts.Length)]);
        return _joined ? language.Joined(parts.SelectMany((part, i) => i == 0 ? (string[])[part] : [literals[1], part])) : language.Joined([literals[0], .. order.SelectMany((part, i) => (string[])[parts[part], literals[i + 1]])]);
    }

    /// <summary>The text in English.</summary>
    public override string ToString() => In(Language.English);

    private void Append(object part)
    {
        _parts.Add(part);
        _literals.Add("");
    }
}
