using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Training;
using CustomerValue.Torch.Weights;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Customers;

/// <summary>How customers' texts and features are learned from together.</summary>
public sealed record EndToEndOptions
{
    /// <summary>The encoder's folder, as Hugging Face lays it out; null for a small one from scratch. It must not have seen anything from after the test cutoff.</summary>
    public string? Encoder { get; init; }

    /// <summary>Sizes of an encoder from scratch; the vocabulary's is that of what was learned.</summary>
    public BertConfig Scratch { get; init; } = new() { HiddenSize = 64, Layers = 2, Heads = 2, IntermediateSize = 128, MaxPositions = 64 };

    /// <summary>Pieces of words of an encoder from scratch.</summary>
    public int Pieces { get; init => field = Check.Within(value, 16, 1_000_000); } = 2000;

    /// <summary>Whether the encoder stays as it is; then every text is read once.</summary>
    public bool Frozen { get; init; }

    /// <summary>The encoder's step size over that of the rest.</summary>
    public double EncoderRate { get; init => field = Check.Within(value, 1e-4, 1000); } = 0.3;

    /// <summary>Most texts of a customer: the last ones.</summary>
    public int Texts { get; init => field = Check.Within(value, 1, 1000); } = 8;

    /// <summary>Longest text, in tokens; what is beyond is cut off.</summary>
    public int TextTokens { get; init => field = Check.Within(value, 4, 100_000); } = 48;

    /// <summary>Width of what weighs texts against one another.</summary>
    public int Attention { get; init => field = Check.Within(value, 1, 10_000); } = 32;

    /// <summary>Widths of the two layers over texts and features.</summary>
    public (int First, int Second) Hidden { get; init; } = (64, 32);

    /// <summary>Share of those layers' values dropped in training.</summary>
    public double Dropout { get; init => field = Check.Within(value, 0, 0.9); } = 0.1;

    /// <summary>The features that are read; null for all of the table.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>How churn and spend are learned; seed and threads come from the experiment.</summary>
    public TrainingOptions Tuning { get; init; } = new() { LearningRate = 2e-3, Warmup = 0.1, Epochs = 4, TokensPerBatch = 1024, WeightDecay = 0.05, Keep = KeptWeights.Best };
}

