using CustomerValue.Text;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Training;

namespace CustomerValue.Cli.Bench;

/// <summary>Training of language models: steps of fine-tuning at three lengths, and tokens of pre-training from scratch; each in fp32, and in bfloat16 where the processor can.</summary>
internal static class TrainingWorks
{
    private const int Batch = 32, Steps = 5, PretrainingSteps = 20;

    public static IReadOnlyList<BenchWork> All { get; } =
    [
        .. new[] { 32, 64, 128 }.SelectMany(length => new[]
        {
            Tuning("2x128", new() { VocabSize = 30_522, HiddenSize = 128, Layers = 2, Heads = 2, IntermediateSize = 512 }, length),
            Tuning("4x256", new() { VocabSize = 8_000 }, length),
            Tuning("4x256-bf16", new() { VocabSize = 8_000 }, length, autocast: true),
            Tuning("minilm", new() { VocabSize = 30_522, HiddenSize = 384, Layers = 6, Heads = 12, IntermediateSize = 1_536 }, length),
            Tuning("minilm-bf16", new() { VocabSize = 30_522, HiddenSize = 384, Layers = 6, Heads = 12, IntermediateSize = 1_536 }, length, autocast: true),
        }),
        Pretraining("pretrain-4x256", autocast: false), Pretraining("pretrain-4x256-bf16", autocast: true),
    ];

    private static BenchWork Tuning(string name, BertConfig config, int length, bool autocast = false) =>
        new($"tune-{name}-{length}", $"fine-tuning steps of {name}, batch {Batch}, length {length}", Steps, "steps", context =>
        {
            if (autocast && !TrainingOptions.CanAutocast) return null;
            var words = Words(config.VocabSize - 5);
            File.WriteAllLines(Path.Combine(context.Scratch, "vocab.txt"), ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. words]);
            var random = SplitMix64.Stream(1, 1);
            string[] texts = [.. Enumerable.Range(0, Batch * Steps).Select(_ => string.Join(' ', Enumerable.Range(0, length - 2).Select(_ => words[random.Below(words.Length)])))];
            var labelled = HeadedTexts.Of("label", texts, [.. texts.Select((_, at) => at % 2)]);
            var backbone = TextBackbone.Of(Bert.Create(config, seed: 1), context.Scratch);
            var options = new FineTuningOptions { Training = new() { Epochs = 1, TokensPerBatch = Batch * length, MaxTokens = length, Threads = context.Threads, Autocast = autocast, Keep = KeptWeights.Last } };
            return () => _ = FineTuning.Train(backbone, [new("label", HeadKind.Classification, ["no", "yes"])], options, labelled, null, null, null, TimeProvider.System, context.Cancellation);
        }, Runs: 3);

    private static BenchWork Pretraining(string name, bool autocast) =>
        new(name, "masked-language training from scratch, 4x256, vocabulary of 8,000, 1,024 tokens a batch", 1_024L * PretrainingSteps, "tokens", context =>
        {
            if (autocast && !TrainingOptions.CanAutocast) return null;
            var random = SplitMix64.Stream(1, 2);
            WordTokens[] texts = [.. Enumerable.Range(0, 32 * PretrainingSteps).Select(_ => new WordTokens([.. Enumerable.Range(0, 30).Select(_ => 5 + random.Below(7_995))], [.. Enumerable.Repeat(true, 30)]))];
            var model = BertForMaskedLM.Create(new BertConfig { VocabSize = 8_000, HiddenDropout = 0 }, seed: 1);
            var options = new MaskedOptions { Training = new() { Epochs = 1, TokensPerBatch = 1_024, Threads = context.Threads, Autocast = autocast } };
            return () => _ = MaskedLanguageModelling.Train(model, options, texts, [], new(Pad: 0, Unknown: 1, Start: 2, End: 3, Mask: 4), null, null, TimeProvider.System, context.Cancellation);
        }, Runs: 3);

    // Different words of letters: aaaa, aaab, ...
    private static string[] Words(int count) =>
        [.. Enumerable.Range(0, count).Select(n => string.Create(4, n, static (letters, left) => { for (var at = 3; at >= 0; at--) (letters[at], left) = ((char)('a' + left % 26), left / 26); }))];
}
