using CustomerValue.Onnx;
using CustomerValue.Testing;
using CustomerValue.Text;

namespace CustomerValue.Tests;

public sealed class OnnxTextEncoderTests
{
    private static readonly TextHeads s_heads = new(Pooling.Mean, 16, [new("sentiment", HeadKind.Classification, ["bad", "good"]), new("spend", HeadKind.Regression, [], 5, 2)]);
    private static readonly string[] s_texts = ["hello", "", "a very long text that is cut off at sixteen tokens", "b", "hello", "xyz", "qwertyui"];

    private static SmallBert Bert { get; } = new();

    private static TemporaryFolder Package(TextHeads? heads = null, OnnxPrecision precision = OnnxPrecision.Single)
    {
        var folder = new TemporaryFolder();
        OnnxGraphWriter.Write(Bert.Source(heads), folder.In(OnnxTextEncoder.ModelFile), new() { Precision = precision });
        if (heads is not null) TextHeadsFile.Write(folder.Path, heads);
        return folder;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(100_000)]
    public void A_text_gets_its_own_answer_whatever_stands_beside_it(int budget)
    {
        using var folder = Package(s_heads);
        using var encoder = OnnxTextEncoder.Open(folder.Path, new LetterTokenizer(), new() { TokenBudget = budget });
        var encoded = encoder.Encode(s_texts);
        Assert.Equal((12, 16, "fp32"), (encoder.Width, encoder.MaxTokens, encoder.Precision));
        for (var row = 0; row < s_texts.Length; row++)
        {
            var pooled = SmallBert.Pooled(Bert.States(new LetterTokenizer().Encode(s_texts[row], 16)), Pooling.Mean);
            Assert.All(pooled.Zip(encoded.Embeddings[row]), p => Assert.Equal(p.First, p.Second, 2e-6));
            Assert.All(Bert.Answer(s_heads.Heads[0], pooled).Zip(encoded.Answers["sentiment"][row]), p => Assert.Equal(p.First, p.Second, 2e-6));
            Assert.Equal(Bert.Answer(s_heads.Heads[1], pooled)[0], encoded.Answers["spend"][row][0], 1e-5);
        }
    }

    [Fact]
    public void Normalised_vectors_are_one_long()
    {
        using var folder = Package();
        using var encoder = OnnxTextEncoder.Open(folder.Path, new LetterTokenizer());
        Assert.All(encoder.Embed(s_texts, normalize: true), v => Assert.Equal(1, v.Sum(x => (double)x * x), 1e-6));
        Assert.Empty(encoder.Embed([]));
    }

