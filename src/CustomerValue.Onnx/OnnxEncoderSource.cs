using System.Globalization;
using CustomerValue.Features;
using CustomerValue.Text;

namespace CustomerValue.Onnx;

/// <summary>A finished encoder's folder as the source of encoders: the same one at every cutoff, since it learns nothing of the shop.</summary>
/// <remarks>What it was taught before is whoever made it to answer for: an encoder that has learned from this shop's future must not be given.</remarks>
public sealed class OnnxEncoderSource : ITextEncoderSource
{
    private readonly string _folder;

    /// <summary>Opens the folder once, to know what is in it.</summary>
    /// <param name="folder">A package's folder, as <see cref="OnnxPackage"/> writes it.</param>
    /// <exception cref="FileNotFoundException">There is no model.onnx, or no tokenizer.</exception>
    /// <exception cref="InvalidDataException">It isn't a whole model of this kind.</exception>
    public OnnxEncoderSource(string folder)
    {
        _folder = folder;
        using var encoder = OnnxTextEncoder.Open(folder);
        (Heads, Width) = (encoder.Heads, encoder.Width);
        Settings = new Dictionary<string, string>
        {
            ["encoder"] = encoder.Identity,
            ["precision"] = encoder.Precision,
            ["max_tokens"] = encoder.MaxTokens.ToString(CultureInfo.InvariantCulture),
        };
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
        OnnxTextEncoder.Open(_folder, new OnnxEncoderOptions { Threads = threads });
}
