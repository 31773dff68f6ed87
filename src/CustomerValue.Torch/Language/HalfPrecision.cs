using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Language;

/// <summary>Products with weights that are stored in half precision, computed in single precision.</summary>
/// <remarks>libtorch's own half precision products are four to six times slower on processors without such instructions, and less exact.</remarks>
internal static class HalfPrecision
{
    // Numbers of a block in single precision: 1 MB stays in the second-level cache between being converted and being multiplied.
    private const long Block = 1 << 18;

    /// <summary>The tensor itself where it is in single precision, else a converted one.</summary>
    internal static Tensor Single(Tensor weight) => weight.dtype == ScalarType.Float32 ? weight : weight.to(ScalarType.Float32);

    /// <summary>x W' + b.</summary>
    /// <param name="x">[..., I].</param>
    /// <param name="weight">[O, I], or [I, O] with <paramref name="inputsFirst"/>.</param>
    /// <param name="bias">[O], or null.</param>
    /// <param name="inputsFirst">How the weight lies.</param>
    /// <returns>[..., O].</returns>
    internal static Tensor Product(Tensor x, Tensor weight, Tensor? bias, bool inputsFirst = false)
    {
        if (weight.dtype == ScalarType.Float32) return F.linear(x, inputsFirst ? weight.t() : weight, bias);
        using var scope = NewDisposeScope();
        var (inputs, outputs) = inputsFirst ? (weight.shape[0], weight.shape[1]) : (weight.shape[1], weight.shape[0]);
        if (bias is not null) bias = Single(bias);
        var rows = Math.Max(1, Block / inputs);                                 // of W' in a block
        if (inputsFirst || rows >= outputs) return F.linear(x, Single(inputsFirst ? weight.t() : weight), bias).MoveToOuterDisposeScope();
        var parts = new List<Tensor>();
        for (long at = 0; at < outputs; at += rows)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(rows, outputs - at);
            parts.Add(F.linear(x, weight.narrow(0, at, count).to(ScalarType.Float32), bias?.narrow(0, at, count)).MoveToOuterDisposeScope());    // [..., rows]
        }
        return cat(parts, -1).MoveToOuterDisposeScope();
    }
}
