using CustomerValue.Text;

namespace CustomerValue.Torch.Tests.Training;

/// <summary>One token a character, and "##" pieces after the first of a run of Latin letters; enough for tests that only need ids.</summary>
internal sealed class LetterTokenizer : ITokenizer
{
    private readonly string[] _vocabulary;
    private readonly Dictionary<string, int> _ids;

    public LetterTokenizer(string letters = "abcdefghijklmnopqrstuvwxyz", string characters = "好坏快慢东西不很太喜欢客服手机退货。，")
    {
        _vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. letters.Select(c => $"{c}"), .. letters.Select(c => $"##{c}"), .. characters.Select(c => $"{c}").Distinct()];
        _ids = _vocabulary.Index().ToDictionary(t => t.Item, t => t.Index);
    }

    public IReadOnlyList<string> Vocabulary => _vocabulary;

    public SpecialTokens Special { get; } = new(Pad: 0, Unknown: 1, Start: 2, End: 3, Mask: 4);

    public int? IdOf(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    public int[] Encode(string text, int maxTokens = int.MaxValue) => [2, .. EncodePlain(text).Take(maxTokens - 2), 3];

    public int[] EncodePlain(string text)
    {
        var ids = new List<int>();
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsWhiteSpace(text[at])) continue;
            var inside = at > 0 && char.IsAsciiLetterLower(text[at]) && char.IsAsciiLetterLower(text[at - 1]);
            ids.Add(IdOf(inside ? $"##{text[at]}" : $"{text[at]}") ?? 1);
        }
        return [.. ids];
    }

    public string Decode(ReadOnlySpan<int> ids) => string.Concat(ids.ToArray().Where(id => id > 4).Select(id => _vocabulary[id].TrimStart('#')));
}
