using CustomerValue.Text;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Weights;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Training;

/// <summary>A network with trained heads: what fine-tuning makes. Answers, and is written as a Hugging Face folder with heads.json beside.</summary>
public sealed class TunedTextModel : IDisposable
{
    private const int TokensPerBatch = 4096;

    internal TunedTextModel(TextBackbone backbone, TextHeads heads, HeadNetwork network) => (Backbone, Heads, Network) = (backbone, heads, network);

    /// <summary>The questions.</summary>
    public TextHeads Heads { get; }

    internal TextBackbone Backbone { get; }

    internal HeadNetwork Network { get; }

    /// <summary>Opens a folder that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Weights or heads are missing, or don't fit one another; the message says which.</exception>
    public static TunedTextModel Open(string folder)
    {
        var heads = TextHeadsFile.Read(folder);
        var backbone = TextBackbone.Open(folder, WeightUse.Single);
        var network = new HeadNetwork(heads.Heads, backbone.HiddenSize, seed: 0);
        try
        {
            using var weights = WeightFolder.OpenFile(Path.Combine(folder, TextHeadsFile.Weights));
            network.Load(weights);
            return new(backbone, heads, network);
        }
        catch
        {
            network.Dispose();
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>Writes the whole folder: config.json, the weights, the tokenizer, heads.safetensors (always in single precision), and heads.json last.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="storage">In which precision the network is stored, and in files of which size; null for single precision and the usual size.</param>
    /// <exception cref="InvalidDataException">A weight is too large for the precision.</exception>
    public void Save(string folder, WeightStorage? storage = null)
    {
        Backbone.Save(folder, storage);
        SafeTensorsWriter.Write(Path.Combine(folder, TextHeadsFile.Weights), Network.Weights.Select(w => TensorWeights.Of(w.Key, w.Value)));
        TextHeadsFile.Write(folder, Heads);
    }

    /// <summary>What a head answers of each text: probabilities of its labels, or one number.</summary>
    /// <param name="head">The head's name.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellation">Ends the work between two batches.</param>
    /// <exception cref="ArgumentException">There is no such head.</exception>
    public double[][] Answers(string head, IReadOnlyList<string> texts, CancellationToken cancellation = default)
    {
        var asked = Heads.Heads.FirstOrDefault(h => h.Name == head)
            ?? throw new ArgumentException($"There is no head '{head}'. The model has: {string.Join(", ", Heads.Heads.Select(h => h.Name))}.", nameof(head));
        return Answers([.. texts.Select(t => Backbone.Tokenizer.Encode(t, Heads.MaxTokens))], cancellation)[asked.Name];
    }

    /// <summary>What every head answers of each text, by its name.</summary>
    internal Dictionary<string, double[][]> Answers(IReadOnlyList<int[]> ids, CancellationToken cancellation)
    {
        var answers = Heads.Heads.ToDictionary(h => h.Name, _ => new double[ids.Count][]);
        var batches = new LengthBuckets([.. ids.Select(t => Math.Max(1, t.Length))], TokensPerBatch, seed: 0).Epoch(0);
        TorchThreads.PartsAtOnce(batches.Count, part =>
        {
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            var vectors = Vectors([.. batches[part].Select(text => ids[text])]);
            foreach (var head in Heads.Heads)
                foreach (var (answer, text) in HeadNetwork.Answers(head, Network.Outputs(head, vectors)).Zip(batches[part])) answers[head.Name][text] = answer;
        }, cancellation);
        return answers;
    }

    /// <summary>[B, H] of texts; owned by the caller's dispose scope.</summary>
    internal Tensor Vectors(IReadOnlyList<int[]> ids)
    {
        using var scope = NewDisposeScope();
        var (tokens, mask) = Batches.Tensors(TokenBatch.Of(ids, Backbone.Tokenizer.Special.Pad ?? 0));
        return TextPooling.Pool(Backbone.States(tokens, mask), mask, Heads.Pooling).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        Backbone.Dispose();
    }
}
