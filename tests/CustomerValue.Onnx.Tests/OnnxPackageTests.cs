using System.Numerics.Tensors;
using System.Text.Json;
using CustomerValue.Onnx;
using CustomerValue.Testing;
using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Weights;
using static TorchSharp.torch;

namespace CustomerValue.Tests;

public sealed class OnnxPackageTests
{
    private static readonly TextHead[] s_heads =
    [
        new("intent", HeadKind.Classification, ["return", "size", "delivery", "praise"]),
        new("stars", HeadKind.Ordinal, ["1", "2", "3", "4", "5"]),
        new("spend", HeadKind.Regression, [], Mean: 40, Scale: 12),
    ];

    // Copies of published weights with random heads beside them, as fine-tuning leaves a folder.
    private static TemporaryFolder WithHeads(string model, int width, Pooling pooling)
    {
        var folder = new TemporaryFolder();
        foreach (var file in new[] { "config.json", "vocab.txt", "tokenizer_config.json", "model.safetensors" }) File.Copy(Path.Combine(RealModels.Need(model), file), folder.In(file));
        TextHeadsFile.Write(folder.Path, new(pooling, 128, s_heads));
        var random = new SplitMix64(11);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.Unit() - 0.5))];
        SafeTensorsWriter.Write(folder.In(TextHeadsFile.Weights), s_heads.SelectMany(h =>
        {
            var outputs = h.Kind == HeadKind.Classification ? h.Labels.Count : 1;
            WeightToWrite[] both = [WeightToWrite.Of(h.Name + ".weight", [outputs, width], Numbers(outputs * width)), WeightToWrite.Of(h.Name + ".bias", [outputs], Numbers(outputs))];
            return h.Kind == HeadKind.Ordinal ? [.. both, WeightToWrite.Of(h.Name + ".thresholds", [4], [-1.5f, -0.5f, 0.4f, 1.6f])] : both;
        }));
        return folder;
    }

    [Theory]
    [InlineData("all-minilm-l6-v2")]
    [InlineData("bert-tiny-random")]
    public void Published_texts_get_the_vectors_that_were_published(string model)
    {
        var folder = RealModels.Need(model);
        using var package = new TemporaryFolder();
        OnnxPackage.Write(folder, package.Path);
        using var encoder = OnnxTextEncoder.Open(package.Path);
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        // A pair of texts has tokens of a second type, which such a model has no input for.
        JsonElement[] cases = [.. expected.RootElement.GetProperty("cases").EnumerateArray().Where(c => !c.TryGetProperty("token_type_ids", out _) && c.GetProperty("name").GetString() != "pair")];
        Assert.True(cases.Length >= 9);
        var vectors = encoder.Embed([.. cases.Select(c => c.GetProperty("text").GetString()!)]);
        var normal = encoder.Embed([.. cases.Select(c => c.GetProperty("text").GetString()!)], normalize: true);
        for (var row = 0; row < cases.Length; row++)
        {
            Near(cases[row], "mean_pooled_first8", vectors[row]);
            Assert.Equal(cases[row].GetProperty("mean_pooled_l2").GetDouble(), Math.Sqrt(vectors[row].Sum(v => (double)v * v)), 1e-4);
            if (cases[row].TryGetProperty("sentence_embedding_first8", out _)) Near(cases[row], "sentence_embedding_first8", normal[row]);
        }
    }

    [Theory]
    [InlineData("all-minilm-l6-v2", 384, Pooling.Mean)]
    [InlineData("bert-tiny-random", 32, Pooling.First)]
    public void Encoder_and_heads_answer_as_Torch_does(string model, int width, Pooling pooling)
    {
        TorchThreads.Use(1);
        using var source = WithHeads(model, width, pooling);
        using var package = new TemporaryFolder();
        var report = OnnxPackage.Write(source.Path, package.Path);
        Assert.InRange(report.LargestDifference, 0, 1e-4);
        using var encoder = OnnxTextEncoder.Open(package.Path);
        var encoded = encoder.Encode(OnnxPackage.Samples);

        using var folder = HuggingFaceFolder.Open(source.Path);
        using var bert = folder.Bert();
        using var weights = WeightFolder.OpenFile(source.In(TextHeadsFile.Weights));
        using var quiet = inference_mode();
        var tokenizer = HuggingFaceTokenizer.Open(source.Path);
        for (var row = 0; row < OnnxPackage.Samples.Count; row++)
        {
            using var scope = NewDisposeScope();
            var states = bert.forward(tensor(tokenizer.Encode(OnnxPackage.Samples[row], 128).Select(i => (long)i).ToArray()).unsqueeze(0), null)[0];      // [T, H]
            var pooled = pooling == Pooling.Mean ? states.mean([0]) : states[0];
            Assert.All(pooled.data<float>().ToArray().Zip(encoded.Embeddings[row]), p => Assert.Equal(p.First, p.Second, 1e-4f));
            foreach (var head in s_heads)
            {
                var outputs = nn.functional.linear(pooled, tensor(weights.ReadSingles(head.Name + ".weight"), [.. weights.Find(head.Name + ".weight")!.Shape]), tensor(weights.ReadSingles(head.Name + ".bias")));
                float[] answer = head.Kind switch
                {
                    HeadKind.Classification => nn.functional.softmax(outputs, -1).data<float>().ToArray(),
                    HeadKind.Regression => [(float)(outputs.item<float>() * head.Scale + head.Mean)],
                    _ => Steps(sigmoid(outputs - tensor(weights.ReadSingles(head.Name + ".thresholds"))).data<float>().ToArray()),
                };
                Assert.All(answer.Zip(encoded.Answers[head.Name][row]), p => Assert.Equal(p.First, p.Second, head.Kind == HeadKind.Regression ? 1e-3f : 1e-4f));
            }
        }
    }

    [Fact]
    public void In_eight_bits_a_real_model_says_nearly_the_same_in_a_quarter_of_the_size()
    {
        using var source = WithHeads("all-minilm-l6-v2", 384, Pooling.Mean);
        using var package = new TemporaryFolder();
        var report = OnnxPackage.Write(source.Path, package.Path, new() { Precision = OnnxPrecision.Int8 });
        Assert.InRange(report.SmallestCosine, 0.95, 0.99999);          // measured .958 on these texts, half of which this English model can't read
        Assert.InRange((double)report.SingleBytes / report.Bytes, 3.7, 4);
        Assert.Equal(["intent", "stars", "spend"], report.Heads.Select(h => h.Name));
        Assert.Null(report.Heads[2].SameLabel);
        Assert.Equal("int8, weights of 8 bits", report.Precision);
        Assert.Equal(["config.json", "heads.json", "model.onnx", "tokenizer_config.json", "vocab.txt"], Directory.GetFiles(package.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(report.Files.Order(StringComparer.Ordinal), Directory.GetFiles(package.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Labelled_texts_tell_what_eight_bits_cost_and_more_than_a_point_is_refused()
    {
        using var source = WithHeads("all-minilm-l6-v2", 384, Pooling.Mean);
        using var package = new TemporaryFolder();
        string[] texts = [.. OnnxPackage.Samples.Take(10).SelectMany(one => OnnxPackage.Samples.Take(10).Select(other => $"{one} {other}"))];
        OnnxPackage.Write(source.Path, package.Path);
        string[] labels;
        using (var encoder = OnnxTextEncoder.Open(package.Path))
        {
            // What the model in 32 bits says is taken as right; every third text has no label.
            var known = encoder.Heads.Single(h => h.Name == "intent").Labels;
            labels = [.. encoder.Answer("intent", texts).Select((row, at) => at % 3 == 0 ? "" : known[TensorPrimitives.IndexOfMax<float>(row)])];
        }
        var samples = new OnnxSamples(texts) { Labels = new Dictionary<string, IReadOnlyList<string>> { ["intent"] = labels } };
        var single = OnnxPackage.Write(source.Path, package.Path, samples: samples).Heads;
        Assert.Equal((1.0, 1.0), (single[0].Accuracy, single[0].SingleAccuracy));
        Assert.Null(single[1].Accuracy);

        // Heads from chance lie close between two labels; those of the model in 8 bits differ for some texts.
        using var elsewhere = new TemporaryFolder();
        var refused = Assert.Throws<InvalidDataException>(() => OnnxPackage.Write(source.Path, elsewhere.Path, new() { Precision = OnnxPrecision.Int8 }, samples)).Message;
        Assert.Contains("In 8 bits 'intent' is right for", refused, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(elsewhere.Path));
    }

    [Fact]
    public void In_eight_bits_a_real_task_is_answered_as_well_within_a_point()
    {
        // Questions to a bank, 77 intents, from the official training file alone: each row goes to the nearest mean of other rows' vectors.
        var rows = Questions(RealData.Need("banking77/train.csv.gz")).Where((_, at) => at % 4 == 0).ToArray();
        using var package = new TemporaryFolder();
        double Accuracy(OnnxPrecision precision)
        {
            OnnxPackage.Write(RealModels.Need("all-minilm-l6-v2"), package.Path, new() { Precision = precision });
            using var encoder = OnnxTextEncoder.Open(package.Path);
            var vectors = encoder.Embed([.. rows.Select(r => r.Text)], normalize: true);
            var means = Enumerable.Range(0, rows.Length).Where(at => at % 3 > 0).GroupBy(at => rows[at].Intent).ToDictionary(g => g.Key, g =>
            {
                var sum = new float[encoder.Width];
                foreach (var at in g) TensorPrimitives.Add(sum, vectors[at], sum);
                TensorPrimitives.Divide(sum, TensorPrimitives.Norm<float>(sum), sum);
                return sum;
            });
            return Enumerable.Range(0, rows.Length).Where(at => at % 3 == 0).Average(at => means.MaxBy(m => TensorPrimitives.Dot<float>(m.Value, vectors[at])).Key == rows[at].Intent ? 1.0 : 0);
        }
        var (exact, small) = (Accuracy(OnnxPrecision.Single), Accuracy(OnnxPrecision.Int8));
        Assert.InRange(exact, 0.75, 0.95);
        Assert.InRange(small, exact - 0.01, exact + 0.01);
    }

    private static IEnumerable<(string Text, string Intent)> Questions(string path)
    {
        foreach (var row in TextColumn.Read(path, "text", "category")) yield return (row.Text, row.Group!);
    }

    [Fact]
    public void What_is_missing_is_named_and_no_half_package_is_left()
    {
        using var source = WithHeads("bert-tiny-random", 32, Pooling.Mean);
        using var package = new TemporaryFolder();
        SafeTensorsWriter.Write(source.In(TextHeadsFile.Weights), [WeightToWrite.Of("intent.weight", [4, 32], new float[128])]);
        Assert.Contains("There is no weight 'intent.bias'", Assert.Throws<InvalidDataException>(() => OnnxPackage.Write(source.Path, package.Path)).Message, StringComparison.Ordinal);
        File.Delete(source.In(TextHeadsFile.Weights));
        Assert.ThrowsAny<Exception>(() => OnnxPackage.Write(source.Path, package.Path));
        File.Delete(source.In("config.json"));
        Assert.Contains("has no config.json", Assert.Throws<FileNotFoundException>(() => OnnxPackage.Write(source.Path, package.Path)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(package.Path));
    }

    private static float[] Steps(float[] above) => [.. Enumerable.Range(0, above.Length + 1).Select(k => (k == 0 ? 1 : above[k - 1]) - (k == above.Length ? 0 : above[k]))];

    private static void Near(JsonElement @case, string field, float[] found)
    {
        var expected = @case.GetProperty(field).EnumerateArray().Select(v => v.GetSingle()).ToArray();
        for (var at = 0; at < expected.Length; at++)
            Assert.True(Math.Abs(expected[at] - found[at]) <= 2e-5, $"{@case.GetProperty("name")}: {field}[{at}] is {found[at]} where {expected[at]} is expected");
    }
}
