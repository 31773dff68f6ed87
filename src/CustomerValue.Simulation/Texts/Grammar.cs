using System.Numerics;
using System.Text;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;

namespace CustomerValue.Simulation.Texts;

/// <summary>A context-free grammar of clauses in one language: symbols with alternatives, which hold words, further symbols, slots that the writer fills,
/// and optional parts. Read from an embedded text file, whose head tells the notation.</summary>
internal sealed class Grammar
{
    private readonly Dictionary<string, Part[][]> _rules = new(StringComparer.Ordinal);

    /// <summary>Reads a grammar.</summary>
    /// <param name="language">The language that its clauses are in.</param>
    /// <param name="text">Its lines; en.txt tells the notation.</param>
    /// <exception cref="FormatException">A line can't be read, or uses a symbol that no line explains.</exception>
    internal Grammar(Language language, string text)
    {
        Language = language;
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1) throw new FormatException($"Grammar line '{line}' has no 'symbol:' in front.");
            _rules.Add(line[..colon], [.. line[(colon + 1)..].Split('|').Select(alternative => ParseParts(alternative.Trim()))]);
        }
        foreach (var name in _rules.Values.SelectMany(rule => rule).SelectMany(SymbolsIn))
            if (!_rules.ContainsKey(name)) throw new FormatException($"The {language} grammar uses {{{name}}}, but has no line '{name}:'.");
    }

    /// <summary>Chinese clauses.</summary>
    public static Grammar Chinese { get; } = new(Language.Chinese, EmbeddedText.Read("zh.txt"));

    /// <summary>English clauses.</summary>
    public static Grammar English { get; } = new(Language.English, EmbeddedText.Read("en.txt"));

    /// <summary>The language that its clauses are in.</summary>
    public Language Language { get; }

    /// <summary>The names of all symbols.</summary>
    public IReadOnlyCollection<string> Symbols => _rules.Keys;

    /// <summary>The grammar of <paramref name="language"/>.</summary>
    public static Grammar Of(Language language) => language == Language.Chinese ? Chinese : English;

    /// <summary>Whether a symbol states something, so that a "honestly" or "I think" goes with it: neither a greeting, a question, an agent's turn nor an opening.</summary>
    public static bool IsStatement(string symbol) => symbol.Split('.')[0] is "quality" or "delivery" or "packing" or "price" or "service" or "loyal" or "intent";

    /// <summary>One way to say <paramref name="symbol"/>, each alternative as likely as any other.</summary>
    /// <param name="symbol">A symbol of this grammar.</param>
    /// <param name="product">What the text is about; fills the slot of that name.</param>
    /// <param name="chance">Where the choices come from.</param>
    public string Say(string symbol, Product product, RandomStream chance)
    {
        var text = new StringBuilder();
        Expand(symbol, product.Noun.In(Language), chance, text);
        return text.ToString();
    }

    /// <summary>In how many ways <paramref name="symbol"/> can be said about one product.</summary>
    public BigInteger Forms(string symbol) => _rules[symbol].Select(FormsOf).Aggregate(BigInteger.Zero, BigInteger.Add);

    private BigInteger FormsOf(Part[] parts) => parts.Select(part => part switch
    {
        Symbol s => Forms(s.Name),
        Optional o => BigInteger.One + FormsOf(o.Parts),
        _ => BigInteger.One,
    }).Aggregate(BigInteger.One, BigInteger.Multiply);

    private void Expand(string symbol, string product, RandomStream chance, StringBuilder text)
    {
        var alternatives = _rules[symbol];
        Expand(alternatives[chance.Below(alternatives.Length)], product, chance, text);
    }

    private void Expand(Part[] parts, string product, RandomStream chance, StringBuilder text)
    {
        foreach (var part in parts)
            switch (part)
            {
                case Words words: text.Append(words.Text); break;
                case ProductSlot: text.Append(product); break;
                case Symbol s: Expand(s.Name, product, chance, text); break;
                case Optional o when chance.Chance(0.5): Expand(o.Parts, product, chance, text); break;
            }
    }

    private static IEnumerable<string> SymbolsIn(Part[] parts) => parts.SelectMany(part => part switch
    {
        Symbol s => [s.Name],
        Optional o => SymbolsIn(o.Parts),
        _ => [],
    });

    private static Part[] ParseParts(string text)
    {
        var parts = new List<Part>();
        for (var start = 0; start < text.Length;)
        {
            var close = text[start] switch { '{' => '}', '<' => '>', '[' => ']', _ => '\0' };
            if (close == '\0')
            {
                var next = text.AsSpan(start).IndexOfAny('{', '<', '[');
                var end = next < 0 ? text.Length : start + next;
                parts.Add(new Words(text[start..end]));
                start = end;
                continue;
            }
            var stop = text.IndexOf(close, start);
            if (stop < 0) throw new FormatException($"Grammar text '{text}' opens a '{text[start]}' that nothing closes.");
            var inner = text[(start + 1)..stop];
            parts.Add(close switch
            {
                '}' => new Symbol(inner),
                ']' => new Optional(ParseParts(inner)),
                _ when inner == "product" => new ProductSlot(),
                _ => throw new FormatException($"Grammar text '{text}' has a slot <{inner}>; the writer fills only <product>."),
            });
            start = stop + 1;
        }
        return [.. parts];
    }

    private abstract record Part;
    private sealed record Words(string Text) : Part;
    private sealed record Symbol(string Name) : Part;
    private sealed record Optional(Part[] Parts) : Part;
    private sealed record ProductSlot : Part;
}
