using CustomerValue.Text;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Language;

/// <summary>Hidden states of a text's tokens to one vector.</summary>
public static class TextPooling
{
    /// <summary>Pools; padding isn't looked at.</summary>
    /// <param name="states">[B, T, H].</param>
    /// <param name="mask">[B, T]: 1 where a token is text; null where there is no padding.</param>
    /// <param name="pooling">How.</param>
    /// <returns>[B, H]; owned by the caller's dispose scope.</returns>
    public static Tensor Pool(Tensor states, Tensor? mask, Pooling pooling)
    {
        using var scope = NewDisposeScope();
        ShapeException.ThrowUnless(states.dim() == 3, "[B, T, H]", states);
        switch (pooling)
        {
            case Pooling.First:
                return states.select(1, 0).MoveToOuterDisposeScope();
            case Pooling.Last when mask is null:
                return states.select(1, states.shape[1] - 1).MoveToOuterDisposeScope();
            case Pooling.Last:
                // The last 1 of each row, whichever side its padding is on.
                var places = (mask.to(ScalarType.Int64) * Scalars.Range(1, states.shape[1] + 1, states.device)).argmax(1);           // [B]
                return states.gather(1, places.view(-1, 1, 1).expand(-1, 1, states.shape[2])).squeeze(1).MoveToOuterDisposeScope();
            default:
                if (mask is null) return states.mean([1]).MoveToOuterDisposeScope();
                var weights = mask.to(states.dtype).unsqueeze(-1);                                                                             // [B, T, 1]
                return ((states * weights).sum(1) / weights.sum(1).clamp_min(Scalars.Of(1L))).MoveToOuterDisposeScope();
        }
    }
}
