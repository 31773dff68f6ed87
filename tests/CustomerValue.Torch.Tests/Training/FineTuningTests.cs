using CustomerValue.Testing;
using CustomerValue.Text;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Training;
using CustomerValue.Torch.Weights;

namespace CustomerValue.Torch.Tests.Training;

public class FineTuningTests
{
    private static readonly TextHead s_sentiment = new("sentiment", HeadKind.Classification, ["bad", "good"]);
    private static readonly FineTuningOptions s_options = new() { Training = new() { LearningRate = 3e-3, Epochs = 6, TokensPerBatch = 256, MaxTokens = 24, Keep = KeptWeights.Best } };

    [Fact]
    public void A_tuned_encoder_tells_the_labels_and_answers_the_same_when_opened_again()
    {
        var (texts, labels) = SmallLanguage.Reviews(200, 1);
        var (devTexts, devLabels) = SmallLanguage.Reviews(60, 2);
        var (model, report) = Tune(s_options, [s_sentiment], HeadedTexts.Of("sentiment", texts, labels), HeadedTexts.Of("sentiment", devTexts, devLabels));
        using (model)
        {
            Assert.InRange(FineTuning.Figures(model, HeadedTexts.Of("sentiment", devTexts, devLabels))["sentiment_accuracy"], 0.95, 1);
            Assert.InRange(report.Best!["sentiment_macro_f1"], 0.95, 1);
            var answers = model.Answers("sentiment", devTexts);
            Assert.All(answers, a => Assert.Equal(1, a.Sum(), 1e-9));

            var folder = Directory.CreateTempSubdirectory().FullName;
            model.Save(folder);
            using var again = TunedTextModel.Open(folder);
            Assert.Equal(answers.SelectMany(a => a), again.Answers("sentiment", devTexts).SelectMany(a => a), (a, b) => Math.Abs(a - b) < 1e-9);
            Assert.Contains("sentiment", Assert.Throws<ArgumentException>(() => again.Answers("intent", devTexts)).Message);
        }
    }

    [Fact]
    public void Heads_of_every_kind_learn_together_from_texts_that_lack_some_labels()
    {
        TextHead[] heads = [s_sentiment, new("stars", HeadKind.Ordinal, ["1", "2", "3"]), new("length", HeadKind.Regression, [], Mean: 12, Scale: 5)];
        var (texts, labels) = SmallLanguage.Reviews(300, 1);
        HeadedTexts Labelled(int from, int to) => new(texts[from..to], new Dictionary<string, float[]>
        {
            ["sentiment"] = [.. labels[from..to].Select((l, i) => i % 3 == 0 ? float.NaN : l)],
            ["stars"] = [.. labels[from..to].Select((l, i) => i % 3 == 1 ? float.NaN : l * 2f)],
            ["length"] = [.. texts[from..to].Select((t, i) => i % 3 == 2 ? float.NaN : t.Length)],
        });
        var (model, report) = Tune(s_options with { Training = s_options.Training with { Epochs = 12 } }, heads, Labelled(0, 240), Labelled(240, 300));
        using (model)
        {
            Assert.InRange(report.Best!["sentiment_accuracy"], 0.95, 1);
            Assert.InRange(report.Best!["stars_accuracy"], 0.95, 1);
            Assert.InRange(report.Best!["length_mae"], 0, 2.5);
            Assert.All(model.Answers("stars", texts[..20]), a => Assert.Equal(1, a.Sum(), 1e-9));
        }
    }

    [Fact]
    public void Everything_optional_together_still_learns()
    {
        var (texts, labels) = SmallLanguage.Reviews(200, 1);
        var options = s_options with
        {
            Training = s_options.Training with { Keep = KeptWeights.Average, AverageDecay = 0.9, Accumulation = 2, Epochs = 8 },
            RDrop = 0.5, DropoutSamples = 2, LabelSmoothing = 0.1, BalanceClasses = true, LayerRateDecay = 0.9, HeadRate = 2, FrozenLayers = 0, Pooling = Pooling.First,
        };
        var (model, _) = Tune(options, [s_sentiment], HeadedTexts.Of("sentiment", texts, labels), null);
        using (model) Assert.InRange(FineTuning.Figures(model, HeadedTexts.Of("sentiment", texts, labels))["sentiment_accuracy"], 0.95, 1);
    }

