using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Text;
using CustomerValue.Text;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Weights;

namespace CustomerValue.Torch.Training;

/// <summary>Options of <see cref="TunedEncoderSource"/>.</summary>
public sealed record TunedEncoderOptions
{
    /// <summary>How the labels are learned; threads come from the caller. Weights are chosen on customers apart (<see cref="DevShare"/>).</summary>
    public FineTuningOptions Tuning { get; init; } = new()
    {
        Training = new() { LearningRate = 3e-4, Warmup = 0.1, Epochs = 3, TokensPerBatch = 2048, MaxTokens = 128, Keep = KeptWeights.Best, Autocast = TrainingOptions.CanAutocast }, WordDropout = 0.1,
    };

    /// <summary>Share of the customers whose texts the weights are chosen on and not learned from; 0: all are learned from, and the last weights are kept.</summary>
    public double DevShare { get; init => field = Check.Within(value, 0, 0.5); } = 0.1;

    /// <summary>Groups of customers, each with an encoder of its own that has learned from the others only; 1 for one encoder that learns from all. See <see cref="IFoldedEncoderSource"/>.</summary>
    public int Folds { get; init => field = Check.Within(value, 1, 100); } = 1;

    /// <summary>Fewest texts that each answer of a question needs; a question with fewer isn't learned at that cutoff, and is answered with even odds.</summary>
    public int FewestTexts { get; init => field = Check.Within(value, 1, 1_000_000); } = 20;
}

/// <summary>Encoders that learn, for every cutoff anew, what a shop's own records say of its texts by then: was the writer content (stars), did they order within days, did they go on ordering.</summary>
/// <remarks>Nobody labels anything, and no label's window passes the cutoff. What was learned is kept, by a key over settings, texts and labels, and found again. The same texts, labels,
/// settings and number of threads give the same weights. Encoders of different cutoffs have different vectors: learners that see several cutoffs want the heads' answers.</remarks>
public sealed class TunedEncoderSource : IFoldedEncoderSource
{
    private const string Told = "texts of the shop";

    private static readonly (TextHead Head, Func<ShopText, DateTime, bool?> Label)[] s_questions =
    [
        (new("sentiment", HeadKind.Classification, ["negative", "positive"]), (text, _) => text.IsPositive),
        (new("intent", HeadKind.Classification, ["no", "yes"]), (text, end) => text.BuysKnown <= end ? text.Buys : null),
        (new("loyalty", HeadKind.Classification, ["no", "yes"]), (text, end) => text.KeepsBuyingKnown <= end ? text.KeepsBuying : null),
    ];

    private readonly string? _from;
    private readonly EncoderRecipe? _recipe;
    private readonly TunedEncoderOptions _options;
    private readonly string _start;

    /// <summary>Encoders that begin with imported weights.</summary>
    /// <param name="folder">A Hugging Face folder with an encoder: config.json, weights, tokenizer.</param>
    /// <param name="options">How they are tuned.</param>
    /// <exception cref="InvalidDataException">The folder isn't a whole encoder.</exception>
    public TunedEncoderSource(string folder, TunedEncoderOptions? options = null)
    {
        (_from, _options) = (folder, options ?? new());
        using var opened = HuggingFaceFolder.Open(folder);
        if (!BertConfig.IsKnown(opened.ModelType)) throw new InvalidDataException($"{folder} holds a {opened.ModelType}, where an encoder (BERT) is expected.");
        (Width, _start) = (BertConfig.Read(Path.Combine(folder, "config.json")).HiddenSize, $"weights {opened.Fingerprint()[..12]}");
    }

    /// <summary>Encoders that begin with nothing: vocabulary and language are learned from the texts before the cutoff.</summary>
    /// <param name="recipe">How.</param>
    /// <param name="options">How they are tuned.</param>
    public TunedEncoderSource(EncoderRecipe recipe, TunedEncoderOptions? options = null) =>
        (_recipe, _options, Width, _start) = (recipe, options ?? new(), recipe.Encoder.HiddenSize, $"from nothing: {Candidates.Told(recipe.Settings)}");

