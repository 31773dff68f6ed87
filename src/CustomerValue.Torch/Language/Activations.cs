using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Language;

/// <summary>Activations by the names that config.json uses.</summary>
internal static class Activations
{
    private static readonly string[] s_known = ["gelu", "gelu_new", "gelu_pytorch_tanh", "relu", "silu"];

    /// <summary>The name, where it is known.</summary>
    internal static string Known(string name) => s_known.Contains(name) ? name
        : throw new ArgumentOutOfRangeException(nameof(name), name, $"The activation '{name}' isn't built here. Known: {string.Join(", ", s_known)}.");

    internal static Tensor Apply(string name, Tensor x) => name switch
    {
        "gelu" => F.gelu(x),                                                    // x Phi(x)
        "relu" => F.relu(x),
        "silu" => F.silu(x),                                                    // x sigmoid(x)
        _ => TanhGelu(x),
    };

    // 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))): Hendrycks and Gimpel (2016), the approximation that GPT-2 was trained with.
    private static Tensor TanhGelu(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (x.Times(0.5) * x.Plus((x * x * x).Times(0.044715)).Times(Math.Sqrt(2 / Math.PI)).tanh().Plus(1L)).MoveToOuterDisposeScope();
    }
}
