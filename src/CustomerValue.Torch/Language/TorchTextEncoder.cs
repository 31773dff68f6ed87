using System.Security.Cryptography;
using CustomerValue.Text;
using CustomerValue.Torch.Native;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Language;

/// <summary>A Hugging Face folder as a text encoder: its vectors, and what the heads of its heads.json answer, where it has any.</summary>
/// <remarks>Numbers depend in the last digits (about 1e-7) on the texts beside them in a batch. Not for several threads at once.</remarks>
public sealed class TorchTextEncoder : IEncoderFolder
{
    private readonly TextClassifier? _classifier;
    private readonly TextEmbedder? _embedder;
    private readonly int _threads;

    private TorchTextEncoder(TextClassifier? classifier, TextEmbedder? embedder, string identity, string folder, int threads) =>
        (_classifier, _embedder, Identity, Folder, _threads) = (classifier, embedder, identity, folder, threads);

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public string Folder { get; }

    /// <inheritdoc/>
    public int Width => _classifier?.Width ?? _embedder!.Width;

    /// <inheritdoc/>
    public IReadOnlyList<TextHead> Heads => _classifier?.Heads.Heads ?? [];

    /// <summary>Opens a model's folder.</summary>
    /// <param name="folder">config.json, weights and tokenizer; with heads.json and heads.safetensors it answers their questions, and pools as they say.</param>
    /// <param name="threads">Batches that run at once.</param>
    /// <exception cref="InvalidDataException">The folder isn't a whole model of a kind that is built here, or the heads don't fit it.</exception>
    public static TorchTextEncoder Open(string folder, int threads = 1)
    {
        Check.Within(threads, 1, 256);
        var heads = Path.Combine(folder, TextHeadsFile.Name);
        if (!File.Exists(heads))
        {
            var embedder = TextEmbedder.Open(folder);
            return new(null, embedder, embedder.Identity, folder, threads);
        }
        var classifier = TextClassifier.Open(folder);
        return new(classifier, null, $"{classifier.Identity} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(heads)))[..16]}", folder, threads);
    }

    /// <inheritdoc/>
    public EncodedTexts Encode(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        var before = get_num_threads();
        TorchThreads.Use(_threads);
        try
        {
            return _classifier?.Encode(texts, progress, cancellation) ?? new(_embedder!.Embed(texts, null, progress, cancellation), new Dictionary<string, float[][]>());
        }
        finally
        {
            TorchThreads.Use(before);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _classifier?.Dispose();
        _embedder?.Dispose();
    }
}
