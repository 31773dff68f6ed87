using CustomerValue.Text;

namespace CustomerValue.Tests;

/// <summary>A token a letter: [PAD], [CLS], [SEP], then a to z.</summary>
internal sealed class LetterTokenizer(int extra = 0) : ITokenizer
{
    public IReadOnlyList<string> Vocabulary { get; } = ["[PAD]", "[CLS]", "[SEP]", .. Enumerable.Range('a', 26).Select(c => ((char)c).ToString()), .. Enumerable.Range(0, extra).Select(i => $"[{i}]")];

    public SpecialTokens Special { get; } = new(Pad: 0, Start: 1, End: 2);

    public int? IdOf(string token) => Vocabulary.ToList().IndexOf(token) is >= 0 and var id ? id : null;

    public int[] Encode(string text, int maxTokens = int.MaxValue) => [1, .. EncodePlain(text).Take(maxTokens - 2), 2];

    public int[] EncodePlain(string text) => [.. text.Where(c => c is >= 'a' and <= 'z').Select(c => c - 'a' + 3)];

    public string Decode(ReadOnlySpan<int> ids) => string.Concat(ids.ToArray().Where(i => i > 2).Select(i => Vocabulary[i]));
}
