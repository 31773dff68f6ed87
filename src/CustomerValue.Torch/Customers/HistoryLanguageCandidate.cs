using System.Globalization;
using System.Runtime.InteropServices;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Training;
using CustomerValue.Torch.Weights;

namespace CustomerValue.Torch.Customers;

/// <summary>How histories are read as a language. The defaults take minutes on one core for some thousand customers.</summary>
public sealed record HistoryLanguageOptions
{
    /// <summary>How histories are written.</summary>
    public EventLanguageOptions Language { get; init; } = new();

    /// <summary>Sizes of the encoder; vocabulary and longest text are those of the language.</summary>
    public BertConfig Encoder { get; init; } = new() { HiddenSize = 128, Layers = 2, Heads = 4, IntermediateSize = 256 };

    /// <summary>How the language is learned before any label is seen; null: not at all.</summary>
    public MaskedOptions? Pretraining { get; init; } = new() { MaskRate = 0.2, Training = new() { LearningRate = 1e-3, Epochs = 2, TokensPerBatch = 1024, WeightDecay = 0.01 } };

    /// <summary>How churn and spend are learned; seed and threads come from the experiment.</summary>
    public TrainingOptions Tuning { get; init; } = new() { LearningRate = 5e-4, Warmup = 0.1, Epochs = 4, TokensPerBatch = 1024, WeightDecay = 0.05, Keep = KeptWeights.Best };

    /// <summary>All that decides the result, by name.</summary>
    internal IReadOnlyDictionary<string, string> Settings()
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["encoder"] = string.Create(CultureInfo.InvariantCulture, $"{Encoder.Layers}x{Encoder.HiddenSize}, {Encoder.Heads} heads, {Encoder.IntermediateSize} inside, {Encoder.Activation}, dropout {Encoder.HiddenDropout}, deviation {Encoder.InitializerRange}, runs {Encoder.NGramBuckets} {Encoder.NGramOrder} {Encoder.NGramWidth}"),
            ["pretraining"] = Pretraining is null ? "none" : string.Create(CultureInfo.InvariantCulture, $"mask {Pretraining.MaskRate}, {Candidates.Told(Pretraining.Training.Settings())}"),
            ["tuning"] = Candidates.Told(Tuning.Settings()),
        };
        foreach (var (name, value) in Language.Settings()) settings[$"language.{name}"] = value;
        return settings;
    }
}

/// <summary>Reads a customer's whole history as a sentence: an encoder learns the shop's language by guessing hidden events, then foresees churn and spend together.</summary>
/// <remarks>It reads records, no features, so its tables must come with them (<see cref="CustomerHistories"/>); so must those that its package scores.</remarks>
/// <param name="options">How.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class HistoryLanguageCandidate(HistoryLanguageOptions? options = null, string name = "history-language") : IReadsRecords
{
    private readonly HistoryLanguageOptions _options = options ?? new();

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => _options.Settings();

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A table came without records, or there are no labelled rows over the horizon.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        LabelledRows.Require(data, name);
        TorchThreads.Use(context.Threads);
        var current = CustomerHistories.Of(data.Current, name, context.Cancellation);
        var language = new EventLanguage(_options.Language).Fit(current, context.Cancellation);
        EventSentence[] known = [.. current.Select(h => language.Write(h, data.Current.Cutoff))];
        EventSentence[] read = [.. data.Cutoffs.SelectMany(c => CustomerHistories.Of(c.Features, name, context.Cancellation).Select(h => language.Write(h, c.Features.Cutoff)))];

        var rows = new JointRows(data);
        var fingerprint = rows.Fingerprint(read.Concat(known).Select(s => MemoryMarshal.AsBytes(s.Ids.AsSpan()).ToArray()),
            Settings.Append(new("seed", context.Seed.ToString(CultureInfo.InvariantCulture))).Append(new("threads", context.Threads.ToString(CultureInfo.InvariantCulture))));
        var folder = context.Folder is null ? null : Path.Combine(context.Folder, $"{name}-{fingerprint}");
        var network = new HistoryNetwork(Encoder(language, known, folder, context), context.Seed, rows.Targets);
        Tune(network, language, rows, read, fingerprint, folder, context);

        var held = network.Outputs([.. rows.Held.Select(row => network.Row(read[row].Ids))], context.Threads, context.Cancellation);
        var calibration = JointCalibration.Fit(held, [.. rows.Held.Select(row => rows.Targets.Churned[row] > 0)], [.. rows.Held.Select(row => (double)rows.Targets.Spend[row])], rows.Targets.Spend.Max());
        if (folder is not null && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        return new Fitted(name, language, network, calibration, context.Threads);
    }

    private Bert Encoder(FittedEventLanguage language, EventSentence[] known, string? folder, FitContext context)
    {
        var longest = _options.Language.MaxTokens + 2;
        var config = _options.Encoder with { VocabSize = language.Vocabulary.Count, MaxPositions = longest, PadTokenId = language.Special.Pad ?? 0 };
        if (_options.Pretraining is not { } pretraining) return Bert.Create(config, context.Seed);
        // Every sentence twice: whole events hidden, which the others must tell, and single tokens, which their own event tells.
        WordTokens[] texts = [.. known.Select(s => new WordTokens(s.Ids, s.Events)), .. known.Select(s => new WordTokens(s.Ids, [.. s.Ids.Select(_ => true)]))];
        var masked = BertForMaskedLM.Create(config, context.Seed);
        MaskedLanguageModelling.Train(
            masked, pretraining with { Training = pretraining.Training with { Seed = context.Seed, Threads = context.Threads, MaxTokens = longest } }, texts, [], language.Special,
            folder is null ? null : Path.Combine(folder, "pretraining"), Candidates.Progress($"{name}: hidden events", context.Progress), TimeProvider.System, context.Cancellation);
        return masked.Encoder;
    }

    private void Tune(HistoryNetwork network, FittedEventLanguage language, JointRows rows, EventSentence[] read, string fingerprint, string? folder, FitContext context)
    {
        int[][] ids = [.. read.Select(s => network.Row(s.Ids))];
        var tuning = _options.Tuning with { Seed = context.Seed, Threads = context.Threads };
        JointTuning.Train(
            new([.. network.named_parameters().Select(p => (p.name, (TorchSharp.torch.Tensor)p.parameter))], tuning.RateScale), tuning, rows, [.. ids.Select(row => row.Length)],
            chosen => network.forward(Text.TokenBatch.Of([.. chosen.Select(row => ids[row])], language.Special.Pad ?? 0)), learns => Precision.Learning(network, learns, tuning), fingerprint,
            folder is null ? null : Path.Combine(folder, "tuning"), Candidates.Progress($"{name}: churn and spend", context.Progress), context.Cancellation);
    }

    private sealed class Fitted(string name, FittedEventLanguage language, HistoryNetwork network, JointCalibration calibration, int threads) : ITunedHistoryReader
    {
        public string Name => name;

        // What it reads are records; no column of the table is looked at.
        public IReadOnlyList<string> Columns => [];

        public FittedEventLanguage Language => language;

        public DenseLayer Head => network.Head;

        public JointCalibration Calibration => calibration;

        public void Save(string folder) => HuggingFaceFolder.Save(folder, network.Encoder, path => network.Encoder.Config.Write(path));

        public Scores Predict(FeatureTable customers)
        {
            TorchThreads.Use(threads);
            return calibration.Of(network.Outputs([.. CustomerHistories.Of(customers, name).Select(h => network.Row(language.Write(h, customers.Cutoff).Ids))], threads));
        }
    }
}
