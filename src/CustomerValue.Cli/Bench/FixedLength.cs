using CustomerValue.Text;

namespace CustomerValue.Cli.Bench;

/// <summary>Reading texts isn't timed where a network is: every text becomes so many ordinary words, drawn by its own length.</summary>
internal sealed class FixedLength(int length) : ITokenizer
{
    public IReadOnlyList<string> Vocabulary => [];

    public SpecialTokens Special { get; } = new(Pad: 0);

    public int? IdOf(string token) => null;

    public int[] Encode(string text, int maxTokens = int.MaxValue) => [.. Enumerable.Range(0, length).Select(i => 2000 + (text.Length * 7919 + i * 104_729) % 20_000)];

    public int[] EncodePlain(string text) => Encode(text);

    public string Decode(ReadOnlySpan<int> ids) => "";
}
