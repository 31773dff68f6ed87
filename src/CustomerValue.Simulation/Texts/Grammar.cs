using System.Numerics;
using System.Text;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;

namespace CustomerValue.Simulation.Texts;

/// <summary>A context-free grammar of clauses in one language: symbols with alternatives, which hold words, further symbols, slots that the writer fills, and optional parts.
/// Read from an embedded text file, whose head tells the notation, and laid out in arrays, so that writing looks nothing up.</summary>
internal sealed class Grammar
{
    private static readonly string[] s_kinds = ["is", "is", "is", "is", "is", "does", "am", "belong", "will", "agent"];        // by topic
    private static readonly string[] s_topics = ["quality", "delivery", "packing", "price", "service", "outcome.does", "mood", "loyal", "intent", "agent"];

    private readonly Dictionary<string, int> _symbols = new(StringComparer.Ordinal);
    private readonly List<string> _words = [];
    private readonly Part[][][] _rules;                                  // [symbol][alternative][part]
    private readonly Frames[] _frames, _does;                            // [topic]

    /// <summary>Reads a grammar.</summary>
    /// <param name="language">The language that its clauses are in.</param>
    /// <param name="text">Its lines; en.txt tells the notation.</param>
    /// <exception cref="FormatException">A line can't be read, or uses a symbol that no line explains.</exception>
    internal Grammar(Language language, string text)
    {
        Language = language;
        var lines = new List<(string Symbol, string Alternatives)>();
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] == ' ' && lines.Count > 0)
            {
                lines[^1] = (lines[^1].Symbol, lines[^1].Alternatives + line);
                continue;
            }
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1) throw new FormatException($"Grammar line '{line}' has no 'symbol:' in front.");
            lines.Add((line[..colon], line[(colon + 1)..]));
            _symbols.Add(line[..colon], lines.Count - 1);
        }
        _rules = [.. lines.Select(line => line.Alternatives.Split('|').Select(alternative => ParseParts(alternative.Trim())).ToArray())];
        _frames = [.. s_topics.Zip(s_kinds, FramesOf)];
        _does = [.. s_topics.Select(topic => FramesOf(topic.Replace(".does", "", StringComparison.Ordinal) + ".does", "does"))];
    }

    /// <summary>Chinese clauses.</summary>
    public static Grammar Chinese { get; } = new(Language.Chinese, EmbeddedText.Read("zh.txt"));

    /// <summary>English clauses.</summary>
    public static Grammar English { get; } = new(Language.English, EmbeddedText.Read("en.txt"));

    /// <summary>The language that its clauses are in.</summary>
    public Language Language { get; }

    /// <summary>The names of all symbols.</summary>
    public IReadOnlyCollection<string> Symbols => _symbols.Keys;

    /// <summary>The grammar of <paramref name="language"/>.</summary>
    public static Grammar Of(Language language) => language == Language.Chinese ? Chinese : English;

    /// <summary>The symbol that begins the rules of <paramref name="topic"/>, such as quality.</summary>
    public static string Name(Topic topic) => s_topics[(int)topic];

    /// <summary>Whether things can be said to have done something about this topic, beside being something.</summary>
    public bool HasDoings(Topic topic) => _does[(int)topic].Up >= 0 && topic != Topic.Outcome;

    /// <summary>Writes one way to say <paramref name="symbol"/>, each alternative as likely as any other.</summary>
    /// <param name="symbol">A symbol of this grammar without a slot for a pole.</param>
    /// <param name="product">What the text is about; fills the slot of that name.</param>
    /// <param name="chance">Where the choices come from.</param>
    /// <param name="text">What it is written to.</param>
    public void Say(string symbol, Product product, RandomStream chance, StringBuilder text) =>
        Expand(_symbols[symbol], new(product.Noun.In(Language), -1, -1, -1, 0, -1, -1), chance, text);

    /// <summary>Writes a statement. What kind of frame it stands in is drawn first, whatever it shall mean, and then words of the pole that makes it mean <paramref name="sense"/>.</summary>
    /// <param name="topic">What it is about.</param>
    /// <param name="sense">1 for good, high or staying, -1 for the opposite, 0 for neither.</param>
    /// <param name="strong">Whether it is said with weight.</param>
    /// <param name="doing">Whether it tells what a thing did; only where <see cref="HasDoings"/>.</param>
    /// <param name="mixing">Share of the words of a pole that come in the other language.</param>
    /// <param name="product">What the text is about.</param>
    /// <param name="chance">Where the choices come from.</param>
    /// <param name="text">What it is written to.</param>
    /// <returns>Whether the frame says what its words say; else the opposite.</returns>
    public bool Say(Topic topic, int sense, bool strong, bool doing, double mixing, Product product, RandomStream chance, StringBuilder text)
    {
        var frames = doing ? _does[(int)topic] : _frames[(int)topic];
        var other = Language == Language.Chinese ? English : Chinese;
        var others = doing ? other._does[(int)topic] : other._frames[(int)topic];
        var same = chance.Chance(sense == 0 ? 0.5 : strong ? frames.SameStrongShare : frames.SameShare);
        var frame = sense == 0 ? frames.Fair : same ? strong ? frames.SameStrong : frames.Same : strong ? frames.TurnedStrong : frames.Turned;
        var up = same == sense > 0;
        var slots = up ? new Slots(product.Noun.In(Language), frames.Subject, frames.Up, frames.Down, mixing, others.Up, others.Down)
            : new Slots(product.Noun.In(Language), frames.Subject, frames.Down, frames.Up, mixing, others.Down, others.Up);
        Expand(frame, slots, chance, text);
        return same;
    }

    /// <summary>In how many ways a statement can be made about one product.</summary>
    public BigInteger Forms(Topic topic, int sense)
    {
        var f = _frames[(int)topic];
        return sense == 0 ? Count(f.Fair, f.Up, f.Down) : Count(f.Same, f.Up, f.Down) + Count(f.Turned, f.Up, f.Down);
        BigInteger Count(int frame, int x, int y) => Forms(frame, new("", f.Subject, x, y, 0, -1, -1));
    }

    /// <summary>In how many ways <paramref name="symbol"/> can be said about one product.</summary>
    public BigInteger Forms(string symbol) => Forms(_symbols[symbol], new("", -1, -1, -1, 0, -1, -1));

    private BigInteger Forms(int symbol, Slots slots) => _rules[symbol].Select(parts => Forms(parts, slots)).Aggregate(BigInteger.Zero, BigInteger.Add);

    private BigInteger Forms(Part[] parts, Slots slots) => parts.Select(part => part.Kind switch
    {
        PartKind.Symbol => Forms(part.Index, slots),
        PartKind.Optional => BigInteger.One + Forms(part.Inner!, slots),
        PartKind.Word => Forms(slots.Word, slots),
        PartKind.Opposite => Forms(slots.Opposite, slots),
        PartKind.Subject => Forms(slots.Subject, slots),
        _ => BigInteger.One,
    }).Aggregate(BigInteger.One, BigInteger.Multiply);

    private void Expand(int symbol, in Slots slots, RandomStream chance, StringBuilder text)
    {
        var alternatives = _rules[symbol];
        Expand(alternatives[chance.Below(alternatives.Length)], slots, chance, text);
    }

    private void Expand(Part[] parts, in Slots slots, RandomStream chance, StringBuilder text)
    {
        foreach (ref readonly var part in parts.AsSpan())
            switch (part.Kind)
            {
                case PartKind.Words: text.Append(_words[part.Index]); break;
                case PartKind.Product: text.Append(slots.Product); break;
                case PartKind.Symbol: Expand(part.Index, slots, chance, text); break;
                case PartKind.Subject: Expand(slots.Subject, slots, chance, text); break;
                case PartKind.Word: Pole(slots.Word, slots.OtherWord, slots, chance, text); break;
                case PartKind.Opposite: Pole(slots.Opposite, slots.OtherOpposite, slots, chance, text); break;
                case PartKind.Optional when chance.Chance(0.5): Expand(part.Inner!, slots, chance, text); break;
            }
    }

    private void Pole(int symbol, int otherSymbol, in Slots slots, RandomStream chance, StringBuilder text)
    {
        if (slots.Mixing > 0 && otherSymbol >= 0 && chance.Chance(slots.Mixing)) (Language == Language.Chinese ? English : Chinese).Expand(otherSymbol, slots, chance, text);
        else Expand(symbol, slots, chance, text);
    }

    private Frames FramesOf(string topic, string kind)
    {
        int Find(string symbol) => _symbols.GetValueOrDefault(symbol, -1);
        var (same, turned, sameStrong, turnedStrong) = (Find(kind + ".same"), Find(kind + ".turned"), Find(kind + ".same.strong"), Find(kind + ".turned.strong"));
        if (sameStrong < 0) (sameStrong, turnedStrong) = (same, turned);
        return new(Find(topic + ".subject"), Find(topic + ".up"), Find(topic + ".down"), same, turned, sameStrong, turnedStrong,
            Find(kind == "will" ? "will.open" : kind + ".fair"), SameShare(same, turned), SameShare(sameStrong, turnedStrong));
    }

    // Some frames name both poles. With a and b the words of the frame's pole over those of the other in both kinds of frames, p a = (1 - p) b makes the words say nothing by themselves;
    // the frames don't in any case, since their kind is drawn whatever is to be said.
    private double SameShare(int same, int turned)
    {
        if (same < 0 || turned < 0) return 0.5;
        var (a, b) = (_rules[same].Average(Excess), _rules[turned].Average(Excess));
        return a > 0 && b > 0 ? b / (a + b) : throw new FormatException($"The {Language} grammar has frames that name the other pole more often than their own; words would give the meaning away.");
        static double Excess(Part[] parts) => parts.Sum(part => part.Kind switch
        {
            PartKind.Word => 1.0,
            PartKind.Opposite => -1,
            PartKind.Optional => Excess(part.Inner!) / 2,
            _ => 0,
        });
    }

    private Part[] ParseParts(string text)
    {
        var parts = new List<Part>();
        for (var start = 0; start < text.Length;)
        {
            var close = text[start] switch { '{' => '}', '<' => '>', '[' => ']', _ => '\0' };
            if (close == '\0')
            {
                var next = text.AsSpan(start).IndexOfAny('{', '<', '[');
                var end = next < 0 ? text.Length : start + next;
                _words.Add(text[start..end]);
                parts.Add(new(PartKind.Words, _words.Count - 1));
                start = end;
                continue;
            }
            var stop = text.IndexOf(close, start);
            if (stop < 0) throw new FormatException($"Grammar text '{text}' opens a '{text[start]}' that nothing closes.");
            var inner = text[(start + 1)..stop];
            parts.Add((close, inner) switch
            {
                ('}', _) => new(PartKind.Symbol, _symbols.TryGetValue(inner, out var symbol) ? symbol
                    : throw new FormatException($"The {Language} grammar uses {{{inner}}}, but has no line '{inner}:'.")),
                (']', _) => new(PartKind.Optional, 0, ParseParts(inner)),
                (_, "product") => new(PartKind.Product, 0),
                (_, "X") => new(PartKind.Word, 0),
                (_, "Y") => new(PartKind.Opposite, 0),
                (_, "S") => new(PartKind.Subject, 0),
                _ => throw new FormatException($"Grammar text '{text}' has a slot <{inner}>; the writer fills only <product>, <S>, <X> and <Y>."),
            });
            start = stop + 1;
        }
        return [.. parts];
    }

    private enum PartKind
    {
        Words, Symbol, Optional, Product, Subject, Word, Opposite,
    }

    private readonly record struct Part(PartKind Kind, int Index, Part[]? Inner = null);

    // What fills the slots of a frame: symbols of this grammar, and those of the other language's that stand for the same.
    private readonly record struct Slots(string Product, int Subject, int Word, int Opposite, double Mixing, int OtherWord, int OtherOpposite);
}