    [Fact]
    public async Task Threads_that_share_it_get_what_one_alone_gets()
    {
        using var folder = Package(s_heads);
        using var encoder = OnnxTextEncoder.Open(folder.Path, new LetterTokenizer());
        var alone = encoder.Encode(s_texts);
        var shared = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 20).Select(_ => encoder.Encode(s_texts)).Last())));
        Assert.All(shared, s => Assert.Equal(alone.Embeddings, s.Embeddings));
        Assert.All(shared, s => Assert.Equal(alone.Answers["sentiment"], s.Answers["sentiment"]));
    }

    [Fact]
    public void Batches_at_once_give_what_one_after_another_gives()
    {
        using var folder = Package(s_heads);
        using OnnxTextEncoder one = OnnxTextEncoder.Open(folder.Path, new LetterTokenizer()), several = OnnxTextEncoder.Open(folder.Path, new LetterTokenizer(), new() { Threads = 3 });
        var (alone, atOnce) = (one.Encode(s_texts), several.Encode(s_texts));
        for (var row = 0; row < s_texts.Length; row++) Assert.All(alone.Embeddings[row].Zip(atOnce.Embeddings[row]), p => Assert.Equal(p.First, p.Second, 2e-6));
        Assert.Throws<OperationCanceledException>(() => several.Encode(s_texts, cancellation: new(canceled: true)));
    }

    [Fact]
    public void Buckets_hold_every_row_once_in_order_of_length_and_within_the_budget()
    {
        int[][] texts = [.. Enumerable.Range(0, 200).Select(i => new int[1 + i * 37 % 50])];
        var buckets = OnnxTextEncoder.Buckets(texts, 120).ToList();
        Assert.Equal(Enumerable.Range(0, 200), buckets.SelectMany(b => b).Order());
        Assert.All(buckets, b => Assert.True(b.Length == 1 || b.Length * b.Max(r => texts[r].Length) <= 120));
        Assert.Equal(buckets.SelectMany(b => b).Select(r => texts[r].Length).Order(), buckets.SelectMany(b => b).Select(r => texts[r].Length));
    }

    [Fact]
    public void Who_asks_for_a_head_that_is_not_there_is_told_which_are()
    {
        using var folder = Package(s_heads);
        using var encoder = OnnxTextEncoder.Open(folder.Path, new LetterTokenizer());
        Assert.Contains("There are: sentiment, spend", Assert.Throws<ArgumentException>(() => encoder.Answer("stars", s_texts)).Message, StringComparison.Ordinal);
        Assert.Equal([7, 2], [encoder.Answer("sentiment", s_texts).Length, encoder.Answer("sentiment", s_texts)[0].Length]);
    }

    [Fact]
    public void A_cancelled_encoding_stops()
    {
        using var folder = Package();
        using var encoder = OnnxTextEncoder.Open(folder.Path, new LetterTokenizer());
        Assert.Throws<OperationCanceledException>(() => encoder.Embed(s_texts, cancellation: new CancellationToken(true)));
    }

    [Fact]
    public void Heads_or_a_tokenizer_of_another_model_are_refused()
    {
        using var folder = Package(s_heads);
        Assert.Contains("belong to different models", Assert.Throws<InvalidDataException>(() => OnnxTextEncoder.Open(folder.Path, new LetterTokenizer(extra: 20))).Message, StringComparison.Ordinal);
        TextHeadsFile.Write(folder.Path, s_heads with { Heads = [s_heads.Heads[0] with { Labels = ["bad", "fair", "good"] }] });
        Assert.Contains("'sentiment' is 2 wide where heads.json has 3 labels", Assert.Throws<InvalidDataException>(() => OnnxTextEncoder.Open(folder.Path, new LetterTokenizer())).Message, StringComparison.Ordinal);
        TextHeadsFile.Write(folder.Path, s_heads with { Heads = [s_heads.Heads[0] with { Name = "mood" }] });
        Assert.Contains("lacks the output 'mood'", Assert.Throws<InvalidDataException>(() => OnnxTextEncoder.Open(folder.Path, new LetterTokenizer())).Message, StringComparison.Ordinal);
        Assert.Contains("has no model.onnx", Assert.Throws<FileNotFoundException>(() => OnnxTextEncoder.Open(folder.In("none"), new LetterTokenizer())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_cut_off_is_refused_in_words()
    {
        using var folder = Package(s_heads, OnnxPrecision.Int8);
        var whole = File.ReadAllBytes(folder.In("model.onnx"));
        foreach (var length in Enumerable.Range(0, 40).Select(i => i * whole.Length / 40))
        {
            File.WriteAllBytes(folder.In("model.onnx"), whole[..length]);
            Assert.IsType<InvalidDataException>(Record.Exception(() => OnnxTextEncoder.Open(folder.Path, new LetterTokenizer())));
        }
    }

    [Fact]
    public void A_file_that_was_changed_is_refused_or_read_and_never_ends_the_process()
    {
        using var folder = Package(s_heads);
        var whole = File.ReadAllBytes(folder.In("model.onnx"));
        var random = new SplitMix64(7);
        for (var round = 0; round < 300; round++)
        {
            byte[] changed = [.. whole];
            for (var flips = 0; flips <= round % 4; flips++) changed[random.Below(changed.Length)] ^= (byte)(1 << random.Below(8));
            File.WriteAllBytes(folder.In("model.onnx"), changed);
            var error = Record.Exception(() => OnnxTextEncoder.Open(folder.Path, new LetterTokenizer()).Dispose());
            Assert.True(error is null or InvalidDataException, $"round {round}: {error}");
        }
    }
}
