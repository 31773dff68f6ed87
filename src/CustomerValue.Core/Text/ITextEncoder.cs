namespace CustomerValue.Text;

/// <summary>What an encoder made of texts, in their order.</summary>
/// <param name="Embeddings">[texts][H]: pooled as the model's heads say, not normalised.</param>
/// <param name="Answers">By head [texts][K]: probabilities of its labels, or one number in the target's unit.</param>
public sealed record EncodedTexts(float[][] Embeddings, IReadOnlyDictionary<string, float[][]> Answers);

/// <summary>A text model that is ready to read: a vector for each text, and what its heads answer.</summary>
public interface ITextEncoder : IDisposable
{
    /// <summary>Everything that its answers depend on besides the text: a hash of the model's files, and the options.</summary>
    string Identity { get; }

    /// <summary>H: numbers in an embedding.</summary>
    int Width { get; }

    /// <summary>The questions that it answers.</summary>
    IReadOnlyList<TextHead> Heads { get; }

    /// <summary>Vectors and all answers in one pass.</summary>
    /// <param name="texts">Any texts.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    EncodedTexts Encode(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default);
}
