using CustomerValue.Text;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Training;

/// <summary>Token batches as tensors.</summary>
internal static class Batches
{
    /// <summary>Ids [B, T], and the mask [B, T]: null where nothing is padding, which models run faster without. Owned by the caller's dispose scope.</summary>
    public static (Tensor Ids, Tensor? Mask) Tensors(TokenBatch batch)
    {
        var ids = tensor(batch.Ids, [batch.Rows, batch.Length]);
        return (ids, batch.Mask.AsSpan().Contains(0) ? tensor(batch.Mask, [batch.Rows, batch.Length]) : null);
    }
}
