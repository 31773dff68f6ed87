using System.Text;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;

namespace CustomerValue.Simulation.Texts;

/// <summary>Joins clauses to sentences, in the order they are added: "but" where the meaning turns, "and" or a new sentence where it goes on.</summary>
internal sealed class Composition(Voice voice, Product product, RandomStream chance)
{
    private readonly StringBuilder _text = new();
    private readonly bool _careful = chance.Chance(0.75);      // closes the last sentence with a full stop
    private Language _language;
    private int _lastSense;

    /// <summary>Says <paramref name="symbol"/>.</summary>
    /// <param name="symbol">A symbol of the grammars.</param>
    /// <param name="sense">1 where it says something good, -1 where something bad, 0 otherwise.</param>
    public Composition Say(string symbol, int sense = 0)
    {
        var link = _text.Length == 0 || EndsSentence(_text[^1]) ? ""
            : sense * _lastSense < 0 && chance.Chance(0.7) ? "link.turn"
            : sense * _lastSense > 0 && chance.Chance(0.35) ? "link.same" : "";
        if (link.Length > 0) _text.Append(_language == Language.Chinese ? "，" : ", ").Append(Clause(link)).Append(_language == Language.Chinese ? "" : " ");
        else StartSentence();
        var clause = Framed(symbol, mayOpen: link.Length == 0);
        _text.Append(link.Length == 0 && _language == Language.English && _careful ? char.ToUpperInvariant(clause[0]) + clause[1..] : clause);
        if (sense != 0) _lastSense = sense;
        return this;
    }

    /// <summary>The text so far, closed.</summary>
    /// <param name="emoji">A symbol for the emoji at the end; empty for none.</param>
    public string Close(string emoji = "")
    {
        if (_careful) Stop(last: true);
        if (emoji.Length > 0) _text.Append(_language == Language.Chinese ? "" : " ").Append(Clause(emoji));
        return _text.ToString();
    }

    private void StartSentence()
    {
        Stop(last: false);
        _language = voice.Next(chance);
    }

    private void Stop(bool last)
    {
        if (_text.Length == 0) return;
        if (!EndsSentence(_text[^1])) _text.Append(_language == Language.Chinese ? chance.Chance(0.85) ? '。' : '！' : chance.Chance(0.88) ? '.' : '!');
        if (!last && _language == Language.English) _text.Append(' ');
    }

    // Many statements carry a word or two around them that say nothing about the feeling.
    private string Framed(string symbol, bool mayOpen)
    {
        var clause = Clause(symbol);
        if (EndsSentence(clause[^1]) || !Grammar.IsStatement(symbol)) return clause;
        var front = mayOpen && chance.Chance(0.3) ? Clause("front") : "";
        var back = front.Length == 0 && chance.Chance(0.2) ? Clause("back") : "";
        return _language == Language.Chinese ? front + clause + back : $"{front} {clause}{(back.Length > 0 ? ", " : "")}{back}".Trim();
    }

    private string Clause(string symbol) => Grammar.Of(_language).Say(symbol, product, chance).Replace("  ", " ", StringComparison.Ordinal).Trim();

    private static bool EndsSentence(char character) => character is '?' or '？' or '.' or '!' or '。' or '！';
}
