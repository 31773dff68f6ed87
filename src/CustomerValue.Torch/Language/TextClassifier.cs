using CustomerValue.Text;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Training;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Language;

/// <summary>What a head says of a text.</summary>
/// <param name="Head">The head's name.</param>
/// <param name="Label">The likeliest label; null for a number.</param>
/// <param name="Probabilities">Of each label, by its name; null for a number.</param>
/// <param name="Value">The number, in the target's unit; null for labels.</param>
public sealed record TextAnswer(string Head, string? Label, IReadOnlyDictionary<string, double>? Probabilities, double? Value);

/// <summary>A fine-tuned model with its heads, for answering.</summary>
public sealed class TextClassifier : IDisposable
{
    private readonly TextEmbedder _embedder;
    private readonly Dictionary<string, Tensor> _weights = [];

    private TextClassifier(TextEmbedder embedder, TextHeads heads) => (_embedder, Heads) = (embedder, heads);

    /// <summary>The questions that it answers.</summary>
    public TextHeads Heads { get; }

    /// <summary>W: numbers of a text's vector.</summary>
    internal int Width => _embedder.Width;

    /// <summary>What vectors depend on besides the text.</summary>
    internal string Identity => _embedder.Identity;

    /// <summary>Opens a fine-tuned model's folder: config.json, weights, tokenizer, heads.json and heads.safetensors.</summary>
    /// <exception cref="FileNotFoundException">The folder has no heads.</exception>
    /// <exception cref="InvalidDataException">The heads don't fit the model.</exception>
    /// <exception cref="WeightException">Weights can't be trusted.</exception>
    public static TextClassifier Open(string folder)
    {
        var heads = TextHeadsFile.Read(folder);
        var classifier = new TextClassifier(TextEmbedder.Open(folder, new() { Pooling = heads.Pooling, MaxTokens = heads.MaxTokens }), heads);
        try
        {
            using var file = SafeTensorsFile.Open(Path.Combine(folder, TextHeadsFile.Weights));
            foreach (var head in heads.Heads)
            {
                long outputs = head.Kind == HeadKind.Classification ? head.Labels.Count : 1;
                classifier.Take(file, $"{head.Name}.weight", outputs, classifier._embedder.Width);
                classifier.Take(file, $"{head.Name}.bias", outputs);
                if (head.Kind == HeadKind.Ordinal) classifier.Take(file, $"{head.Name}.thresholds", head.Labels.Count - 1);
            }
            return classifier;
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    /// <summary>Answers for many texts.</summary>
    /// <param name="texts">Any texts.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <returns>[texts][heads].</returns>
    public IReadOnlyList<IReadOnlyList<TextAnswer>> Answer(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (texts.Count == 0) return [];
        var answers = Answers(_embedder.Embed(texts, null, progress, cancellation));
        return [.. Enumerable.Range(0, texts.Count).Select(row => (IReadOnlyList<TextAnswer>)[.. answers.Select(a => Told(a.Head, a.Answers[row]))])];
    }

    /// <summary>Vectors and all answers in one pass.</summary>
    internal EncodedTexts Encode(IReadOnlyList<string> texts, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var vectors = _embedder.Embed(texts, null, progress, cancellation);
        if (texts.Count == 0) return new([], Heads.Heads.ToDictionary(h => h.Name, _ => Array.Empty<float[]>()));
        return new(vectors, Answers(vectors).ToDictionary(a => a.Head.Name, a => Array.ConvertAll(a.Answers, row => Array.ConvertAll(row, number => (float)number))));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in _weights.Values) weight.Dispose();
        _embedder.Dispose();
    }

    private List<(TextHead Head, double[][] Answers)> Answers(float[][] vectors)
    {
        using var quiet = inference_mode();
        using var scope = NewDisposeScope();
        var together = tensor(vectors.SelectMany(v => v).ToArray()).view(vectors.Length, _embedder.Width);                     // [B, W]
        return [.. Heads.Heads.Select(head => (head, HeadNetwork.Answers(head, Outputs(head, together))))];
    }

    private Tensor Outputs(TextHead head, Tensor vectors)
    {
        var outputs = nn.functional.linear(vectors, _weights[$"{head.Name}.weight"], _weights[$"{head.Name}.bias"]);           // [B, K] or [B, 1]
        return head.Kind == HeadKind.Ordinal ? outputs - _weights[$"{head.Name}.thresholds"] : outputs;                        // ordinal: [B, K - 1]
    }

    private static TextAnswer Told(TextHead head, double[] answer)
    {
        if (head.Kind == HeadKind.Regression) return new(head.Name, null, null, answer[0]);
        return new(head.Name, head.Labels[Array.IndexOf(answer, answer.Max())], head.Labels.Zip(answer).ToDictionary(p => p.First, p => p.Second), null);
    }

    private void Take(SafeTensorsFile file, string name, params long[] shape)
    {
        if (file.Find(name) is not { } weight || !weight.Shape.AsSpan().SequenceEqual(shape))
            throw new InvalidDataException($"{file.FilePath}: '{name}' is {(file.Find(name) is { } other ? $"[{string.Join(", ", other.Shape)}]" : "missing")}; heads.json and the model imply [{string.Join(", ", shape)}]. Take all of the folder from one fine-tuning.");
        _weights[name] = tensor(file.ReadSingles(name)).reshape(shape).DetachFromDisposeScope();
    }
}
