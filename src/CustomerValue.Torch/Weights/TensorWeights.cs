using CustomerValue.Text.Weights;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Weights;

/// <summary>Tensors as weights to be written.</summary>
public static class TensorWeights
{
    /// <summary>Every parameter of a model, by its name.</summary>
    /// <param name="model">The model.</param>
    /// <param name="type">How numbers are stored: single precision, or half of it.</param>
    public static IEnumerable<WeightToWrite> Of(nn.Module model, WeightType type = WeightType.Float32) => model.named_parameters().Select(p => Of(p.name, p.parameter, type));

    /// <summary>A tensor; half precision is rounded to the nearest, of two equally near numbers to the even one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tensor">Its numbers, read when they are written.</param>
    /// <param name="type">How they are stored: single precision, or half of it.</param>
    /// <remarks>Writing throws an <see cref="InvalidDataException"/> where a number is too large for the type: nothing that was finite becomes infinite.</remarks>
    public static WeightToWrite Of(string name, Tensor tensor, WeightType type = WeightType.Float32) => new(name, type, tensor.shape, stream =>
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var stored = tensor.detach().to(MappedTensors.Scalar(type)).cpu().contiguous();
        if (type != WeightType.Float32 && stored.isinf().sum().item<long>() is var infinite and > 0 && infinite > tensor.isinf().sum().item<long>())
            throw new InvalidDataException($"The weight '{name}' holds {tensor.abs().max().to(ScalarType.Float64).item<double>():0.#}, more than {WeightStorage.Name(type)} can hold. Store it as bfloat16 or float32.");
        stream.Write(stored.bytes);
    });
}