/// <summary>Texts and features to churn and spend in one network: an encoder gives each text a vector, attention that knows its age weighs them, two layers join them with the features.</summary>
/// <remarks>It reads records (<see cref="CustomerHistories"/>), so its tables must come with them; so must those that its package scores.</remarks>
/// <param name="options">How.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class EndToEndCandidate(EndToEndOptions? options = null, string name = "end-to-end") : IReadsRecords
{
    private const string EncoderPrefix = "encoder.";
    private readonly EndToEndOptions _options = options ?? new();

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["encoder"] = _options.Encoder is { } folder ? $"{Path.GetFileName(Path.GetFullPath(folder))} {Digest(folder)}" : string.Create(CultureInfo.InvariantCulture,
            $"from scratch, {_options.Scratch.Layers}x{_options.Scratch.HiddenSize}, {_options.Scratch.Heads} heads, {_options.Scratch.IntermediateSize} inside, {_options.Scratch.Activation}, dropout {_options.Scratch.HiddenDropout}, deviation {_options.Scratch.InitializerRange}, runs {_options.Scratch.NGramBuckets} {_options.Scratch.NGramOrder} {_options.Scratch.NGramWidth}, {_options.Pieces} pieces"),
        ["encoder_rate"] = _options.Frozen ? "frozen" : _options.EncoderRate.ToString(CultureInfo.InvariantCulture),
        ["texts"] = string.Create(CultureInfo.InvariantCulture, $"the last {_options.Texts}, {_options.TextTokens} tokens each"),
        ["network"] = string.Create(CultureInfo.InvariantCulture, $"attention {_options.Attention}, layers {_options.Hidden.First} {_options.Hidden.Second}, dropout {_options.Dropout}"),
        ["columns"] = _options.Columns is null ? "all" : string.Join(' ', _options.Columns),
        ["tuning"] = Candidates.Told(_options.Tuning.Settings()),
    };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A table came without records, no customer has written anything, or there are no labelled rows over the horizon.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        LabelledRows.Require(data, name);
        TorchThreads.Use(context.Threads);
        var scaling = new FeatureScaling(_options.Columns).Fit([.. data.Cutoffs.Select(c => c.Features)]);
        var known = new TextRows();
        TextRow[] read = [.. data.Cutoffs.SelectMany(c => known.Of(c.Features, scaling, _options.Texts, name, context.Cancellation))];
        if (known.Texts.Count == 0)
            throw new InvalidOperationException($"'{name}' learns from what customers wrote, and none of the {read.Length} rows has a review or a chat before its cutoff. Load reviews or dialogues, or leave it out.");

        var (rows, backbone) = (new JointRows(data), Encoder(known.Texts, context));
        if (_options.Frozen) foreach (var (_, parameter) in backbone.Network.named_parameters()) parameter.requires_grad_(false);
        int[][] ids = [.. known.Texts.Select(t => Tokens(backbone, t, TextTokens(backbone)))];
        var network = new TextAttention(backbone.HiddenSize, scaling.Columns.Count, _options.Hidden, _options.Attention, _options.Dropout, context.Seed, rows.Targets);
        Tune(backbone, network, rows, read, ids, context);

        // Once learned, texts and customers are answered one by one, here as later.
        var fitted = new Fitted(name, scaling, backbone, network.Frozen(), _options.Texts, TextTokens(backbone), context.Threads) { IsFromScratch = _options.Encoder is null };
        var outputs = fitted.Outputs([.. rows.Held.Select(row => read[row])], known.Texts, context.Cancellation);
        return fitted with
        {
            Calibration = JointCalibration.Fit(outputs, [.. rows.Held.Select(row => rows.Targets.Churned[row] > 0)], [.. rows.Held.Select(row => (double)rows.Targets.Spend[row])], rows.Targets.Spend.Max()),
        };
    }

    private TextBackbone Encoder(IReadOnlyList<string> texts, FitContext context)
    {
        if (_options.Encoder is { } folder) return TextBackbone.Open(folder, WeightUse.Train);
        var vocabulary = Directory.CreateTempSubdirectory("end-to-end-").FullName;
        try
        {
            WordPieceFolder.Write(vocabulary, new WordPieceTrainer(new() { Size = _options.Pieces }).Train(texts, cancellation: context.Cancellation));
            var tokenizer = HuggingFaceTokenizer.Open(vocabulary);
            return TextBackbone.Of(Bert.Create(_options.Scratch with { VocabSize = tokenizer.Vocabulary.Count, PadTokenId = tokenizer.Special.Pad ?? 0 }, context.Seed), vocabulary);
        }
        finally
        {
            Directory.Delete(vocabulary, recursive: true);
        }
    }

    private void Tune(TextBackbone backbone, TextAttention network, JointRows rows, TextRow[] read, int[][] ids, FitContext context)
    {
        var tuning = _options.Tuning with { Seed = context.Seed, Threads = context.Threads };
        var fingerprint = rows.Fingerprint(
            ids.Select(i => MemoryMarshal.AsBytes(i.AsSpan()).ToArray()).Concat(read.Select(r => MemoryMarshal.AsBytes(r.Texts.AsSpan()).ToArray()))
                .Concat(read.Select(r => MemoryMarshal.AsBytes(r.Features.Concat(r.Told.SelectMany(t => t)).ToArray().AsSpan()).ToArray())),
            Settings.Append(new("seed", context.Seed.ToString(CultureInfo.InvariantCulture))).Append(new("threads", context.Threads.ToString(CultureInfo.InvariantCulture))));
        var folder = context.Folder is null ? null : Path.Combine(context.Folder, $"{name}-{fingerprint}");
        using var tables = new SparseTables(backbone.Network);
        var still = _options.Frozen ? TextVectors.OneByOne(backbone, ids, context.Threads, context.Cancellation) : null;
        int[] lengths = [.. read.Select(r => 8 + (_options.Frozen ? 0 : r.Texts.Sum(t => ids[t].Length)))];
        var weights = backbone.Network.named_parameters().Select(p => (EncoderPrefix + p.name, (Tensor)p.parameter)).Concat(network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
        JointTuning.Train(
            new(weights, weight => weight.StartsWith(EncoderPrefix, StringComparison.Ordinal) ? _options.EncoderRate * tuning.RateScale(weight) : 1), tuning, rows, lengths,
            chosen => Outputs(backbone, network, still, ids, [.. chosen.Select(row => read[row])]), learns =>
            {
                Precision.Learning(backbone.Network, learns && !_options.Frozen, tuning);
                network.train(learns);
            },
            fingerprint, folder, Candidates.Progress($"{name}: churn and spend", context.Progress), context.Cancellation);
        if (folder is not null && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private static Tensor Outputs(TextBackbone backbone, TextAttention network, float[][]? still, int[][] ids, TextRow[] rows)
    {
        using var scope = NewDisposeScope();
        int[] texts = [.. rows.SelectMany(r => r.Texts).Distinct()];
        var place = texts.Select((text, at) => (text, at)).ToDictionary(t => t.text, t => t.at);
        var vectors = texts.Length == 0 ? zeros(0, backbone.HiddenSize)
            : still is null ? TextVectors.Pooled(backbone, [.. texts.Select(t => ids[t])]) : tensor(texts.SelectMany(t => still[t]).ToArray(), [texts.Length, backbone.HiddenSize]);
        return network.Answer(vectors, [.. rows.Select(r => r.Texts.Select(t => place[t]).ToArray())], rows).MoveToOuterDisposeScope();
    }

    private int TextTokens(TextBackbone backbone) => Math.Min(_options.TextTokens, backbone.MaxPositions);

    private static int[] Tokens(TextBackbone backbone, string text, int most) => backbone.Tokenizer.Encode(text, most) is { Length: > 0 } ids ? ids : [0];

    // Of all weight files: a folder's name says little.
    private string Digest(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"'{name}' needs the model folder {folder}, which isn't there. Give the folder of an encoder, or none for one from scratch.");
        using (var opened = HuggingFaceFolder.Open(folder))
            if (!BertConfig.IsKnown(opened.ModelType))
                throw new InvalidDataException($"'{name}' reads texts by an encoder, and {folder} holds a {opened.ModelType}. Give the folder of a BERT (model_type {BertConfig.PlainType} or {BertConfig.NGramType}): no other could be packaged with it.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".safetensors" or ".bin" or ".json" or ".txt").Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            using var stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    private sealed record Fitted(string Name, FittedScaling Scaling, TextBackbone Backbone, TextAttentionWeights Attention, int MostTexts, int TextTokens, int Threads) : ITunedTextReader
    {
        public JointCalibration Calibration { get; init; } = new(new(0, 1), 1, 0);

        public bool IsFromScratch { get; init; }

        public IReadOnlyList<string> Columns { get; } = [.. Scaling.Columns.Select(c => c.Name)];

        public void Save(string folder)
        {
            Backbone.Save(folder);
            // The vocabulary of an encoder from scratch was learned here and stands in no folder.
            if (IsFromScratch) WordPieceFolder.Write(folder, (WordPieceTokenizer)Backbone.Tokenizer);
        }

        public Scores Predict(FeatureTable customers)
        {
            TorchThreads.Use(Threads);
            var known = new TextRows();
            var rows = known.Of(customers, Scaling, MostTexts, Name, CancellationToken.None);
            return Calibration.Of(Outputs(rows, known.Texts, CancellationToken.None));
        }

        public double[][] Outputs(TextRow[] rows, IReadOnlyList<string> texts, CancellationToken cancellation)
        {
            var needed = rows.SelectMany(r => r.Texts).Distinct().ToArray();
            var vectors = needed.Zip(TextVectors.OneByOne(Backbone, [.. needed.Select(t => Tokens(Backbone, texts[t], TextTokens))], Threads, cancellation)).ToDictionary(v => v.First, v => v.Second);
            return [.. rows.Select(row => Attention.Of([.. row.Texts.Select(t => vectors[t])], row))];
        }
    }
}
