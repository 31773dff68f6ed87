using CustomerValue.Text;

namespace CustomerValue.Features;

/// <summary>Where the encoder comes from that reads a shop's texts for a cutoff: one that is finished and has never seen the shop, or one that is tuned on what the shop knew by then.</summary>
public interface ITextEncoderSource
{
    /// <summary>All that decides which encoder a cutoff gets, besides the shop's records, as name and value.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The questions that every encoder from here answers; known before any is opened, since features are named after them.</summary>
    IReadOnlyList<TextHead> Heads { get; }

    /// <summary>H: numbers in an embedding.</summary>
    int Width { get; }

    /// <summary>An encoder that has seen nothing dated on or after the cutoff; the caller disposes of it.</summary>
    /// <param name="labels">The shop's texts before the cutoff with the labels known by then; asked for only by a source that learns from them.</param>
    /// <param name="cutoff">First day that isn't history.</param>
    /// <param name="folder">Where a source that learns keeps what it learned, to find it again.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Stops the learning.</param>
    ITextEncoder Open(
        Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default);
}
