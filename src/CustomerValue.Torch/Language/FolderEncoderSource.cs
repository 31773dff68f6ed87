using CustomerValue.Features;
using CustomerValue.Text;

namespace CustomerValue.Torch.Language;

/// <summary>One finished encoder for every cutoff, from a Hugging Face folder. It learns nothing here, so it may read any text; that it was taught on nothing of the shop after the cutoff is for whoever names the folder to know.</summary>
public sealed class FolderEncoderSource : ITextEncoderSource
{
    private readonly string _folder;

    /// <param name="folder">config.json, weights and tokenizer; heads.json and heads.safetensors where it has heads.</param>
    /// <exception cref="InvalidDataException">The folder isn't a whole model of a kind that is built here, or the heads don't fit it.</exception>
    public FolderEncoderSource(string folder)
    {
        _folder = folder;
        using var encoder = TorchTextEncoder.Open(folder);
        (Heads, Width, Settings) = (encoder.Heads, encoder.Width, new Dictionary<string, string> { ["model"] = encoder.Identity });
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TextHead> Heads { get; }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public ITextEncoder Open(
        Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) =>
        TorchTextEncoder.Open(_folder, threads);
}
