using CustomerValue.Features;
using CustomerValue.Packaging;
using CustomerValue.Text;

namespace CustomerValue.Cli;

/// <summary>The encoder of a package, or those of its groups of customers, as the source of the features that the package reads. It was finished when the package was made.</summary>
internal sealed class PackagedEncoder(ModelPackage package) : IFoldedEncoderSource, IDisposable
{
    private readonly ITextEncoder _encoder = package.OpenEncoder();

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["identity"] = _encoder.Identity };

    public IReadOnlyList<TextHead> Heads => _encoder.Heads;

    public int Width => Of(0).Width;

    public int Folds => (_encoder as FoldedEncoder)?.Groups.Count ?? 1;

    public ITextEncoder Open(Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) => new Lent(_encoder);

    public ITextEncoder OpenFold(int fold, Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) => new Lent(Of(fold));

    public void Dispose() => _encoder.Dispose();

    private ITextEncoder Of(int fold) => _encoder is FoldedEncoder folded ? folded.Groups[fold] : _encoder;

    // Who borrows it must leave it open for the others.
    private sealed class Lent(ITextEncoder encoder) : ITextEncoder
    {
        public string Identity => encoder.Identity;

        public int Width => encoder.Width;

        public IReadOnlyList<TextHead> Heads => encoder.Heads;

        public EncodedTexts Encode(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) => encoder.Encode(texts, progress, cancellation);

        public void Dispose() { }
    }
}
