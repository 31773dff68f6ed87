using CustomerValue.Packaging;
using CustomerValue.Text;

namespace CustomerValue.Tests.Text;

public class ClauseEncoderTests
{
    // Says what stands in a clause: "good" and "bad" words by their number, and how long it is.
    private sealed record Words(int Version) : ITextEncoder
    {
        public string Identity => $"words {Version}";

        public int Width => 1;

        public IReadOnlyList<TextHead> Heads { get; } =
        [
            new("mood", HeadKind.Classification, ["poor", "none", "good"]), new("stars", HeadKind.Ordinal, ["1", "2", "3"]), new("length", HeadKind.Regression, []), new("side", HeadKind.Classification, ["a", "b"]),
        ];

        public EncodedTexts Encode(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) => new([.. texts.Select(t => new[] { (float)t.Length })], new Dictionary<string, float[][]>
        {
            ["mood"] = [.. texts.Select(t => t.Contains("good") ? new[] { 0, 0.1f, 0.9f } : t.Contains("bad") ? [0.8f, 0.2f, 0] : [0, 1, 0])],
            ["stars"] = [.. texts.Select(t => t.Contains("good") ? new[] { 0f, 0, 1 } : t.Contains("bad") ? [1, 0, 0] : [0, 1, 0])],
            ["length"] = [.. texts.Select(t => new[] { (float)t.Length })],
            ["side"] = [.. texts.Select(t => t.Contains("good") ? new[] { 1f, 0 } : [0, 1])],
        });

        public void Dispose() { }
    }

    [Theory]
    [InlineData("A good cup for the price. It came late!", "A good cup for the price.|It came late!")]
    [InlineData("The cup is really good, but the box was a mess", "The cup is really good|but the box was a mess")]
    [InlineData("I expected it to break early, but it didn't", "I expected it to break early, but it didn't")]
    [InlineData("杯子真的很好看，不过快递实在太慢了。", "杯子真的很好看|不过快递实在太慢了。")]
    [InlineData("本来以为会坏掉，但没有", "本来以为会坏掉，但没有")]
    [InlineData("I meant to come back here, but now I won't, what's more, I'm absolutely furious", "I meant to come back here, but now I won't|what's more, I'm absolutely furious")]
    [InlineData("My brother says it is loud, and that's wrong, still, I use it often", "My brother says it is loud, and that's wrong|still, I use it often")]
    [InlineData("Am I pleased with it? No, but the box was fine", "Am I pleased with it? No|but the box was fine")]
    [InlineData("Is the cup a gift? I bought it for myself.", "Is the cup a gift?|I bought it for myself.")]
    [InlineData("我满意吗？不是，不过我开心，不是难过", "我满意吗？不是|不过我开心，不是难过")]
    [InlineData("杯子放在厨房，另外，快递太慢了", "杯子放在厨房|另外，快递太慢了")]
    [InlineData("When will it come?\nThanks.", "When will it come?|Thanks.")]
    [InlineData("Red, green and blue", "Red, green and blue")]
    [InlineData("", "")]
    [InlineData(" \n ", " \n ")]
    public void A_clause_says_one_thing_and_keeps_what_leans_on_it(string text, string clauses) => Assert.Equal(clauses.Split('|'), Clauses.Of(text));

    [Fact]
    public void What_one_clause_says_isnt_lost_among_those_that_say_nothing()
    {
        using var encoder = new ClauseEncoder(new Words(1));
        var read = encoder.Encode(["It is a cup. It came on day two. It is a good cup.", "A bad cup, as I said. But the tea was good!", "It is a cup."]);
        Assert.Equal([0, 0.1f / 1, 0.9f / 1], read.Answers["mood"][0], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0.8f / 1.8f, 0.1f / 1.8f, 0.9f / 1.8f], read.Answers["mood"][1], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0, 1, 0], read.Answers["mood"][2]);
        // Two clauses that judge nothing weigh .05 each beside one that weighs 1.05.
        Assert.Equal([0, 0.1f / 1.15f, 1.05f / 1.15f], read.Answers["stars"][0], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0.5f, 0, 0.5f], read.Answers["stars"][1], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([1 / 3f, 2 / 3f], read.Answers["side"][0], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal((12 + 19 + 17) / 3f, read.Answers["length"][0][0], 1e-4f);
        Assert.Equal(read.Answers["length"][0][0], read.Embeddings[0][0], 1e-6f);
        Assert.All(read.Answers["mood"], row => Assert.Equal(1, row.Sum(), 1e-6f));
    }

    [Fact]
    public void It_is_another_encoder_than_the_one_inside_and_leaves_in_a_package_with_it()
    {
        var codecs = ModelCodecs.Core.With(new ModelCodec<Words>("words", (model, to) => to.Whole("taught", model.Version), from => new(from.Whole("taught", 0, 9))));
        using var encoder = new ClauseEncoder(new Words(3));
        Assert.NotEqual(encoder.Inner.Identity, encoder.Identity);
        using var again = codecs.ReadEncoder(codecs.Write(encoder));
        Assert.Equal(encoder.Identity, again.Identity);
        Assert.Equal(encoder.Encode(["A bad cup, as I said. But the tea was good!"]).Answers["mood"], again.Encode(["A bad cup, as I said. But the tea was good!"]).Answers["mood"]);
    }
}
