using CustomerValue.Torch.Training;
using CustomerValue.Torch.Weights;

namespace CustomerValue.Torch.Tests.Training;

public class ContrastiveTuningTests
{
    private static readonly ContrastiveOptions s_options = new() { Training = new() { LearningRate = 2e-3, Epochs = 12, TokensPerBatch = 512, MaxTokens = 24 } };

    // A Chinese text and an English one about the same thing: they share no token, so that only training can bring them together.
    private static TextPair[] Pairs(int count, int seed)
    {
        (string Chinese, string English)[] things = [("手机", "phone"), ("东西", "box"), ("客服", "talk"), ("退货", "back"), ("快", "fast"), ("坏", "bad")];
        string[] before = ["很", "不", "太"], after = ["a", "so", "not"];
        var random = SplitMix64.Stream(seed, 1);
        var pairs = new TextPair[count];
        for (var at = 0; at < count; at++)
        {
            var (chinese, english) = things[random.Below(things.Length)];
            pairs[at] = new($"{before[random.Below(3)]}{chinese}。", $"{after[random.Below(3)]} {english}", english);
        }
        return pairs;
    }

    [Fact]
    public void Texts_that_belong_together_come_to_lie_together()
    {
        using var backbone = TextBackbone.Open(SmallLanguage.Folder(), WeightUse.Train);
        var held = Pairs(60, 2);
        var before = ContrastiveTuning.Figures(backbone, s_options, held);
        ContrastiveTuning.Train(backbone, s_options, Pairs(200, 1), held, null, null, TimeProvider.System, default);
        var after = ContrastiveTuning.Figures(backbone, s_options, held);
        Assert.InRange(before["partner_found"], 0, 0.5);
        Assert.InRange(after["partner_found"], 0.95, 1);
        Assert.True(after["reciprocal_rank"] > before["reciprocal_rank"]);
    }

    [Fact]
    public void One_pair_alone_is_refused()
    {
        using var backbone = TextBackbone.Open(SmallLanguage.Folder(), WeightUse.Train);
        Assert.Contains("at least two", Assert.Throws<ArgumentException>(() => ContrastiveTuning.Train(backbone, s_options, Pairs(1, 1), [], null, null, TimeProvider.System, default)).Message);
    }
}
