using CustomerValue.Text;

namespace CustomerValue.Torch.Generation;

/// <summary>Turns tokens into pieces of text as they come: never half a character, and nothing that may turn out to be a stop text.</summary>
/// <param name="tokenizer">The model's.</param>
/// <param name="stop">Texts that end the answer.</param>
internal sealed class TextPieces(ITokenizer tokenizer, IReadOnlyList<string> stop)
{
    private const char Replacement = '\uFFFD';
    private readonly List<int> _ids = [];
    private string _held = "";
    private int _from;

    /// <summary>Whether a stop text came.</summary>
    internal bool Stopped { get; private set; }

    /// <summary>Takes a token; returns what can be shown, which may be nothing.</summary>
    internal string Add(int id)
    {
        // Published models often have more rows than their tokenizer has tokens; those rows stand for no text.
        if (id >= tokenizer.Vocabulary.Count) return "";
        _ids.Add(id);
        var text = tokenizer.Decode([.. _ids.Skip(_from)]);
        // A character's bytes may lie in several tokens; four tokens later it isn't a character any more.
        if (text.EndsWith(Replacement) && _ids.Count - _from < 4) return "";
        _from = _ids.Count;
        return Shown(text);
    }

    /// <summary>What is left when no more tokens come.</summary>
    internal string Rest()
    {
        var text = Stopped ? "" : Shown(tokenizer.Decode([.. _ids.Skip(_from)]));
        _from = _ids.Count;
        if (!Stopped) text += _held;
        _held = "";
        return text;
    }

    private string Shown(string text)
    {
        _held += text;
        var at = stop.Select(s => _held.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        if (at >= 0)
        {
            Stopped = true;
            return Give(at);
        }
        // The longest end of the text that a stop text begins with.
        var keep = stop.Select(s => Enumerable.Range(1, Math.Min(s.Length - 1, _held.Length)).LastOrDefault(n => _held.EndsWith(s[..n], StringComparison.Ordinal))).DefaultIfEmpty(0).Max();
        return Give(_held.Length - keep);
    }

    private string Give(int count)
    {
        var shown = _held[..count];
        _held = _held[count..];
        return shown;
    }
}
