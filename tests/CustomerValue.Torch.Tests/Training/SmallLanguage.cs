using CustomerValue.Text;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Training;
using CustomerValue.Torch.Weights;

namespace CustomerValue.Torch.Tests.Training;

/// <summary>A made-up language that a tiny network learns in seconds: reviews of a few characters, in which what follows is mostly certain.</summary>
internal static class SmallLanguage
{
    private static readonly string[] s_things = ["手机", "东西", "客服"];
    private static readonly string[] s_good = ["很好", "喜欢", "太快"], s_bad = ["很坏", "退货", "太慢"];

    /// <summary>Texts, and whether each is content.</summary>
    public static (string[] Texts, int[] Positive) Reviews(int count, int seed)
    {
        var random = SplitMix64.Stream(seed, 1);
        var (texts, positive) = (new string[count], new int[count]);
        for (var at = 0; at < count; at++)
        {
            positive[at] = random.Below(2);
            var words = Enumerable.Range(0, 1 + random.Below(3)).Select(_ => s_things[random.Below(3)] + (positive[at] == 1 ? s_good : s_bad)[random.Below(3)]).ToArray();
            texts[at] = string.Join('，', words) + '。';
        }
        return (texts, positive);
    }

    public static WordTokens[] Tokens(string[] texts) => [.. texts.Select(t => WordTokens.Of(t, new LetterTokenizer(), text => [.. Enumerable.Range(1, text.Length)]))];

    public static BertConfig Config(double dropout = 0.1) => new()
    {
        VocabSize = new LetterTokenizer().Vocabulary.Count, HiddenSize = 32, Layers = 2, Heads = 2, IntermediateSize = 64, MaxPositions = 32, HiddenDropout = dropout,
    };

    /// <summary>A folder with an untrained encoder and its vocabulary.</summary>
    public static string Folder(double dropout = 0.1)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), new LetterTokenizer().Vocabulary);
        using var encoder = Bert.Create(Config(dropout), seed: 5);
        HuggingFaceFolder.Save(folder, encoder, path => Config(dropout).Write(path));
        return folder;
    }
}