    /// <inheritdoc/>
    public IReadOnlyList<TextHead> Heads { get; } = [.. s_questions.Select(q => q.Head)];

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int Folds => _options.Folds;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["start"] = _start,
        ["tuning"] = Candidates.Told(_options.Tuning.Settings()),
        ["seed"] = _options.Tuning.Training.Seed.ToString(CultureInfo.InvariantCulture),
        ["dev_share"] = _options.DevShare.ToString(CultureInfo.InvariantCulture),
        ["folds"] = Folds.ToString(CultureInfo.InvariantCulture),
        ["fewest_texts"] = _options.FewestTexts.ToString(CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Too few texts have a label.</exception>
    /// <exception cref="ArgumentException">A text isn't dated before the cutoff.</exception>
    public ITextEncoder Open(
        Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) =>
        Open(null, labels, cutoff, folder, threads, progress, cancellation);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such group.</exception>
    /// <exception cref="InvalidOperationException">Too few texts have a label.</exception>
    /// <exception cref="ArgumentException">A text isn't dated before the cutoff.</exception>
    public ITextEncoder OpenFold(
        int fold, Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) =>
        Open(Folds == 1 ? null : Check.Within(fold, 0, Folds - 1, nameof(fold)), labels, cutoff, folder, threads, progress, cancellation);

    private TunedTextEncoder Open(int? fold, Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var (texts, end) = (labels(), cutoff.ToDateTime(TimeOnly.MinValue));
        if (texts.FirstOrDefault(t => t.At >= end) is { } late)
            throw new ArgumentException($"A text of customer '{late.CustomerId}' is dated {late.At:yyyy-MM-dd HH:mm}, and an encoder for the cutoff {cutoff:yyyy-MM-dd} may see earlier ones only.", nameof(labels));
        var taught = texts.Where(t => fold is null || ((IFoldedEncoderSource)this).FoldOf(t.CustomerId) != fold).ToArray();
        var (train, dev) = (Labelled(taught.Where(t => !IsDev(t)), end), Labelled(taught.Where(IsDev), end));
        TextHead[] heads = [.. Heads.Where(head => Enough(train, head))];
        if (heads.Length == 0)
            throw new InvalidOperationException(
                $"Of {texts.Count} texts before {cutoff:yyyy-MM-dd}, fewer than {_options.FewestTexts} have one answer or the other to each question ({string.Join(", ", Heads.Select(h => h.Name))}), so there is nothing to tune to. " +
                $"Take a later cutoff, lower {nameof(TunedEncoderOptions.FewestTexts)}, or read texts with an encoder that is finished.");

        TorchThreads.Use(threads);
        Directory.CreateDirectory(folder);
        var context = new TextFitContext(_options.Tuning.Training.Seed, threads, folder, progress) { TaughtFolder = folder };
        var kept = Path.Combine(folder, Key(train, dev, _recipe is null ? [] : texts, threads));
        Candidates.Once(kept, to => Tune(Start(texts, context, cancellation), heads, train, dev, to, kept + ".steps", fold, cutoff, context, cancellation));
        if (Directory.Exists(kept + ".steps")) Directory.Delete(kept + ".steps", recursive: true);
        return TunedTextEncoder.Open(kept);
    }

    private string Start(IReadOnlyList<ShopText> texts, TextFitContext context, CancellationToken cancellation) =>
        _from ?? _recipe!.Teach(new(Told, [.. texts.Select(t => t.Text)], []), context, context.Folder!, cancellation).Folder;

    private void Tune(
        string start, TextHead[] heads, HeadedTexts train, HeadedTexts dev, string to, string checkpoints, int? fold, DateOnly cutoff, TextFitContext context, CancellationToken cancellation)
    {
        // Weights are chosen where each question has an answer to choose by.
        var choose = heads.All(head => dev.Targets[head.Name].Any(t => !float.IsNaN(t)));
        var tuning = _options.Tuning with
        {
            Training = _options.Tuning.Training with { Threads = context.Threads, Keep = choose || _options.Tuning.Training.Keep != KeptWeights.Best ? _options.Tuning.Training.Keep : KeptWeights.Last },
        };
        var stage = string.Create(CultureInfo.InvariantCulture, $"tuning an encoder for {cutoff:yyyy-MM-dd}{(fold is null ? "" : $", group {fold + 1} of {Folds} apart")}");
        var (model, _) = FineTuning.Train(
            TextBackbone.Open(start, WeightUse.Train), heads, tuning, Of(train, heads), choose ? Of(dev, heads) : null, checkpoints, Candidates.Progress(stage, context), TimeProvider.System, cancellation);
        using (model) model.Save(to);
        Complete(to);

        static HeadedTexts Of(HeadedTexts texts, TextHead[] heads) => new(texts.Texts, heads.ToDictionary(h => h.Name, h => texts.Targets[h.Name]));
    }

    // A question that can't be learned yet has a head that weighs nothing, which answers with even odds whoever reads the folder.
    private void Complete(string folder)
    {
        var taught = TextHeadsFile.Read(folder);
        TextHead[] untaught = [.. Heads.ExceptBy(taught.Heads.Select(h => h.Name), h => h.Name)];
        if (untaught.Length == 0) return;
        var path = Path.Combine(folder, TextHeadsFile.Weights);
        List<WeightToWrite> weights = [.. untaught.SelectMany(h => new[]
        {
            WeightToWrite.Of($"{h.Name}.weight", [h.Labels.Count, Width], new float[h.Labels.Count * Width]), WeightToWrite.Of($"{h.Name}.bias", [h.Labels.Count], new float[h.Labels.Count]),
        })];
        using (var file = WeightFolder.OpenFile(path)) weights.AddRange(file.Weights.Select(w => WeightToWrite.Of(w.Name, w.Shape, file.ReadSingles(w.Name))));
        SafeTensorsWriter.Write(path, weights);
        TextHeadsFile.Write(folder, taught with { Heads = Heads });
    }

    // By a hash of its own: groups of customers are made of the plain id, and would be cut into by it.
    private bool IsDev(ShopText text) => TimeOrderedFolds.Group($"dev {text.CustomerId}", 1000) < 1000 * _options.DevShare;

    private bool Enough(HeadedTexts texts, TextHead head) =>
        Enumerable.Range(0, head.Labels.Count).All(label => texts.Targets[head.Name].Count(t => t == label) >= _options.FewestTexts);

    private static HeadedTexts Labelled(IEnumerable<ShopText> texts, DateTime end)
    {
        ShopText[] all = [.. texts];
        return new([.. all.Select(t => t.Text)], s_questions.ToDictionary(q => q.Head.Name, q => all.Select(t => q.Label(t, end) switch { true => 1f, false => 0f, null => float.NaN }).ToArray()));
    }

    private string Key(HeadedTexts train, HeadedTexts dev, IReadOnlyList<ShopText> language, int threads)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
        foreach (var texts in new[] { train, dev })
        {
            foreach (var text in texts.Texts) Add(text);
            foreach (var (head, _) in s_questions) hash.AppendData(MemoryMarshal.AsBytes(texts.Targets[head.Name].AsSpan()));
            Add("");
        }
        foreach (var text in language) Add(text.Text);
        foreach (var (name, value) in Settings) Add($"{name}={value}");
        Add(string.Create(CultureInfo.InvariantCulture, $"{threads} {ProgramVersion.Behind(this)}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
