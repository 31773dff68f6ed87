using System.Runtime.CompilerServices;
using TorchSharp;

namespace CustomerValue.Torch;

/// <summary>A tensor has another shape than the operation is defined for.</summary>
public sealed class ShapeException : ArgumentException
{
    private ShapeException(string message, string name) : base(message, name) { }

    /// <summary>Throws, with both shapes, unless the condition holds.</summary>
    internal static void ThrowUnless(bool holds, string expected, torch.Tensor found, [CallerArgumentExpression(nameof(found))] string name = "")
    {
        if (!holds) throw new ShapeException($"{name} is [{string.Join(", ", found.shape)}]; expected {expected}.", name);
    }
}
