using CustomerValue.Text;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Training;

/// <summary>Hidden states of a text made one vector.</summary>
internal static class Pooled
{
    /// <summary>[B, H] of [B, T, H]; owned by the caller's dispose scope.</summary>
    /// <param name="states">[B, T, H]: hidden states.</param>
    /// <param name="mask">[B, T] of 1 and 0, padding behind the text; null where nothing is padding.</param>
    /// <param name="pooling">Which of them count.</param>
    public static Tensor Of(Tensor states, Tensor? mask, Pooling pooling)
    {
        using var scope = NewDisposeScope();
        var pooled = (pooling, mask) switch
        {
            (Pooling.First, _) => states.select(1, 0),
            (Pooling.Last, null) => states.select(1, -1),
            (Pooling.Last, _) => states[arange(states.shape[0]), mask.sum(1) - 1],
            (_, null) => states.mean([1]),
            _ => (states * mask.to_type(states.dtype).unsqueeze(-1)).sum(1) / mask.sum(1, keepdim: true).to_type(states.dtype),
        };
        return pooled.MoveToOuterDisposeScope();
    }
}
