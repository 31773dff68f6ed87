using CustomerValue.Text;
using Microsoft.ML.OnnxRuntime;

namespace CustomerValue.Onnx;

/// <summary>An encoder that reads texts for features through ONNX Runtime, in 32 bits and each text by itself, so that its numbers are the same bits whatever is read beside it.</summary>
/// <remarks>In a batch a text's numbers differ in the seventh digit with its neighbours. Small as that is, trees ask whether a feature lies below a threshold: of 1,557 customers scored once in an
/// experiment and once from a package, four got another value, by up to half a percent.</remarks>
public sealed class OnnxReader : ITextEncoder
{
    private readonly OnnxTextEncoder _encoder;

    internal OnnxReader(EncoderParts parts, OnnxEncoderOptions? options = null) => (Parts, (_encoder, Told), Identity) = (parts, parts.Open((options ?? new()) with { TokenBudget = 1 }), parts.Digest());

    /// <summary>Opens a fine-tuned encoder's folder as Hugging Face lays it out, with heads.json and heads.safetensors; its graph is written in memory.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">The files don't fit together, or can't be trusted.</exception>
    public static OnnxReader Open(string folder, OnnxEncoderOptions? options = null) => new(EncoderParts.Of(folder), options);

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public int Width => _encoder.Width;

    /// <inheritdoc/>
    public IReadOnlyList<TextHead> Heads => _encoder.Heads;

    /// <summary>What it is, in words.</summary>
    public string Told { get; }

    internal EncoderParts Parts { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">ONNX Runtime can't answer.</exception>
    public EncodedTexts Encode(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        const int Portion = 2_048;
        if (texts.Count <= Portion) return Read(texts, cancellation);
        var (embeddings, answers) = (new float[texts.Count][], Heads.ToDictionary(h => h.Name, _ => new float[texts.Count][]));
        for (var start = 0; start < texts.Count; start += Portion)
        {
            var found = Read([.. texts.Skip(start).Take(Portion)], cancellation);
            found.Embeddings.CopyTo(embeddings, start);
            foreach (var (head, rows) in found.Answers) rows.CopyTo(answers[head], start);
            progress?.Report(new("reading texts", start + found.Embeddings.Length, texts.Count, "texts"));
        }
        return new(embeddings, answers);
    }

    private EncodedTexts Read(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        try
        {
            return _encoder.Encode(texts, cancellation: cancellation);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidDataException($"The encoder can't read the texts: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _encoder.Dispose();
}
