using CustomerValue.Text.Weights;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Weights;

/// <summary>Tensors as weights to be written.</summary>
public static class TensorWeights
{
    /// <summary>Every parameter of a model, by its name.</summary>
    public static IEnumerable<WeightToWrite> Of(nn.Module model) => model.named_parameters().Select(p => Of(p.name, p.parameter));

    /// <summary>A tensor, in single precision.</summary>
    public static WeightToWrite Of(string name, Tensor tensor) => new(name, WeightType.Float32, tensor.shape, stream =>
    {
        using var scope = NewDisposeScope();
        var plain = tensor.detach().to(ScalarType.Float32).cpu().contiguous();
        stream.Write(plain.bytes);
    });
}
