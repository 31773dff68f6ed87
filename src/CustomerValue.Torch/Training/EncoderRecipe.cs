using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Torch.Language;

namespace CustomerValue.Torch.Training;

/// <summary>Bare texts that a language is learned from.</summary>
/// <param name="Name">What they are called in what is logged.</param>
/// <param name="Texts">The texts.</param>
/// <param name="HeldOut">Texts of the same kind that are only measured on; may be empty.</param>
public sealed record TextCorpus(string Name, IReadOnlyList<string> Texts, IReadOnlyList<string> HeldOut)
{
    /// <summary>A data set's training texts, measured on its dev texts.</summary>
    public static TextCorpus Of(TextDataset texts) => new(texts.Name, texts.Train.Texts, texts.Dev.Texts);
}

/// <summary>How an encoder is taught a language from bare texts alone, nothing imported: a vocabulary, then hidden words. The defaults suit a shop's reviews in Chinese.</summary>
/// <remarks>
/// Small texts in small number are what a shop has. What helps then: runs of tokens as inputs (<see cref="NGramEmbeddings"/>), since Chinese words are runs of characters,
/// whole words hidden (Cui et al. 2021), and many passes in small batches.
/// </remarks>
public sealed record EncoderRecipe
{
    private const int MeasuredTexts = 1000;
    private const string Report = "taught.json";

    /// <summary>Learns a vocabulary from texts and writes it, vocab.txt and tokenizer_config.json, into a folder.</summary>
    public Action<IReadOnlyList<string>, string> Vocabulary { get; init; } = (texts, folder) => WordPieceFolder.Write(folder, new WordPieceTrainer().Train(texts));

    /// <summary>What decides that vocabulary; logged.</summary>
    public string VocabularyName { get; init; } = "WordPiece, 8,000 tokens";

    /// <summary>Where a text's words end, so that whole words are hidden; null where the vocabulary's own tokens, and '##' pieces, tell enough.</summary>
    public Func<string, IReadOnlyList<int>>? WordEnds { get; init; } = text => [.. WordSegmenter.Segment(text).Select(word => word.Start + word.Length)];

    /// <summary>Sizes, and the dropout that tuning will have; the vocabulary's size is that of what was learned. Nothing is dropped while the language is learned: it costs time, and texts are read only a few times.</summary>
    public BertConfig Encoder { get; init; } = new() { NGramBuckets = 262_139, NGramOrder = 4 };

    /// <summary>How the language is learned; threads come from the experiment. The seed is the recipe's, so that one encoder serves several experiments.</summary>
    public MaskedOptions Pretraining { get; init; } = new() { Training = new() { LearningRate = 1e-3, Epochs = 5, Autocast = TrainingOptions.CanAutocast } };

    /// <summary>All that decides the encoder besides texts and threads, by name.</summary>
    public IReadOnlyDictionary<string, string> Settings => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["encoder"] = string.Create(CultureInfo.InvariantCulture, $"{Encoder.Layers}x{Encoder.HiddenSize}, {Encoder.Heads} heads, {Encoder.IntermediateSize} inside, dropout {Encoder.HiddenDropout}")
            + (Encoder.NGramBuckets == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", runs of 2 to {Encoder.NGramOrder} tokens in {Encoder.NGramBuckets} x {Encoder.NGramWidth}")),
        ["vocabulary"] = VocabularyName,
        ["pretraining"] = string.Create(CultureInfo.InvariantCulture, $"mask {Pretraining.MaskRate}, {Pretraining.Layout}, {(WordEnds is null ? "tokens" : "words of a segmenter")}; seed {Pretraining.Training.Seed}, {Candidates.Told(Pretraining.Training.Settings())}"),
    };

    /// <summary>Teaches the encoder, or finds the one that was taught so before.</summary>
    /// <param name="corpus">The texts.</param>
    /// <param name="context">Threads, folder of encoders and progress.</param>
    /// <param name="folder">Where it is kept if not among the encoders that are shared.</param>
    /// <param name="cancellation">Ends the work after the step at hand, with a checkpoint where there is a folder.</param>
    /// <returns>The encoder's folder, and how it was taught.</returns>
    internal (string Folder, TaughtReport Report) Teach(TextCorpus corpus, TextFitContext context, string folder, CancellationToken cancellation)
    {
        if (context.TaughtFolder is { } shared) folder = Path.Combine(shared, Digest(corpus, context.Threads));
        var vocab = Candidates.Once(Path.Combine(folder, "vocabulary"), to => Vocabulary(corpus.Texts, to));
        var encoder = Candidates.Once(Path.Combine(folder, "encoder"), to => Pretrain(corpus, vocab, to, Path.Combine(folder, "pretraining"), context, cancellation));
        return (encoder, JsonSerializer.Deserialize<TaughtReport>(File.ReadAllBytes(Path.Combine(encoder, Report)))!);
    }

    private void Pretrain(TextCorpus corpus, string vocab, string to, string checkpoints, TextFitContext context, CancellationToken cancellation)
    {
        var tokenizer = HuggingFaceTokenizer.Open(vocab);
        var config = Encoder with { VocabSize = tokenizer.Vocabulary.Count, PadTokenId = tokenizer.Special.Pad ?? 0 };
        var options = Pretraining with { Training = Pretraining.Training with { Threads = context.Threads } };
        using var model = BertForMaskedLM.Create(config with { HiddenDropout = 0 }, options.Training.Seed);
        WordTokens[] Tokens(IEnumerable<string> texts) => [.. texts.Select(t => WordTokens.Of(t, tokenizer, WordEnds))];
        var report = MaskedLanguageModelling.Train(model, options, Tokens(corpus.Texts), Tokens(corpus.HeldOut.Take(MeasuredTexts)), tokenizer.Special, checkpoints,
            Candidates.Progress("pre-training", context), TimeProvider.System, cancellation);
        using var backbone = TextBackbone.Of(model.Encoder, vocab);
        backbone.Save(to);
        config.Write(Path.Combine(to, "config.json"));          // with the dropout that tuning wants
        File.WriteAllBytes(Path.Combine(to, Report), JsonSerializer.SerializeToUtf8Bytes(new TaughtReport(report.Steps, report.Tokens, report.Seconds, report.Loss, report.Best)));
        if (Directory.Exists(checkpoints)) Directory.Delete(checkpoints, recursive: true);
    }

    private string Digest(TextCorpus corpus, int threads)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
        foreach (var text in corpus.Texts) Add(text);
        Add("");
        foreach (var text in corpus.HeldOut) Add(text);
        foreach (var (name, value) in Settings) Add($"{name}={value}");
        Add($"{threads} {ProgramVersion.Behind(this)}");
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}

/// <summary>How an encoder was taught.</summary>
/// <param name="Steps">Steps taken.</param>
/// <param name="Tokens">Tokens read, padding included.</param>
/// <param name="Seconds">Time that they took; of a run that was resumed, since then.</param>
/// <param name="Loss">Mean loss at the end, in nats.</param>
/// <param name="HeldOut">Best figures on the held-out texts; null without such.</param>
internal sealed record TaughtReport(long Steps, long Tokens, double Seconds, double Loss, IReadOnlyDictionary<string, double>? HeldOut);
