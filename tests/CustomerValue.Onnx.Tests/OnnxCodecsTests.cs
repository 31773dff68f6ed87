using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Onnx;
using CustomerValue.Packaging;
using CustomerValue.Testing;
using CustomerValue.Text;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Training;
using CustomerValue.Torch.Weights;

namespace CustomerValue.Tests;

/// <summary>Encoders that libtorch tuned leave an experiment as packages and answer through ONNX Runtime as they did.</summary>
public sealed class OnnxCodecsTests : IDisposable
{
    private static readonly ModelCodecs s_codecs = ModelCodecs.Core.With(OnnxCodecs.All);

    private static readonly TextDataset s_data = new("sample", ["delivery", "refund", "fault"], Split(150, 1), Split(30, 2), Split(40, 3));

    private static readonly FineTuningOptions s_tuning = new() { Training = new() { LearningRate = 3e-3, Epochs = 2, TokensPerBatch = 256, Keep = KeptWeights.Best }, HeadRate = 5 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static TextSplit Split(int count, ulong seed)
    {
        string[][] words = [["parcel", "late", "where", "tracking", "物流", "发货"], ["money", "back", "refund", "twice", "退款", "钱"], ["broke", "wrong", "size", "work", "质量", "坏了"]];
        var (chance, texts, labels) = (new SplitMix64(seed), new string[count], new int[count]);
        for (var row = 0; row < count; row++)
        {
            labels[row] = chance.Below(3);
            var own = words[labels[row]];
            texts[row] = string.Join(' ', Enumerable.Range(0, 1 + chance.Below(12)).Select(_ => own[chance.Below(own.Length)]));
        }
        return new(texts, labels);
    }

    private static ImportedEncoderCandidate Tiny(string name = "tiny", FineTuningOptions? tuning = null) => new(name, RealModels.Need("bert-tiny-random"), tuning ?? s_tuning)
    {
        Beside = [new(new("stars", HeadKind.Ordinal, ["1", "2", "3"]), s_data.Train.Texts.Distinct().ToDictionary(t => t, t => (float)(t.Length % 3)))],
    };

    private static EncoderCandidate Own() => new("own", new EncoderRecipe
    {
        Encoder = new BertConfig { HiddenSize = 16, Layers = 2, Heads = 2, IntermediateSize = 24, NGramBuckets = 211, NGramOrder = 3, NGramWidth = 8 },
        Pretraining = new() { Training = new() { LearningRate = 3e-3, Epochs = 1, TokensPerBatch = 512 } },
    }) { Tuning = s_tuning };

    private (FiguresResult Result, TextPackage Package) Run(params ITextCandidate[] candidates)
    {
        TorchThreads.Use(1);
        var result = new TextExperimentRunner(new("sample") { Question = "What is it about?", Data = _ => s_data, Candidates = _ => candidates, Seed = 5 }, new()
        {
            DataFolder = _folder.Path, OutputFolder = Directory.CreateDirectory(_folder.In("out")).FullName, Codecs = s_codecs, Time = TimeProvider.System, Tracker = new RecordedRuns(),
        }).Run(CancellationToken.None);
        return (result, TextPackage.Open(_folder.In("out", "package", "sample.zip"), s_codecs));
    }

    private void AnswersAsBefore(string winner, TextPackage package)
    {
        var columns = ParquetColumns.Read(_folder.In("out", "predictions.parquet"));
        var found = package.Classify(s_data.Test.Texts);
        for (var label = 0; label < 3; label++)
        {
            var expected = columns.Column<double>($"{winner}.{s_data.Classes[label]}");
            Assert.True(expected.Distinct().Count() > 5);
            Assert.All(found.Zip(expected), p => Assert.Equal(p.Second, p.First[label], 1e-4));
        }
    }

    [Fact]
    public void An_imported_encoder_leaves_with_its_tokenizer_and_the_one_head_that_answers()
    {
        var (result, package) = Run(Tiny());
        using (package)
        {
            AnswersAsBefore("tiny", package);
            Assert.Equal(package.Files.Paths.Count, result.Package!.Files);
            Assert.Equal(["config.json", "head_weights.safetensors", "model.json", "model.safetensors", "tokenizer.0.file.txt", "tokenizer.1.file.json"],
                package.Files.Under("model/label").Paths.Where(p => !p.StartsWith("tokenizer.2", StringComparison.Ordinal)));
            Assert.DoesNotContain("stars", package.Files.Text("model/label/model.json"), StringComparison.Ordinal);
            Assert.Equal("delivery, refund, fault", string.Join(", ", package.Labels));
            Assert.Contains("ONNX Runtime (MIT", package.Files.Text("LICENSES.md"), StringComparison.Ordinal);
            Assert.Equal(1e-4, package.SelfTest.Tolerance);
            Assert.Matches(@"^encoder of 2 layers, 32 wide, fp32, reads up to \d+ tokens; tokenizer vocab\.txt of [\d,]+ tokens$", Assert.Single(package.Parts));
            Assert.DoesNotContain(Path.GetTempPath(), package.Files.Text("model/label/model.json"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_encoder_of_our_own_with_runs_of_tokens_and_an_adapter_answer_as_before()
    {
        var (_, own) = Run(Own());
        using (own) AnswersAsBefore("own", own);
        Directory.Delete(_folder.In("out"), recursive: true);
        var (_, lora) = Run(Tiny("lora", s_tuning with { Lora = new() { Rank = 4, Alpha = 8 } }));
        using (lora) AnswersAsBefore("lora", lora);
    }

    [Fact]
    public void A_blend_of_n_grams_and_an_encoder_is_one_package_of_the_same_bytes_every_time()
    {
        ITextCandidate grams = new NGramClassifier(new() { Blocks = [NGramBlock.Characters(1, 1, 20)], Costs = [0.01] }, new LogisticRegression(), "grams");
        var (result, package) = Run(new TextBlend([grams, Tiny()], "blend"));
        using (package)
        {
            AnswersAsBefore("blend", package);
            var weights = result.Candidates[0].Choices!["weights"].Split(' ').Select(double.Parse).ToArray();
            Assert.Equal(weights.Count(w => w > 0), package.Kinds.Where(p => p.Key != "text-blend").Sum(p => p.Value));
        }
        var bytes = File.ReadAllBytes(_folder.In("out", "package", "sample.zip"));
        Directory.Delete(_folder.In("out"), recursive: true);
        Run(new TextBlend([grams, Tiny()], "blend")).Package.Dispose();
        Assert.Equal(bytes, File.ReadAllBytes(_folder.In("out", "package", "sample.zip")));
    }

    [Fact]
    public void A_network_that_has_no_graph_may_lose_but_not_win()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Run(new ImportedEncoderCandidate("decoder", RealModels.Need("gpt2-tiny-random"), s_tuning))).Message;
        Assert.Contains("The winner 'decoder' can't be packaged. The network can't be packaged: ", error, StringComparison.Ordinal);
        Assert.Contains("model_type is 'gpt2'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json", "{\"model_type\": \"gpt2\"}", "model_type is 'gpt2'")]
    [InlineData("config.json", "{\"vocab_size\": 16000000, \"hidden_size\": 16000000, \"num_hidden_layers\": 16000000, \"num_attention_heads\": 1, \"intermediate_size\": 16000000, \"max_position_embeddings\": 16000000}", "where config.json and heads.json ask for")]
    [InlineData("tokenizer.0.file.txt", "[PAD]\n[CLS]\n", "")]
    [InlineData("head_weights.safetensors", "\u0008\0\0\0\0\0\0\0{}      ", "")]
    public void Parts_that_dont_fit_one_another_are_refused_in_words(string file, string content, string message)
    {
        var (_, package) = Run(Tiny());
        using (package)
        {
            var model = package.Files.Under("model/label");
            var changed = new PackageFiles();
            foreach (var path in model.Paths) changed.Add(path, path == file ? System.Text.Encoding.UTF8.GetBytes(content) : model[path]);
            var refused = Assert.Throws<PackageException>(() => s_codecs.ReadText(changed)).Message;
            Assert.Contains(message, refused, StringComparison.Ordinal);
            Assert.DoesNotContain("customervalue-encoder-", refused, StringComparison.Ordinal);
        }
    }

    // A folder as fine-tuning leaves it: the published encoder with a fresh head, and weights that answering doesn't need.
    private sealed class Folder(string model) : ITunedEncoder
    {
        private static readonly TextHeads s_heads = new(Pooling.Mean, 64, [new("label", HeadKind.Classification, ["a", "b", "c"])]);

        public string Head => "label";

        public void Save(string folder)
        {
            Directory.CreateDirectory(folder);
            foreach (var file in new[] { "config.json", "vocab.txt", "tokenizer_config.json", "model.safetensors" }) File.Copy(Path.Combine(model, file), Path.Combine(folder, file));
            var random = new SplitMix64(3);
            TextHeadsFile.Write(folder, s_heads);
            SafeTensorsWriter.Write(Path.Combine(folder, TextHeadsFile.Weights), [WeightToWrite.Of("label.weight", [3, 384], [.. Enumerable.Range(0, 3 * 384).Select(_ => (float)(random.Unit() - 0.5))]), WeightToWrite.Of("label.bias", [3], [0, 0, 0])]);
        }

        public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation) => throw new NotSupportedException("Only its folder is wanted.");

        public void Dispose() { }
    }

    [Fact]
    public void A_package_of_a_published_encoder_holds_four_bytes_a_weight_and_no_weight_that_isnt_asked_for()
    {
        using var tuned = new Folder(RealModels.Need("all-minilm-l6-v2"));
        var files = s_codecs.Write(tuned);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        using var read = s_codecs.ReadText(files);
        TestContext.Current.TestOutputHelper?.WriteLine($"{files.Bytes} bytes, opened in {System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s");
        // 30,522 tokens, 512 places and 2 types of 384, with a norm; six layers of 4 x 384 x 384 and 2 x 384 x 1,536 with biases and two norms each.
        var weights = 384L * (30_522 + 512 + 2 + 2) + 6L * (4 * (384 * 384 + 384) + 2 * 384 * 1_536 + 1_536 + 384 + 4 * 384);
        Assert.InRange(files["model.safetensors"].Length, 4 * weights, 4 * weights + 20_000);
        Assert.All(read.Probabilities(["a text", "一个文本"], default), row => Assert.Equal(1, row.Sum(), 1e-5));
        Assert.Equal(PackageArchive.Write(files), PackageArchive.Write(s_codecs.Write(read)));
    }

    [Fact]
    public void Spoiled_packages_are_refused_or_answer_as_before() => Spoil(300);

    [Fact, Trait("Category", "Nightly")]
    public void Ten_thousand_spoiled_packages_are_refused_or_answer_as_before() => Spoil(10_000);

    private void Spoil(int count)
    {
        var (_, package) = Run(Tiny());
        using (package)
        {
            var counts = PackageMutations.Run(package, s_codecs, [.. s_data.Test.Texts.Take(5)], seed: 20261128, count);
            TestContext.Current.TestOutputHelper?.WriteLine($"{count} packages of an encoder: {counts}");
            Assert.True(counts.Refused > count * 7 / 10, counts.ToString());
        }
    }
}
