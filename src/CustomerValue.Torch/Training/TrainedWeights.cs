using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Training;

/// <summary>One weight that learns.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Value">The weight, fp32, its elements one after another.</param>
/// <param name="RateScale">Multiplies the step size; lower layers of an imported model take smaller steps.</param>
/// <param name="Decays">Whether weight decay pulls it towards 0: matrices yes, biases and normalisations no.</param>
internal sealed record TrainedWeight(string Name, Tensor Value, double RateScale, bool Decays)
{
    /// <summary>Elements.</summary>
    public int Count { get; } = checked((int)Value.numel());

    /// <summary>The weight's own memory, where that is the processor's.</summary>
    public Span<float> Span => MemoryMarshal.Cast<byte, float>(Value.bytes);

    /// <summary>Its elements, to be read: the weight's own memory, or a copy that belongs to the caller's dispose scope.</summary>
    public ReadOnlySpan<float> Elements => MemoryMarshal.Cast<byte, float>((Value.device_type == TorchSharp.DeviceType.CPU ? Value : Value.detach().cpu()).bytes);
}

/// <summary>The weights of a model that learn, in a fixed order, and where each begins when all are laid one after another.</summary>
internal sealed class TrainedWeights
{
    /// <param name="named">The model's weights; those that need no gradient stay as they are.</param>
    /// <param name="rateScale">The step size's factor by name; null for 1.</param>
    /// <exception cref="ArgumentException">Nothing learns, or a weight isn't fp32, or lies elsewhere than the rest.</exception>
    public TrainedWeights(IEnumerable<(string Name, Tensor Value)> named, Func<string, double>? rateScale = null)
    {
        All = [.. named.Where(w => w.Value.requires_grad).OrderBy(w => w.Name, StringComparer.Ordinal)
            .Select(w => new TrainedWeight(w.Name, w.Value, rateScale?.Invoke(w.Name) ?? 1, w.Value.dim() > 1))];
        if (All.Count == 0) throw new ArgumentException("No weight of the model learns: all are frozen. Freeze fewer layers, or train heads or an adapter.", nameof(named));
        foreach (var weight in All)
            if (weight.Value.dtype != ScalarType.Float32 || weight.Value.device_type != All[0].Value.device_type || !weight.Value.is_contiguous())
                throw new ArgumentException($"{weight.Name} is {weight.Value.dtype} on {weight.Value.device}; weights that learn are contiguous Float32 on one device, here {All[0].Value.device}. Load the model in single precision.", nameof(named));
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

    /// <summary>Whether they lie in the processor's memory.</summary>
    public bool OnProcessor => All[0].Value.device_type == TorchSharp.DeviceType.CPU;

    /// <summary>A copy of all elements.</summary>
    public float[] Copy()
    {
        using var scope = NewDisposeScope();
        var copy = new float[Count];
        for (var at = 0; at < All.Count; at++) All[at].Elements.CopyTo(copy.AsSpan(Offsets[at]));
        return copy;
    }

    /// <summary>Puts elements in the weights' place.</summary>
    public void Restore(ReadOnlySpan<float> elements)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        for (var at = 0; at < All.Count; at++)
        {
            var from = elements.Slice(Offsets[at], All[at].Count);
            if (OnProcessor) from.CopyTo(All[at].Span);
            else All[at].Value.copy_(tensor(from.ToArray(), All[at].Value.shape, device: CPU));
        }
    }

    /// <summary>Forgets the gradients; the next backward pass makes new ones.</summary>
    public void ForgetGradients()
    {
        foreach (var weight in All) weight.Value.grad = null;
    }

    /// <summary>Names and shapes, one a line: what a checkpoint must fit.</summary>
    public string Layout() => string.Join('\n', All.Select(w => $"{w.Name} [{string.Join(", ", w.Value.shape)}]"));
}
