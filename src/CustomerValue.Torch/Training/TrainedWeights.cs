using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Training;

/// <summary>One weight that learns.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Value">The weight, fp32, one after another in the processor's memory.</param>
/// <param name="RateScale">Multiplies the step size; lower layers of an imported model take smaller steps.</param>
/// <param name="Decays">Whether weight decay pulls it towards 0: matrices yes, biases and normalisations no.</param>
internal sealed record TrainedWeight(string Name, Tensor Value, double RateScale, bool Decays)
{
    /// <summary>Elements.</summary>
    public int Count { get; } = checked((int)Value.numel());

    /// <summary>The weight's own memory.</summary>
    public Span<float> Span => MemoryMarshal.Cast<byte, float>(Value.bytes);
}

/// <summary>The weights of a model that learn, in a fixed order, and where each begins when all are laid one after another.</summary>
internal sealed class TrainedWeights
{
    /// <param name="named">The model's weights; those that need no gradient stay as they are.</param>
    /// <param name="rateScale">The step size's factor by name; null for 1.</param>
    /// <exception cref="ArgumentException">Nothing learns, or a weight isn't fp32 in the processor's memory.</exception>
    public TrainedWeights(IEnumerable<(string Name, Tensor Value)> named, Func<string, double>? rateScale = null)
    {
        All = [.. named.Where(w => w.Value.requires_grad).OrderBy(w => w.Name, StringComparer.Ordinal)
            .Select(w => new TrainedWeight(w.Name, w.Value, rateScale?.Invoke(w.Name) ?? 1, w.Value.dim() > 1))];
        if (All.Count == 0) throw new ArgumentException("No weight of the model learns: all are frozen. Freeze fewer layers, or train heads or an adapter.", nameof(named));
        foreach (var weight in All)
            if (weight.Value.dtype != ScalarType.Float32 || weight.Value.device_type != TorchSharp.DeviceType.CPU || !weight.Value.is_contiguous())
                throw new ArgumentException($"{weight.Name} is {weight.Value.dtype} on {weight.Value.device}; weights that learn are contiguous Float32 on the processor. Load the model in single precision.", nameof(named));
        Offsets = new int[All.Count];
        for (var at = 1; at < All.Count; at++) Offsets[at] = checked(Offsets[at - 1] + All[at - 1].Count);
        Count = checked(Offsets[^1] + All[^1].Count);
    }

    /// <summary>The weights, by name.</summary>
    public IReadOnlyList<TrainedWeight> All { get; }

    /// <summary>[weights]: where each begins.</summary>
    public int[] Offsets { get; }

    /// <summary>Elements of all together.</summary>
    public int Count { get; }

    /// <summary>A copy of all elements.</summary>
    public float[] Copy()
    {
        var copy = new float[Count];
        for (var at = 0; at < All.Count; at++) All[at].Span.CopyTo(copy.AsSpan(Offsets[at]));
        return copy;
    }

    /// <summary>Puts elements in the weights' place.</summary>
    public void Restore(ReadOnlySpan<float> elements)
    {
        for (var at = 0; at < All.Count; at++) elements.Slice(Offsets[at], All[at].Count).CopyTo(All[at].Span);
    }

    /// <summary>Forgets the gradients; the next backward pass makes new ones.</summary>
    public void ForgetGradients()
    {
        foreach (var weight in All) weight.Value.grad = null;
    }

    /// <summary>Names and shapes, one a line: what a checkpoint must fit.</summary>
    public string Layout() => string.Join('\n', All.Select(w => $"{w.Name} [{string.Join(", ", w.Value.shape)}]"));
}
