using CustomerValue.Text;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Tests.Training;
using CustomerValue.Torch.Training;
using CustomerValue.Torch.Weights;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests.Language;

public class TorchTextEncoderTests
{
    private static readonly TextHead[] s_heads = [new("sentiment", HeadKind.Classification, ["bad", "good"]), new("stars", HeadKind.Ordinal, ["1", "2", "3"]), new("length", HeadKind.Regression, [], Mean: 12, Scale: 5)];

    [Fact]
    public void A_tuned_folder_answers_as_its_classifier_does_and_gives_the_vectors_that_its_heads_see()
    {
        var folder = Tuned();
        using var encoder = TorchTextEncoder.Open(folder);
        using var classifier = TextClassifier.Open(folder);
        using var embedder = TextEmbedder.Open(folder, new() { Pooling = classifier.Heads.Pooling, MaxTokens = classifier.Heads.MaxTokens });
        string[] texts = [.. SmallLanguage.Reviews(30, 2).Texts];
        var (encoded, answers, vectors) = (encoder.Encode(texts), classifier.Answer(texts), embedder.Embed(texts));

        Assert.Equal(s_heads.Select(h => h.Name), encoder.Heads.Select(h => h.Name));
        Assert.Equal(embedder.Width, encoder.Width);
        for (var i = 0; i < texts.Length; i++)
        {
            // libtorch's products may differ in the last bit by where a tensor lies in memory.
            Assert.Equal(vectors[i], encoded.Embeddings[i], Near);
            Assert.Equal(answers[i][0].Probabilities!.Values.Select(p => (float)p), encoded.Answers["sentiment"][i], Near);
            Assert.Equal(answers[i][1].Probabilities!.Values.Select(p => (float)p), encoded.Answers["stars"][i], Near);
            Assert.Equal((float)answers[i][2].Value!.Value, encoded.Answers["length"][i].Single(), 1e-4f);
        }
        Assert.Empty(encoder.Encode([]).Embeddings);

        static bool Near(float a, float b) => Math.Abs(a - b) < 1e-6;
    }

    [Fact]
    public void Threads_are_its_own_and_another_head_is_another_identity()
    {
        var folder = Tuned();
        string first;
        using (var encoder = TorchTextEncoder.Open(folder, threads: 2))
        {
            var before = get_num_threads();
            encoder.Encode(["很好", "不好"]);
            Assert.Equal(before, get_num_threads());
            first = encoder.Identity;
        }
        var heads = TextHeadsFile.Read(folder);
        TextHeadsFile.Write(folder, heads with { Heads = [heads.Heads[0], heads.Heads[1], heads.Heads[2] with { Mean = 13 }] });
        using var other = TorchTextEncoder.Open(folder);
        Assert.NotEqual(first, other.Identity);
        Assert.Equal(other.Identity, new FolderEncoderSource(folder).Settings["model"]);
    }

    [Fact]
    public void A_folder_without_heads_gives_vectors_alone()
    {
        var source = new FolderEncoderSource(SmallLanguage.Folder());
        using var encoder = source.Open(() => throw new InvalidOperationException("It asks for no labels."), new(2025, 1, 1), "", 1);
        var encoded = encoder.Encode(["很好"]);
        Assert.Empty(encoder.Heads);
        Assert.Empty(encoded.Answers);
        Assert.Equal(source.Width, encoded.Embeddings[0].Length);
    }

    private static string Tuned()
    {
        var (texts, labels) = SmallLanguage.Reviews(60, 1);
        var targets = new Dictionary<string, float[]> { ["sentiment"] = [.. labels.Select(l => (float)l)], ["stars"] = [.. labels.Select(l => l * 2f)], ["length"] = [.. texts.Select(t => (float)t.Length)] };
        var options = new FineTuningOptions { Training = new() { LearningRate = 3e-3, Epochs = 1, TokensPerBatch = 256, MaxTokens = 24 } };
        using var model = FineTuning.Train(TextBackbone.Open(SmallLanguage.Folder(), WeightUse.Train), s_heads, options, new(texts, targets), null, null, null, TimeProvider.System, default).Model;
        var folder = Directory.CreateTempSubdirectory().FullName;
        model.Save(folder);
        return folder;
    }
}