    [Fact]
    public void Frozen_layers_keep_their_weights()
    {
        var folder = SmallLanguage.Folder();
        var (texts, labels) = SmallLanguage.Reviews(40, 1);
        using var before = TextBackbone.Open(folder, WeightUse.Single);
        var (model, _) = FineTuning.Train(TextBackbone.Open(folder, WeightUse.Train), [s_sentiment],
            s_options with { FrozenLayers = 1, Training = s_options.Training with { Epochs = 1 } }, HeadedTexts.Of("sentiment", texts, labels), null, null, null, TimeProvider.System, default);
        using (model)
            foreach (var ((name, old), (_, now)) in before.Network.named_parameters().Zip(model.Backbone.Network.named_parameters()))
                Assert.Equal(name.StartsWith("embeddings", StringComparison.Ordinal) || name.StartsWith("encoder.layer.0", StringComparison.Ordinal), old.equal(now).all().item<bool>());
    }

    [Fact]
    public void An_adapter_learns_alone_and_is_written()
    {
        var (texts, labels) = SmallLanguage.Reviews(200, 1);
        var folder = Directory.CreateTempSubdirectory().FullName;
        var options = s_options with { Training = s_options.Training with { LearningRate = 1e-2, Epochs = 8 }, Lora = new() { Rank = 4, Alpha = 8 } };
        var (model, _) = FineTuning.Train(TextBackbone.Open(SmallLanguage.Folder(), WeightUse.Train), [s_sentiment], options, HeadedTexts.Of("sentiment", texts, labels), null, folder, null, TimeProvider.System, default);
        using (model) Assert.InRange(FineTuning.Figures(model, HeadedTexts.Of("sentiment", texts, labels))["sentiment_accuracy"], 0.95, 1);
        Assert.True(File.Exists(Path.Combine(folder, "adapter", "adapter_model.safetensors")));
    }

    [Fact]
    public void A_decoder_is_tuned_by_its_last_token()
    {
        var (texts, labels) = ReadLatin();
        var backbone = TextBackbone.Open(RealModels.Need("qwen2-tiny-random"), WeightUse.Train);
        var (model, _) = FineTuning.Train(backbone, [s_sentiment], s_options with { Pooling = Pooling.Last, Training = s_options.Training with { Epochs = 10 } },
            HeadedTexts.Of("sentiment", texts, labels), null, null, null, TimeProvider.System, default);
        using (model) Assert.InRange(FineTuning.Figures(model, HeadedTexts.Of("sentiment", texts, labels))["sentiment_accuracy"], 0.9, 1);

        static (string[], int[]) ReadLatin()
        {
            var random = SplitMix64.Stream(4, 4);
            var labels = Enumerable.Range(0, 80).Select(_ => random.Below(2)).ToArray();
            return ([.. labels.Select(l => l == 1 ? "good phone, like it" : "slow phone, sent back")], labels);
        }
    }

    [Fact]
    public void A_word_table_gets_a_gradient_of_the_rows_that_were_read()
    {
        using var encoder = Bert.Create(SmallLanguage.Config(), seed: 1);
        var table = encoder.Embeddings.modules().OfType<Embedding>().First();
        table.HasSparseGradient = true;
        encoder.forward(TorchSharp.torch.tensor(new long[] { 2, 9, 9, 3 }, [1, 4]), null).sum().backward();
        Assert.True(table.Weight.grad!.is_sparse);
        Assert.Equal([2, 3, 9], Gradient.Of(new("w", table.Weight, 1, true))!.Rows!);
    }

    [Theory]
    [InlineData(2f, "label's number from 0 to 1"), InlineData(0.5f, "label's number"), InlineData(-1f, "label's number")]
    public void Labels_that_do_not_fit_are_refused(float label, string said) =>
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => Tune(s_options, [s_sentiment],
            new(["很好"], new Dictionary<string, float[]> { ["sentiment"] = [label] }), null)).Message);

    [Fact]
    public void Texts_without_any_label_are_refused() =>
        Assert.Contains("nothing to learn from", Assert.Throws<ArgumentException>(() => Tune(s_options, [s_sentiment],
            new(["很好"], new Dictionary<string, float[]> { ["sentiment"] = [float.NaN] }), null)).Message);

    private static (TunedTextModel Model, TrainingReport Report) Tune(FineTuningOptions options, IReadOnlyList<TextHead> heads, HeadedTexts train, HeadedTexts? dev) =>
        FineTuning.Train(TextBackbone.Open(SmallLanguage.Folder(), WeightUse.Train), heads, options, train, dev, null, null, TimeProvider.System, default);
}
