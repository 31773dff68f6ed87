using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;

namespace CustomerValue.Torch.Training;

/// <summary>Labelled texts of another task, which an encoder is tuned to first.</summary>
/// <param name="Name">What they are called in what is logged.</param>
/// <param name="Train">To learn from.</param>
/// <param name="Dev">To choose the weights by.</param>
public sealed record EarlierTask(string Name, LabelledTexts Train, LabelledTexts Dev)
{
    /// <summary>A data set's training and dev texts.</summary>
    public static EarlierTask Of(TextDataset texts) =>
        new(texts.Name, new(texts.Train.Texts, texts.Train.Labels, texts.Classes), new(texts.Dev.Texts, texts.Dev.Labels, texts.Classes));
}

/// <summary>An encoder of our own: vocabulary, pre-training and fine-tuning from texts of the shop alone, nothing imported.</summary>
/// <param name="name">Short name, unique in its experiment.</param>
/// <param name="recipe">How it is taught the language.</param>
public sealed class EncoderCandidate(string name, EncoderRecipe recipe) : ITextCandidate
{
    /// <summary>What it learns the language from; null for the experiment's training texts, with its dev texts to measure on.</summary>
    public TextCorpus? Corpus { get; init; }

    /// <summary>What it is tuned to before the experiment's own labels; null for nothing. Kept beside the encoder, and done once for several candidates.</summary>
    public EarlierTask? Earlier { get; init; }

    /// <summary>How that is learned, with the recipe's seed; null: as the labels are.</summary>
    public FineTuningOptions? EarlierTuning { get; init; }

    /// <summary>What else it learns to answer of the training texts.</summary>
    public IReadOnlyList<SideTask> Beside { get; init; } = [];

    /// <summary>How the labels are learned; seed and threads come from the experiment. Texts are read further than in pre-training: three Chinese reviews in ten have more than 128 tokens.</summary>
    public FineTuningOptions Tuning { get; init; } = new()
    {
        Training = new() { LearningRate = 5e-4, Warmup = 0.1, Epochs = 2, TokensPerBatch = 1024, MaxTokens = 256, Keep = KeptWeights.Best, Autocast = TrainingOptions.CanAutocast }, WordDropout = 0.1,
    };

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings
    {
        get
        {
            var settings = new SortedDictionary<string, string>(recipe.Settings.ToDictionary(s => s.Key, s => s.Value), StringComparer.Ordinal) { ["tuning"] = Candidates.Told(Tuning.Settings()) };
            if (Corpus is not null) settings["corpus"] = string.Create(CultureInfo.InvariantCulture, $"{Corpus.Name}, {Corpus.Texts.Count} texts");
            if (Earlier is not null) settings["earlier"] = string.Create(CultureInfo.InvariantCulture, $"{Earlier.Name}, {Earlier.Train.Texts.Count} texts");
            if (Earlier is not null && EarlierTuning is not null) settings["earlier_tuning"] = Candidates.Told(EarlierTuning.Settings());
            foreach (var task in Beside) settings[$"beside.{task.Head.Name}"] = task.Told;
            return settings;
        }
    }

    /// <inheritdoc/>
    public IFittedTextCandidate Fit(LabelledTexts train, LabelledTexts dev, TextFitContext context, CancellationToken cancellation)
    {
        var folder = context.Folder ?? Directory.CreateTempSubdirectory("encoder-").FullName;
        try
        {
            var (encoder, report) = recipe.Teach(Corpus ?? new("training texts", train.Texts, dev.Texts), context, folder, cancellation);
            var taught = new Dictionary<string, string>
            {
                ["pretraining"] = string.Create(CultureInfo.InvariantCulture, $"{report.Steps} steps, {report.Tokens} tokens in {report.Seconds:0} s"),
            };
            if (report.HeldOut is { } figures) taught["masked_loss"] = figures["masked_loss"].ToString("0.000", CultureInfo.InvariantCulture);
            if (Earlier is not null) encoder = TunedEarlier(Earlier, encoder, context, folder, cancellation);
            return Candidates.Tune(encoder, Tuning, train, dev, Beside, Path.Combine(folder, "tuning"), taught, context, cancellation);
        }
        finally
        {
            if (context.Folder is null) Directory.Delete(folder, recursive: true);
        }
    }

    private string TunedEarlier(EarlierTask earlier, string encoder, TextFitContext context, string folder, CancellationToken cancellation)
    {
        var tuning = EarlierTuning ?? Tuning;
        context = context with { Seed = recipe.Pretraining.Training.Seed };
        if (context.TaughtFolder is { } shared) folder = Path.Combine(shared, Digest(earlier, tuning, Path.GetFileName(Path.GetDirectoryName(encoder))!, context));
        return Candidates.Once(Path.Combine(folder, "earlier"), to =>
        {
            var checkpoints = Path.Combine(folder, "earlier-tuning");
            var (model, _) = Candidates.Train(encoder, tuning, earlier.Train, earlier.Dev, [], checkpoints, $"tuning to {earlier.Name}", context, cancellation);
            using (model) model.Save(to);
            if (Directory.Exists(checkpoints)) Directory.Delete(checkpoints, recursive: true);
        });
    }

    private static string Digest(EarlierTask earlier, FineTuningOptions tuning, string encoder, TextFitContext context)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
        Add($"{encoder} {context.Seed} {context.Threads} {Candidates.Told(tuning.Settings())}");
        foreach (var texts in new[] { earlier.Train, earlier.Dev })
        {
            Add(string.Join('\n', texts.Classes));
            foreach (var (text, label) in texts.Texts.Zip(texts.Labels)) Add($"{label} {text}");
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
