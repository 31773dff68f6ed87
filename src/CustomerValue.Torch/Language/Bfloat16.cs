using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Language;

/// <summary>A part of a model that multiplies matrices, in single precision or in bfloat16.</summary>
internal interface IProduct
{
    /// <summary>Multiplies in bfloat16 where the weight is in single precision: faster training on processors that can.</summary>
    bool InBfloat16 { get; set; }
}

/// <summary>Products of matrices in bfloat16: as wide in range as single precision, with eight bits of it.</summary>
/// <remarks>Micikevicius and others (2018), "Mixed Precision Training". Sums are kept in single precision inside of a product.</remarks>
internal static class Bfloat16
{
    /// <summary>Whether the processor multiplies bfloat16 itself (AVX512_BF16 or AMX_BF16).</summary>
    internal static bool IsFast { get; } = Avx512F.IsSupported && HasInstructions();

    /// <summary>x W' + b.</summary>
    /// <param name="x">[..., I].</param>
    /// <param name="weight">[O, I].</param>
    /// <param name="bias">[O], or null.</param>
    /// <returns>[..., O], in single precision: activations and attention are faster so.</returns>
    internal static Tensor Product(Tensor x, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var y = F.linear(x.to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16), bias?.to(ScalarType.BFloat16));
        return y.to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    // Leaf 7: sub-leaf 1, EAX bit 5 is AVX512_BF16; sub-leaf 0, EDX bit 22 is AMX_BF16.
    private static bool HasInstructions() =>
        X86Base.CpuId(0, 0).Eax >= 7 && ((X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0 || (X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0);
}
