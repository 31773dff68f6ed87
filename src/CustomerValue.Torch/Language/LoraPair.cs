using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Language;

/// <summary>A change of rank r beside a weight: scale x A' B'.</summary>
/// <param name="A">[r, I].</param>
/// <param name="B">[O, r]; zero at first, so that an untrained adapter changes nothing.</param>
/// <param name="Scale">lora_alpha / r, or lora_alpha / sqrt(r) where the adapter is rank-stabilised.</param>
/// <param name="Dropout">Share of inputs dropped in training.</param>
/// <remarks>Hu and others (2021), "LoRA: Low-Rank Adaptation of Large Language Models".</remarks>
internal sealed record LoraPair(Parameter A, Parameter B, double Scale, double Dropout)
{
    /// <param name="x">[..., I].</param>
    /// <param name="training">Whether to drop.</param>
    /// <returns>[..., O].</returns>
    internal Tensor Change(Tensor x, bool training)
    {
        using var scope = NewDisposeScope();
        if (training && Dropout > 0) x = DropoutMask.Apply(x, Dropout, training: true);
        return F.linear(F.linear(x, A), B).Times(Scale).MoveToOuterDisposeScope();
    }
}
