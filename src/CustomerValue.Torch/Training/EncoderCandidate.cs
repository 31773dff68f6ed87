using System.Globalization;
using CustomerValue.Models.Text;
using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Torch.Language;

namespace CustomerValue.Torch.Training;

/// <summary>An encoder of our own: vocabulary, pre-training and fine-tuning from the training texts alone, nothing imported.</summary>
/// <param name="name">Short name, unique in its experiment.</param>
/// <param name="vocabulary">Learns a vocabulary from texts and writes it, vocab.txt and tokenizer_config.json, into a folder.</param>
/// <param name="vocabularyName">What decides that vocabulary, such as "WordPiece, 8,000 tokens"; logged.</param>
public sealed class EncoderCandidate(string name, Action<IReadOnlyList<string>, string> vocabulary, string vocabularyName) : ITextCandidate
{
    private const string Head = "label";
    private const int MeasuredTexts = 1000;

    /// <summary>Sizes; the vocabulary's is that of what was learned.</summary>
    public BertConfig Encoder { get; init; } = new() { HiddenDropout = 0.1 };

    /// <summary>How the language is learned; seed and threads come from the experiment. No dropout then: it costs time, and texts are read only a few times.</summary>
    public MaskedOptions Pretraining { get; init; } = new();

    /// <summary>How the labels are learned.</summary>
    public FineTuningOptions Tuning { get; init; } = new() { Training = new() { LearningRate = 3e-4, Epochs = 3, TokensPerBatch = 2048, Keep = KeptWeights.Best } };

    /// <summary>Where a text's words end, so that whole words are hidden; null for single characters and '##' pieces.</summary>
    public Func<string, IReadOnlyList<int>>? WordEnds { get; init; }

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["encoder"] = string.Create(CultureInfo.InvariantCulture, $"{Encoder.Layers}x{Encoder.HiddenSize}, {Encoder.Heads} heads, {Encoder.IntermediateSize} inside, dropout {Encoder.HiddenDropout}"),
        ["vocabulary"] = vocabularyName,
        ["pretraining"] = string.Create(CultureInfo.InvariantCulture, $"mask {Pretraining.MaskRate}, {Pretraining.Layout}, {(WordEnds is null ? "pieces" : "whole words")}; {Candidates.Told(Pretraining.Training.Settings())}"),
        ["tuning"] = Candidates.Told(Tuning.Settings()),
    };

    /// <inheritdoc/>
    public IFittedTextCandidate Fit(LabelledTexts train, LabelledTexts dev, TextFitContext context, CancellationToken cancellation)
    {
        var folder = context.Folder ?? Directory.CreateTempSubdirectory("encoder-").FullName;
        try
        {
            var vocab = Candidates.Once(Path.Combine(folder, "vocabulary"), to => vocabulary(train.Texts, to));
            var encoder = Candidates.Once(Path.Combine(folder, "encoder"), to => Pretrain(train, dev, vocab, to, Path.Combine(folder, "pretraining"), context, cancellation));
            return Candidates.Tune(encoder, Tuning, train, dev, Path.Combine(folder, "tuning"), context, cancellation);
        }
        finally
        {
            if (context.Folder is null) Directory.Delete(folder, recursive: true);
        }
    }

    private void Pretrain(LabelledTexts train, LabelledTexts dev, string vocab, string to, string checkpoints, TextFitContext context, CancellationToken cancellation)
    {
        var tokenizer = HuggingFaceTokenizer.Open(vocab);
        var config = Encoder with { VocabSize = tokenizer.Vocabulary.Count, PadTokenId = tokenizer.Special.Pad ?? 0 };
        var options = Pretraining with { Training = Pretraining.Training with { Seed = context.Seed, Threads = context.Threads } };
        using var model = BertForMaskedLM.Create(config with { HiddenDropout = 0 }, context.Seed);
        WordTokens[] Tokens(IEnumerable<string> texts) => [.. texts.Select(t => WordTokens.Of(t, tokenizer, WordEnds))];
        MaskedLanguageModelling.Train(model, options, Tokens(train.Texts), Tokens(dev.Texts.Take(MeasuredTexts)), tokenizer.Special, checkpoints,
            Candidates.Progress("pre-training", context), TimeProvider.System, cancellation);
        using var backbone = TextBackbone.Of(model.Encoder, vocab);
        backbone.Save(to);
        config.Write(Path.Combine(to, "config.json"));          // with the dropout that tuning wants
    }

    /// <summary>What both candidates share.</summary>
    internal static class Candidates
    {
        /// <summary>A folder made by work that ends: whole or absent, and made once.</summary>
        public static string Once(string folder, Action<string> make)
        {
            if (Directory.Exists(folder)) return folder;
            var part = folder + ".part";
            if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
            Directory.CreateDirectory(part);
            make(part);
            Directory.Move(part, folder);
            return folder;
        }

        public static IFittedTextCandidate Tune(string model, FineTuningOptions options, LabelledTexts train, LabelledTexts dev, string? folder, TextFitContext context, CancellationToken cancellation)
        {
            options = options with { Training = options.Training with { Seed = context.Seed, Threads = context.Threads } };
            var (tuned, report) = FineTuning.Train(
                TextBackbone.Open(model, Weights.WeightUse.Train), [new(Head, HeadKind.Classification, train.Classes)], options,
                HeadedTexts.Of(Head, train.Texts, train.Labels), HeadedTexts.Of(Head, dev.Texts, dev.Labels), folder, Progress("fine-tuning", context), TimeProvider.System, cancellation);
            return new Fitted(tuned, report);
        }

        public static IProgress<TrainingStep>? Progress(string stage, TextFitContext context) => context.Progress is { } told ? new Steps(stage, told) : null;

        public static string Told(IReadOnlyDictionary<string, string> settings) =>
            string.Join(", ", settings.Where(s => s.Key is not nameof(TrainingOptions.Seed) and not nameof(TrainingOptions.Threads)).Select(s => $"{s.Key} {s.Value}"));

        private sealed class Steps(string stage, IProgress<StageProgress> told) : IProgress<TrainingStep>
        {
            public void Report(TrainingStep value) => told.Report(new(stage, value.Step, value.Steps, "steps",
                string.Create(CultureInfo.InvariantCulture, $"loss {value.Loss:0.000}, rate {value.LearningRate:0.0e0}, {value.TokensPerSecond:#,0} tokens/s")));
        }

        private sealed class Fitted(TunedTextModel model, TrainingReport report) : IFittedTextCandidate, ITellsChoices
        {
            public IReadOnlyDictionary<string, string> Choices { get; } = new Dictionary<string, string>
            {
                ["best_step"] = string.Create(CultureInfo.InvariantCulture, $"{report.BestStep} of {report.Steps}"),
                ["dev_accuracy"] = report.Best?[$"{Head}_accuracy"].ToString("0.0000", CultureInfo.InvariantCulture) ?? "",
            };

            public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation) => model.Answers(Head, texts, cancellation);

            public void Dispose() => model.Dispose();
        }
    }
}
