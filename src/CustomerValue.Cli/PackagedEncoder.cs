using CustomerValue.Features;
using CustomerValue.Packaging;
using CustomerValue.Text;

namespace CustomerValue.Cli;

/// <summary>The encoder of a package, as the source of the features that the package reads. It was finished when the package was made.</summary>
internal sealed class PackagedEncoder(ModelPackage package) : ITextEncoderSource, IDisposable
{
    private readonly ITextEncoder _encoder = package.OpenEncoder();

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["identity"] = _encoder.Identity };

    public IReadOnlyList<TextHead> Heads => _encoder.Heads;

    public int Width => _encoder.Width;

    public ITextEncoder Open(Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) => package.OpenEncoder();

    public void Dispose() => _encoder.Dispose();
}
