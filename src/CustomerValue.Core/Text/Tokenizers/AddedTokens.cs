using System.Buffers;

namespace CustomerValue.Text.Tokenizers;

/// <summary>A token that is matched in the text as it is written, before anything else looks at the text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">How it is written.</param>
/// <param name="Special">Left out when ids are decoded.</param>
/// <param name="SingleWord">Only where no letter, digit or underscore touches it.</param>
/// <param name="TakesLeft">Takes the white space before it too.</param>
/// <param name="TakesRight">Takes the white space behind it too.</param>
/// <param name="Normalized">Matched in the normalised text instead of the text as written.</param>
internal sealed record AddedToken(int Id, string Content, bool Special, bool SingleWord = false, bool TakesLeft = false, bool TakesRight = false, bool Normalized = false);

/// <summary>A stretch of a text: an added token, or text between them.</summary>
internal readonly record struct TextPart(int Start, int Length, int? Id);

/// <summary>Finds added tokens in texts: the leftmost, and the longest of those that begin there.</summary>
internal sealed class AddedTokens
{
    public static AddedTokens None { get; } = new([]);

    private readonly Dictionary<char, AddedToken[]> _byFirst;
    private readonly SearchValues<char> _firsts;
    private readonly HashSet<int> _special;

    public AddedTokens(IReadOnlyList<AddedToken> tokens)
    {
        All = tokens;
        _byFirst = tokens.GroupBy(t => t.Content[0]).ToDictionary(g => g.Key, g => g.OrderByDescending(t => t.Content.Length).ToArray());
        _firsts = SearchValues.Create([.. _byFirst.Keys]);
        _special = [.. tokens.Where(t => t.Special).Select(t => t.Id)];
    }

    public IReadOnlyList<AddedToken> All { get; }

    public bool IsSpecial(int id) => _special.Contains(id);

    /// <summary>The special tokens of a vocabulary, matched as they are spelled.</summary>
    public static AddedTokens Special(IReadOnlyList<string> vocabulary, SpecialTokens special) =>
        new([.. new[] { special.Pad, special.Unknown, special.Start, special.End, special.Mask }.OfType<int>().Distinct().Select(id => new AddedToken(id, vocabulary[id], Special: true))]);

    /// <summary>The text's stretches in order; empty ones are left out.</summary>
    public List<TextPart> Split(string text)
    {
        var parts = new List<TextPart>(1);
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            var next = text.AsSpan(at).IndexOfAny(_firsts);
            if (next < 0) break;
            at += next;
            if (Match(text, at) is not { } token) { at++; continue; }
            var (from, to) = (at, at + token.Content.Length);
            at = to;
            if (token.SingleWord && (from > 0 && IsWord(text[from - 1]) || to < text.Length && IsWord(text[to]))) continue;
            if (token.TakesLeft) while (from > start && char.IsWhiteSpace(text[from - 1])) from--;
            if (token.TakesRight) while (to < text.Length && char.IsWhiteSpace(text[to])) to++;
            if (from > start) parts.Add(new(start, from - start, null));
            parts.Add(new(from, to - from, token.Id));
            at = start = to;
        }
        if (start < text.Length) parts.Add(new(start, text.Length - start, null));
        return parts;
    }

    private AddedToken? Match(string text, int at)
    {
        foreach (var token in _byFirst[text[at]])
            if (text.AsSpan(at).StartsWith(token.Content, StringComparison.Ordinal)) return token;
        return null;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
