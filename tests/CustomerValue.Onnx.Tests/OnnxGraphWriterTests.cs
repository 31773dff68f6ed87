using System.Numerics.Tensors;
using System.Text;
using CustomerValue.Onnx;
using CustomerValue.Testing;
using CustomerValue.Text;
using Microsoft.ML.OnnxRuntime;

namespace CustomerValue.Tests;

public sealed class OnnxGraphWriterTests
{
    private static readonly TextHead[] s_heads =
    [
        new("sentiment", HeadKind.Classification, ["negative", "neutral", "positive"]),
        new("stars", HeadKind.Ordinal, ["1", "2", "3", "4", "5"]),
        new("spend", HeadKind.Regression, [], Mean: 40, Scale: 12),
    ];

    private static (float[] States, Dictionary<string, float[]> Others) Run(byte[] model, TokenBatch batch, params string[] outputs)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(model, options);
        using var ids = OrtValue.CreateTensorValueFromMemory(batch.Ids, [batch.Rows, batch.Length]);
        using var mask = OrtValue.CreateTensorValueFromMemory(batch.Mask, [batch.Rows, batch.Length]);
        using var run = new RunOptions();
        using var found = session.Run(run, ["input_ids", "attention_mask"], [ids, mask], ["last_hidden_state", "embedding", .. outputs]);
        return (found[0].GetTensorDataAsSpan<float>().ToArray(), outputs.Prepend("embedding").Select((name, at) => (name, at)).ToDictionary(o => o.name, o => found[o.at + 1].GetTensorDataAsSpan<float>().ToArray()));
    }

    [Theory]
    [InlineData("gelu", Pooling.Mean, 0)]
    [InlineData("gelu_new", Pooling.First, 0)]
    [InlineData("relu", Pooling.Last, 0)]
    [InlineData("gelu", Pooling.Mean, 101)]
    public void Every_output_is_what_the_paper_says(string activation, Pooling pooling, int buckets)
    {
        var bert = new SmallBert(activation, buckets: buckets);
        var model = OnnxGraphWriter.ToBytes(bert.Source(new(pooling, 16, s_heads)));
        int[][] texts = [[1, 5, 9, 30, 2], [1, 2], [1, 39, 38, 37, 36, 35, 34, 33, 32, 31, 2], [7]];        // of four lengths, so three are padded
        var batch = TokenBatch.Of(texts, pad: 0);
        var (states, others) = Run(model, batch, "sentiment", "stars", "spend");
        for (var row = 0; row < texts.Length; row++)
        {
            var expected = bert.States(texts[row]);
            for (var at = 0; at < texts[row].Length; at++)
                for (var i = 0; i < bert.Width; i++) Assert.Equal(expected[at][i], states[(row * batch.Length + at) * bert.Width + i], 2e-6);
            var pooled = SmallBert.Pooled(expected, pooling);
            Assert.All(pooled.Select((p, i) => (p, i)), v => Assert.Equal(v.p, others["embedding"][row * bert.Width + v.i], 2e-6));
            foreach (var head in s_heads)
            {
                var answer = bert.Answer(head, pooled);
                Assert.All(answer.Select((p, k) => (p, k)), v => Assert.Equal(v.p, others[head.Name][row * answer.Length + v.k], head.Kind == HeadKind.Regression ? 1e-4 : 2e-6));
            }
        }
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(7, 0)]
    [InlineData(8, 101)]
    public void In_eight_bits_it_says_nearly_the_same(int bits, int buckets)
    {
        var bert = new SmallBert(width: 48, heads: 4, inner: 96, buckets: buckets);
        var batch = TokenBatch.Of([.. Enumerable.Range(0, 12).Select(i => Enumerable.Range(0, 3 + i % 9).Select(at => (i * 7 + at * 11) % 40).ToArray())], pad: 0);
        var heads = new TextHeads(Pooling.Mean, 16, s_heads);
        var exact = Run(OnnxGraphWriter.ToBytes(bert.Source(heads)), batch, "sentiment").Others;
        var small = Run(OnnxGraphWriter.ToBytes(bert.Source(heads), new() { Precision = OnnxPrecision.Int8, WeightBits = bits }), batch, "sentiment").Others;
        for (var row = 0; row < batch.Rows; row++)
            Assert.InRange(TensorPrimitives.CosineSimilarity(exact["embedding"].AsSpan(row * 48, 48), small["embedding"].AsSpan(row * 48, 48)), 0.998f, 1.0001f);
        Assert.InRange(exact["sentiment"].Zip(small["sentiment"], (a, b) => Math.Abs(a - b)).Max(), 1e-6f, 0.05f);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void With_weights_alone_in_eight_bits_a_text_gets_its_answer_whatever_stands_beside_it(int buckets)
    {
        var bert = new SmallBert(width: 48, heads: 4, inner: 96, buckets: buckets);
        int[][] texts = [.. Enumerable.Range(0, 12).Select(i => Enumerable.Range(0, 3 + i % 9).Select(at => (i * 7 + at * 11) % 40).ToArray())];
        var heads = new TextHeads(Pooling.Mean, 16, s_heads);
        var (exact, weights, dynamic) = (OnnxGraphWriter.ToBytes(bert.Source(heads)), Small(OnnxPrecision.Int8Weights), Small(OnnxPrecision.Int8));
        var together = Run(weights, TokenBatch.Of(texts, pad: 0), "sentiment").Others;
        Assert.InRange(Run(exact, TokenBatch.Of(texts, pad: 0), "sentiment").Others["sentiment"].Zip(together["sentiment"], (a, b) => Math.Abs(a - b)).Max(), 1e-6f, 0.05f);
        Assert.InRange(FarthestAlone(weights), 0, 2e-6);
        Assert.True(FarthestAlone(dynamic) > 1e-4, "activations in 8 bits would do as well, so this test shows nothing");

        byte[] Small(OnnxPrecision precision) => OnnxGraphWriter.ToBytes(bert.Source(heads), new() { Precision = precision });
        double FarthestAlone(byte[] model)
        {
            var all = Run(model, TokenBatch.Of(texts, pad: 0), "sentiment").Others["embedding"];
            return texts.Select((text, row) => Run(model, TokenBatch.Of([text], pad: 0), "sentiment").Others["embedding"].Zip(all.AsSpan(row * 48, 48).ToArray(), (a, b) => (double)Math.Abs(a - b)).Max()).Max();
        }
    }

    [Fact]
    public void The_same_source_gives_the_same_bytes() =>
        Assert.Equal(OnnxGraphWriter.ToBytes(new SmallBert().Source(), new() { Precision = OnnxPrecision.Int8 }), OnnxGraphWriter.ToBytes(new SmallBert().Source(), new() { Precision = OnnxPrecision.Int8 }));

    [Fact]
    public void A_source_that_keeps_its_weights_finds_them_unchanged()
    {
        var bert = new SmallBert();
        float[] before = [.. bert.Weight("embeddings.position_embeddings.weight").Values];
        OnnxGraphWriter.ToBytes(bert.Source());
        Assert.Equal(before, bert.Weight("embeddings.position_embeddings.weight").Values);
    }

    [Fact]
    public void The_file_tells_what_it_is_and_nothing_but_standard_operators_is_in_it()
    {
        using var folder = new TemporaryFolder();
        var size = OnnxGraphWriter.Write(new SmallBert().Source(new(Pooling.First, 9, s_heads)), folder.In("model.onnx"), new() { Precision = OnnxPrecision.Int8 });
        Assert.Equal(size, new FileInfo(folder.In("model.onnx")).Length);
        Assert.Equal(["model.onnx"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        using var session = new InferenceSession(folder.In("model.onnx"));
        var told = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal(("int8, weights of 8 bits", "first", "12", "9", "40"), (told["precision"], told["pooling"], told["width"], told["max_tokens"], told["vocabulary"]));
        Assert.Equal("probabilities of negative, neutral, positive", told["output sentiment"]);
        Assert.Equal("value in the target's unit", told["output spend"]);
        Assert.DoesNotContain("com.microsoft", Encoding.Latin1.GetString(File.ReadAllBytes(folder.In("model.onnx"))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_runtime_puts_its_fused_kernels_in_place_of_the_patterns()
    {
        using var folder = new TemporaryFolder();
        string[] Kernels(OnnxPrecision precision)
        {
            var (plain, fused) = (folder.In("plain.onnx"), folder.In("fused.onnx"));
            OnnxGraphWriter.Write(new SmallBert().Source(), plain, new() { Precision = precision });
            using (var options = new SessionOptions { OptimizedModelFilePath = fused, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL })
            using (new InferenceSession(plain, options)) { }
            var text = Encoding.Latin1.GetString(File.ReadAllBytes(fused));
            return [.. new[] { "SkipLayerNormalization", "BiasGelu", "MatMulIntegerToFloat", "DynamicQuantizeMatMul" }.Where(k => text.Contains($"{(char)k.Length}{k}", StringComparison.Ordinal))];
        }
        Assert.Equal(["SkipLayerNormalization", "BiasGelu"], Kernels(OnnxPrecision.Single));
        Assert.Equal(["SkipLayerNormalization", "BiasGelu"], Kernels(OnnxPrecision.Int8Weights));
        Assert.Equal(["SkipLayerNormalization", "MatMulIntegerToFloat", "DynamicQuantizeMatMul"], Kernels(OnnxPrecision.Int8));
    }

    [Theory]
    [InlineData("\"model_type\": \"bert\"", "\"model_type\": \"gpt2\"", "model_type is 'gpt2'")]
    [InlineData("\"absolute\"", "\"relative_key\"", "position_embedding_type is 'relative_key'")]
    [InlineData("\"gelu\"", "\"swish\"", "hidden_act is 'swish'")]
    [InlineData("\"hidden_size\": 12", "\"hidden_size\": 13", "hidden_size 13 can't be shared among num_attention_heads 3")]
    [InlineData("\"hidden_size\": 12", "\"hidden_size\": -1", "'hidden_size' is -1")]
    [InlineData("\"hidden_size\": 12, ", "", "lacks 'hidden_size'")]
    [InlineData("1e-12", "\"small\"", "'layer_norm_eps' is \"small\"")]
    [InlineData("\"bert\"", "\"bert\", \"is_decoder\": true", "is_decoder is true")]
    [InlineData("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "encoder.layer.2")]
    [InlineData("\"vocab_size\": 40", "\"vocab_size\": 41", "'embeddings.word_embeddings.weight' is [40, 12] where config.json and heads.json ask for [41, 12]")]
    [InlineData("{\"model_type\"", "\"model_type\"", "is no JSON document")]
    public void What_it_cannot_write_is_refused_by_name(string from, string to, string says)
    {
        var bert = new SmallBert();
        var config = bert.Config.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(bert.Config, config);
        var source = bert.Source() with { Config = config, Weights = name => bert.Shapes().Any(s => s.Name == name) ? bert.Weight(name) : throw new InvalidDataException($"no weight {name}") };
        Assert.Contains(says, Assert.Throws<InvalidDataException>(() => OnnxGraphWriter.ToBytes(source)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"ngram_order\": 3", "\"ngram_order\": 9", "'ngram_order' is 9")]
    [InlineData("\"ngram_buckets\": 101", "\"ngram_buckets\": 0", "'ngram_buckets' is 0")]
    [InlineData("\"ngram_width\": 5", "\"ngram_width\": 6", "'embeddings.ngrams.table.weight' is [101, 5]")]
    public void Runs_that_do_not_fit_are_refused_by_name(string from, string to, string says)
    {
        var bert = new SmallBert(buckets: 101);
        var config = bert.Config.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(bert.Config, config);
        Assert.Contains(says, Assert.Throws<InvalidDataException>(() => OnnxGraphWriter.ToBytes(bert.Source() with { Config = config })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_no_numbers_are_refused()
    {
        var bert = new SmallBert();
        bert.Weight("encoder.layer.1.output.dense.weight").Values[5] = float.NaN;
        Assert.Contains("'encoder.layer.1.output.dense.weight' holds NaN", Assert.Throws<InvalidDataException>(() => OnnxGraphWriter.ToBytes(bert.Source())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("embedding")]
    [InlineData("input_ids")]
    [InlineData("/layer.0/query")]
    public void A_head_cannot_take_a_name_of_the_graphs(string name)
    {
        var heads = new TextHeads(Pooling.Mean, 16, [new(name, HeadKind.Regression, [])]);
        Assert.Contains("Give it another name", Assert.Throws<InvalidDataException>(() => OnnxGraphWriter.ToBytes(new SmallBert().Source(heads))).Message, StringComparison.Ordinal);
    }
}
