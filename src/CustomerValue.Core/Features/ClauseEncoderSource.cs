using CustomerValue.Text;

namespace CustomerValue.Features;

/// <summary>Encoders of another source, made to read clause by clause (<see cref="ClauseEncoder"/>).</summary>
/// <param name="inner">Where they come from; taught on single statements.</param>
public sealed class ClauseEncoderSource(ITextEncoderSource inner) : ITextEncoderSource
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(inner.Settings, StringComparer.Ordinal) { ["reads"] = "clauses" };

    /// <inheritdoc/>
    public IReadOnlyList<TextHead> Heads => inner.Heads;

    /// <inheritdoc/>
    public int Width => inner.Width;

    /// <inheritdoc/>
    public ITextEncoder Open(
        Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) =>
        new ClauseEncoder(inner.Open(labels, cutoff, folder, threads, progress, cancellation));
}
