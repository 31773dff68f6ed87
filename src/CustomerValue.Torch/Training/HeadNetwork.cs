using CustomerValue.Text;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Training;

/// <summary>The heads on a text's vector, as they learn: weights, losses, and what they answer.</summary>
internal sealed class HeadNetwork : IDisposable
{
    /// <summary>What stands before a head's weights among the names of all that learns.</summary>
    public const string Prefix = "heads.";

    private readonly Dictionary<string, Tensor> _weights = [];

    /// <param name="heads">The questions.</param>
    /// <param name="hidden">H: width of a text's vector.</param>
    /// <param name="seed">Seed of the fresh weights.</param>
    public HeadNetwork(IReadOnlyList<TextHead> heads, int hidden, long seed)
    {
        Heads = heads;
        using var _ = no_grad();
        manual_seed(seed);
        foreach (var head in heads)
        {
            var outputs = head.Kind == HeadKind.Classification ? head.Labels.Count : 1;
            _weights[$"{head.Name}.weight"] = randn(outputs, hidden, device: CPU).Times(0.02).to(TorchDevice.Current).DetachFromDisposeScope();
            _weights[$"{head.Name}.bias"] = zeros(outputs).DetachFromDisposeScope();
            if (head.Kind == HeadKind.Ordinal) _weights[$"{head.Name}.thresholds"] = tensor([.. Enumerable.Range(0, head.Labels.Count - 1).Select(k => k - (head.Labels.Count - 2) / 2f)]).DetachFromDisposeScope();
        }
        foreach (var weight in _weights.Values) weight.requires_grad_();
    }

    /// <summary>The questions, in order.</summary>
    public IReadOnlyList<TextHead> Heads { get; }

    /// <summary>NAME.weight, NAME.bias and NAME.thresholds, as heads.safetensors has them.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => _weights;

    /// <summary>Takes the weights of a file.</summary>
    /// <exception cref="InvalidDataException">One is missing, or of another shape.</exception>
    public void Load(WeightFolder weights)
    {
        using var _ = no_grad();
        foreach (var (name, weight) in _weights)
        {
            using var scope = NewDisposeScope();
            var found = weights.Find(name) ?? throw new InvalidDataException($"{TextHeadsFile.Weights} lacks '{name}', which {TextHeadsFile.Name} asks for. It has: {string.Join(", ", weights.Weights.Select(w => w.Name))}.");
            if (!found.Shape.AsSpan().SequenceEqual(weight.shape))
                throw new InvalidDataException($"{TextHeadsFile.Weights}: '{name}' is [{string.Join(", ", found.Shape)}], expected [{string.Join(", ", weight.shape)}]. Take both files from one model.");
            weight.copy_(tensor(weights.ReadSingles(name)).reshape(weight.shape));
        }
    }

    /// <summary>What a head makes of texts: [B, K] logits, [B, 1] a standardised number, or [B, K - 1] cumulative logits.</summary>
    /// <param name="head">One of <see cref="Heads"/>.</param>
    /// <param name="vectors">[B, H].</param>
    public Tensor Outputs(TextHead head, Tensor vectors)
    {
        var outputs = F.linear(vectors, _weights[$"{head.Name}.weight"], _weights[$"{head.Name}.bias"]);
        return head.Kind == HeadKind.Ordinal ? outputs - _weights[$"{head.Name}.thresholds"] : outputs;
    }

    /// <summary>The mean loss of a head over the texts that have a label for it; null where none has.</summary>
    /// <param name="head">One of <see cref="Heads"/>.</param>
    /// <param name="outputs">What <see cref="Outputs"/> gave, [B, ...].</param>
    /// <param name="targets">[B]: a label's number, or a number in the target's unit; NaN where the text has none.</param>
    /// <param name="classWeights">[K], or null: each label's weight.</param>
    /// <param name="smoothing">Share of each label's mass that is spread over all labels.</param>
    public static Tensor? Loss(TextHead head, Tensor outputs, float[] targets, float[]? classWeights = null, double smoothing = 0)
    {
        var labelled = Enumerable.Range(0, targets.Length).Where(row => !float.IsNaN(targets[row])).ToArray();
        if (labelled.Length == 0) return null;
        if (labelled.Length < targets.Length) outputs = outputs.index_select(0, tensor(labelled.Select(row => (long)row).ToArray()));
        var wanted = labelled.Select(row => targets[row]).ToArray();
        switch (head.Kind)
        {
            case HeadKind.Classification:
                var labels = tensor(wanted.Select(w => (long)w).ToArray());                                              // [B]
                return F.cross_entropy(outputs, labels, classWeights is null ? null : tensor(classWeights), label_smoothing: smoothing);
            case HeadKind.Ordinal:
                var steps = head.Labels.Count - 1;
                var above = new float[wanted.Length * steps];                                                            // 1 where label > k
                for (var row = 0; row < wanted.Length; row++)
                    for (var k = 0; k < steps; k++) above[row * steps + k] = wanted[row] > k ? 1 : 0;
                return F.binary_cross_entropy_with_logits(outputs, tensor(above).view(-1, steps));
            default:
                var standard = tensor(wanted.Select(w => (float)((w - head.Mean) / head.Scale)).ToArray()).unsqueeze(1);
                return F.smooth_l1_loss(outputs, standard);
        }
    }

    /// <summary>Probabilities of the labels [B][K], or numbers in the target's unit [B][1].</summary>
    public static double[][] Answers(TextHead head, Tensor outputs)
    {
        using var scope = NewDisposeScope();
        var rows = outputs.shape[0];
        switch (head.Kind)
        {
            case HeadKind.Classification:
                return Rows(F.softmax(outputs.to_type(ScalarType.Float64), 1));
            case HeadKind.Ordinal:
                var above = sigmoid(outputs.to_type(ScalarType.Float64));                                                // [B, K - 1], falling
                var (ones, none) = (torch.ones(rows, 1, dtype: ScalarType.Float64), zeros(rows, 1, dtype: ScalarType.Float64));
                return Rows((cat([ones, above], 1) - cat([above, none], 1)).clamp_min(Scalars.Of(0L)));
            default:
                return Rows(outputs.to_type(ScalarType.Float64).Times(head.Scale).Plus(head.Mean));
        }
    }

    /// <summary>Thresholds must rise for the probabilities between them to be probabilities; where training left two crossed, the later takes the earlier's place.</summary>
    public void OrderThresholds()
    {
        using var _ = no_grad();
        foreach (var (name, weight) in _weights.Where(w => w.Key.EndsWith(".thresholds", StringComparison.Ordinal)))
        {
            using var scope = NewDisposeScope();
            var ordered = weight.cpu().data<float>().ToArray();
            for (var k = 1; k < ordered.Length; k++) ordered[k] = Math.Max(ordered[k], ordered[k - 1]);
            weight.copy_(tensor(ordered));
        }
    }

    private static double[][] Rows(Tensor answers)
    {
        var (flat, width) = (answers.cpu().contiguous().data<double>().ToArray(), (int)answers.shape[1]);
        return [.. flat.Chunk(width)];
    }

    public void Dispose()
    {
        foreach (var weight in _weights.Values) weight.Dispose();
    }
}
