using CustomerValue.Text;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Training;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Customers;

/// <summary>Texts to vectors: the mean of an encoder's states, the last state of a decoder.</summary>
internal static class TextVectors
{
    private const int APart = 64;

    /// <summary>[texts, H]: all at once, as they are learned from; owned by the caller's dispose scope.</summary>
    public static Tensor Pooled(TextBackbone backbone, int[][] ids)
    {
        using var scope = NewDisposeScope();
        var (tokens, mask) = Batches.Tensors(TokenBatch.Of(ids, backbone.Tokenizer.Special.Pad ?? 0));
        return TextPooling.Pool(backbone.States(tokens, mask), mask, backbone.IsDecoder ? Pooling.Last : Pooling.Mean).MoveToOuterDisposeScope();
    }

    /// <summary>[texts][H]: each read alone, so that a vector doesn't depend, not in the last bit, on the texts that it is asked with.</summary>
    public static float[][] OneByOne(TextBackbone backbone, int[][] ids, int threads, CancellationToken cancellation)
    {
        backbone.Network.eval();
        var vectors = new float[ids.Length][];
        TorchThreads.Use(threads);
        TorchThreads.PartsAtOnce((ids.Length + APart - 1) / APart, part =>
        {
            using var quiet = no_grad();
            for (var text = part * APart; text < Math.Min(ids.Length, (part + 1) * APart); text++)
            {
                using var scope = NewDisposeScope();
                vectors[text] = Pooled(backbone, [ids[text]]).cpu().data<float>().ToArray();
            }
        }, cancellation);
        TorchMemory.Trim();
        return vectors;
    }
}
