using System.Text;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;

namespace CustomerValue.Simulation.Texts;

/// <summary>Joins clauses to sentences, in the order they are added: "but" where the meaning turns, "and" or a new sentence where it goes on.</summary>
/// <param name="voice">How the writer writes.</param>
/// <param name="product">What the text is about.</param>
/// <param name="chance">Where the choices come from.</param>
/// <param name="said">Notes what is said; null where nobody asks.</param>
internal sealed class Composition(Voice voice, Product product, RandomStream chance, Said? said = null)
{
    private const double IronyShare = 0.03, DoingShare = 0.2;

    private readonly StringBuilder _text = new();
    private readonly bool _careful = chance.Chance(0.75);      // closes the last sentence with a full stop, and begins with a capital
    private Language _language;
    private int _lastSense;

    /// <summary>Says <paramref name="symbol"/>, which judges nothing.</summary>
    public Composition Say(string symbol)
    {
        Begin(linked: false);
        var start = _text.Length;
        Grammar.Of(_language).Say(symbol, product, chance, _text);
        Capital(start, linked: false);
        return this;
    }

    /// <summary>States something.</summary>
    /// <param name="topic">What it is about.</param>
    /// <param name="sense">1 for good, high or staying, -1 for the opposite, 0 for neither.</param>
    /// <param name="strong">Whether it is said with weight.</param>
    public Composition Say(Topic topic, int sense, bool strong = false)
    {
        var grammar = Grammar.Of(_language);
        var doings = topic == Topic.Outcome || grammar.HasDoings(topic) && sense != 0 && chance.Chance(DoingShare);
        if (sense != 0 && !doings && grammar.HasDoings(topic) && chance.Chance(IronyShare))
        {
            // Irony: the opposite, laid on thick, beside what happened.
            State(topic, -sense, strong: true, doing: false);
            State(topic, sense, strong: false, doing: true);
            said?.Note(topic, sense, strong: false);
            return this;
        }
        var same = State(topic, sense, strong, topic != Topic.Outcome && doings);
        said?.Note(topic, sense, strong && !doings, same);
        return this;
    }

    /// <summary>The text so far, closed.</summary>
    /// <param name="emoji">A symbol for the emoji at the end; empty for none.</param>
    public string Close(string emoji = "")
    {
        if (_careful) Stop(last: true);
        if (emoji.Length > 0)
        {
            if (_language == Language.English) _text.Append(' ');
            Grammar.Of(_language).Say(emoji, product, chance, _text);
        }
        return voice.SlipShare > 0 ? Slips.Into(_text, voice.SlipShare, chance) : _text.ToString();
    }

    private bool State(Topic topic, int sense, bool strong, bool doing)
    {
        var link = _text.Length == 0 || EndsSentence(_text[^1]) ? ""
            : sense * _lastSense < 0 && chance.Chance(0.7) ? "link.turn"
            : sense * _lastSense > 0 && chance.Chance(0.35) ? "link.same" : "";
        Begin(linked: link.Length > 0);
        var start = _text.Length;
        var grammar = Grammar.Of(_language);
        var (chinese, front) = (_language == Language.Chinese, link.Length == 0 && chance.Chance(0.25));
        if (link.Length > 0 || front)
        {
            grammar.Say(front ? "front" : link, product, chance, _text);
            if (!chinese) _text.Append(' ');
        }
        var same = grammar.Say(topic, sense, strong, doing, voice.Mixing, product, chance, _text);
        if (!front && !EndsSentence(_text[^1]) && chance.Chance(0.15))
        {
            if (!chinese) _text.Append(", ");
            grammar.Say("back", product, chance, _text);
        }
        Capital(start, link.Length > 0);
        if (sense != 0) _lastSense = sense;
        return same;
    }

    private void Begin(bool linked)
    {
        if (linked)
        {
            _text.Append(_language == Language.Chinese ? "，" : ", ");
            return;
        }
        Stop(last: false);
        _language = voice.Next(chance);
    }

    private void Capital(int start, bool linked)
    {
        if (!linked && _careful && _language == Language.English) _text[start] = char.ToUpperInvariant(_text[start]);
    }

    private void Stop(bool last)
    {
        if (_text.Length == 0) return;
        if (!EndsSentence(_text[^1])) _text.Append(_language == Language.Chinese ? chance.Chance(0.85) ? '。' : '！' : chance.Chance(0.88) ? '.' : '!');
        if (!last && _language == Language.English) _text.Append(' ');
    }

    private static bool EndsSentence(char character) => character is '?' or '？' or '.' or '!' or '。' or '！';
}
