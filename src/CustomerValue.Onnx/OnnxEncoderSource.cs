using CustomerValue.Features;
using CustomerValue.Text;

namespace CustomerValue.Onnx;

/// <summary>A finished encoder's folder as the source of encoders: the same one at every cutoff, since it learns nothing of the shop.</summary>
/// <remarks>What it was taught before is whoever made it to answer for: an encoder that has learned from this shop's future must not be given.</remarks>
public sealed class OnnxEncoderSource : ITextEncoderSource
{
    private readonly string _folder;

    /// <summary>Opens the folder once, to know what is in it.</summary>
    /// <param name="folder">An encoder with heads as Hugging Face lays it out, whose graph is written in memory, or a folder that <see cref="OnnxPackage"/> wrote; only the former can be packaged with what reads its features.</param>
    /// <exception cref="FileNotFoundException">There are neither weights nor model.onnx, or no tokenizer or heads.</exception>
    /// <exception cref="InvalidDataException">It isn't a whole model of this kind.</exception>
    public OnnxEncoderSource(string folder)
    {
        _folder = folder;
        using var encoder = Open(1);
        (Heads, Width, Settings) = (encoder.Heads, encoder.Width, new Dictionary<string, string> { ["encoder"] = encoder.Identity });
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TextHead> Heads { get; }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    /// <remarks>Labels, cutoff and the folder for what is learned aren't looked at.</remarks>
    public ITextEncoder Open(
        Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) =>
        Open(threads);

    private ITextEncoder Open(int threads) => File.Exists(Path.Combine(_folder, OnnxTextEncoder.ModelFile))
        ? OnnxTextEncoder.Open(_folder, new OnnxEncoderOptions { Threads = threads }) : OnnxReader.Open(_folder, new OnnxEncoderOptions { Threads = threads });
}
