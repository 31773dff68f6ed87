using CustomerValue.Onnx;
using CustomerValue.Packaging;
using CustomerValue.Testing;
using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Text.Weights;

namespace CustomerValue.Tests;

/// <summary>Encoders with several heads that read customers' texts for features, opened from their folder and packaged; the small encoder is made here, so that nothing is needed beside the project.</summary>
public sealed class OnnxReaderTests : IDisposable
{
    private static readonly ModelCodecs s_codecs = ModelCodecs.Core.With(OnnxCodecs.All);

    private static readonly TextHeads s_heads = new(Pooling.Mean, 14,
    [
        new("mood", HeadKind.Ordinal, ["poor", "none", "good"]), new("intent", HeadKind.Classification, ["open", "leave", "restock"]), new("spend", HeadKind.Regression, [], Mean: 40, Scale: 12),
    ]);

    private static readonly string[] s_texts = ["the cup is not bad at all", "bad cup", "", "cup cup cup cup cup cup cup cup cup cup cup cup cup", "not at all the cup"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Folder(float first = 0)
    {
        var model = new SmallBert(vocabulary: 12);
        _folder.Write("config.json", model.Config);
        _folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ncup\nis\nnot\nbad\nat\nall\n");
        SafeTensorsWriter.Write(_folder.In("model.safetensors"), model.Shapes().Select(s => WeightToWrite.Of(s.Name, s.Shape, [model.Weight(s.Name).Values[0] + first, .. model.Weight(s.Name).Values[1..]])));
        TextHeadsFile.Write(_folder.Path, s_heads);
        SafeTensorsWriter.Write(_folder.In(TextHeadsFile.Weights), s_heads.Heads.SelectMany(head =>
            new[] { "weight", "bias" }.Concat(head.Kind == HeadKind.Ordinal ? ["thresholds"] : []).Select(part => model.HeadWeight(head, $"{head.Name}.{part}") is var (shape, values) ? WeightToWrite.Of($"{head.Name}.{part}", shape, values) : null!)));
        return _folder.Path;
    }

    [Fact]
    public void Its_vectors_and_answers_are_those_of_plain_loops()
    {
        using var reader = OnnxReader.Open(Folder());
        var (model, tokenizer, read) = (new SmallBert(vocabulary: 12), HuggingFaceTokenizer.Open(_folder.Path), reader.Encode(s_texts));
        Assert.Equal(["mood", "intent", "spend"], reader.Heads.Select(h => h.Name));
        for (var row = 0; row < s_texts.Length; row++)
        {
            var pooled = SmallBert.Pooled(model.States(tokenizer.Encode(s_texts[row], 14)), Pooling.Mean);
            Assert.All(pooled.Zip(read.Embeddings[row]), p => Assert.Equal(p.First, p.Second, 1e-4));
            foreach (var head in s_heads.Heads) Assert.All(model.Answer(head, pooled).Zip(read.Answers[head.Name][row]), p => Assert.Equal(p.First, p.Second, 1e-3));
        }
    }

    [Fact]
    public void A_text_gets_the_same_bits_alone_and_beside_others()
    {
        using var reader = OnnxReader.Open(Folder(), new() { Threads = 2 });
        var together = reader.Encode([.. Enumerable.Repeat(s_texts, 900).SelectMany(t => t)]);               // more than one portion
        for (var row = 0; row < s_texts.Length; row++)
        {
            var alone = reader.Encode([s_texts[row]]);
            foreach (var place in new[] { row, 4_400 + row })
            {
                Assert.Equal(alone.Embeddings[0], together.Embeddings[place]);
                Assert.All(s_heads.Heads, h => Assert.Equal(alone.Answers[h.Name][0], together.Answers[h.Name][place]));
            }
        }
    }

    [Fact]
    public void It_leaves_as_a_package_and_reads_the_same_bit_for_bit()
    {
        using var reader = OnnxReader.Open(Folder());
        var files = s_codecs.Write(reader);
        using var again = s_codecs.ReadEncoder(files);
        Assert.Equal(reader.Identity, again.Identity);
        Assert.Equal(reader.Encode(s_texts).Embeddings, again.Encode(s_texts).Embeddings);
        Assert.Equal(reader.Encode(s_texts).Answers["spend"], again.Encode(s_texts).Answers["spend"]);
        Assert.DoesNotContain(files.Paths, p => p.EndsWith(".onnx", StringComparison.Ordinal));
        using var other = OnnxReader.Open(Folder(first: 0.25f));
        Assert.NotEqual(reader.Identity, other.Identity);
    }

    [Fact]
    public void A_folder_without_heads_or_with_heads_of_another_model_is_refused_in_words()
    {
        Folder();
        File.Delete(_folder.In(TextHeadsFile.Weights));
        Assert.Throws<FileNotFoundException>(() => OnnxReader.Open(_folder.Path));
        Folder();
        TextHeadsFile.Write(_folder.Path, s_heads with { Heads = [.. s_heads.Heads, new("topic", HeadKind.Classification, ["a", "b"])] });
        Assert.Contains("topic", Assert.Throws<InvalidDataException>(() => OnnxReader.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }
}
