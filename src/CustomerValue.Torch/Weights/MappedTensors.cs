using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CustomerValue.Text.Weights;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Weights;

/// <summary>Weights as tensors of the processor over the mapped file: nothing is read before it is used, and pages are shared between processes.</summary>
internal static class MappedTensors
{
    // One mapping for each file and type, made by libtorch, which unmaps it when the last tensor over it is gone.
    // It is private and copy-on-write: a tensor that is changed changes no file.
    private static readonly ConditionalWeakTable<WeightFile, ConcurrentDictionary<WeightType, Tensor>> s_mappings = [];

    /// <summary>The weight; owned by the caller's dispose scope.</summary>
    internal static Tensor Of(WeightFolder folder, WeightInfo weight) => Of(folder.FileOf(weight.Name), weight);

    /// <summary>The weight; owned by the caller's dispose scope.</summary>
    internal static Tensor Of(WeightFile file, WeightInfo weight)
    {
        using var scope = NewDisposeScope();
        if (weight.Bytes == 0) return zeros(weight.Shape, Scalar(weight.Type), CPU).MoveToOuterDisposeScope();
        if (weight.Offset % weight.Type.Bytes() != 0) return Copied(file, weight).MoveToOuterDisposeScope();
        var whole = s_mappings.GetValue(file, _ => []).GetOrAdd(weight.Type, (type, mapped) => Map(mapped, type), file);   // [all numbers that fit into the file]
        return whole.narrow(0, weight.Offset / weight.Type.Bytes(), weight.Count).view(weight.Shape).MoveToOuterDisposeScope();
    }

    private static Tensor Map(WeightFile file, WeightType type) =>
        from_file(file.FilePath, shared: false, size: file.Length / type.Bytes(), dtype: Scalar(type), device: CPU).DetachFromDisposeScope();

    // A weight that doesn't start at a multiple of its size.
    private static Tensor Copied(WeightFile file, WeightInfo weight)
    {
        var copy = empty(weight.Shape, Scalar(weight.Type), CPU);
        file.Bytes(weight.Name).CopyTo(copy.bytes);
        return copy;
    }

    internal static ScalarType Scalar(WeightType type) => type switch
    {
        WeightType.Float32 => ScalarType.Float32,
        WeightType.Float16 => ScalarType.Float16,
        WeightType.BFloat16 => ScalarType.BFloat16,
        WeightType.Float64 => ScalarType.Float64,
        WeightType.Int64 => ScalarType.Int64,
        WeightType.Int32 => ScalarType.Int32,
        WeightType.Int16 => ScalarType.Int16,
        WeightType.Int8 => ScalarType.Int8,
        WeightType.UInt8 => ScalarType.Byte,
        _ => ScalarType.Bool,
    };
}
