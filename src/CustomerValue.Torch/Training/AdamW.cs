using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Training;

/// <summary>Adam with weight decay apart from the gradient, in one pass over each weight's memory, which is the processor's.</summary>
/// <remarks>
/// Loshchilov and Hutter (2019), "Decoupled Weight Decay Regularization". For small models the step of an optimiser made of tensor operations costs up to
/// 40 % of the training step, most of it in passes over memory; here each element is read and written once. A row of an embedding whose gradient is
/// sparse is touched only when its token stands in the batch: its running means decay for the steps it has missed, the weight itself stays meanwhile.
/// </remarks>
internal sealed class AdamW(TrainedWeights weights, double beta1, double beta2, double decay, double epsilon = AdamW.Epsilon) : IOptimiser
{
    internal const double Epsilon = 1e-8;
    internal const string FirstName = "first", SecondName = "second", SeenPrefix = "seen/";     // the state's arrays

    // Of embeddings with sparse gradients: the step, from 1, at which each row was last touched; 0 for never.
    private readonly Dictionary<string, int[]> _seen = [];

    /// <summary>[elements]: running mean of the gradient.</summary>
    public float[] First { get; } = new float[weights.Count];

    /// <summary>[elements]: running mean of the squared gradient.</summary>
    public float[] Second { get; } = new float[weights.Count];

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Array> State()
    {
        var state = new Dictionary<string, Array> { [FirstName] = First, [SecondName] = Second };
        foreach (var (name, rows) in _seen) state[SeenPrefix + name] = rows;
        return state;
    }

    /// <inheritdoc/>
    public void Resume(long steps, IReadOnlyDictionary<string, Array> state)
    {
        Steps = steps;
        state[FirstName].CopyTo(First, 0);
        state[SecondName].CopyTo(Second, 0);
        _seen.Clear();
        foreach (var (name, rows) in state.Where(a => a.Key.StartsWith(SeenPrefix, StringComparison.Ordinal))) _seen[name[SeenPrefix.Length..]] = [.. (int[])rows];
    }

    /// <inheritdoc/>
    public double Step(double rate, double clip = 0)
    {
        using var scope = NewDisposeScope();
        var gradients = weights.All.Select(Gradient.Of).ToArray();
        var norm = Math.Sqrt(gradients.Sum(g => g?.SumOfSquares() ?? 0));
        if (!double.IsFinite(norm)) return norm;
        Steps++;
        var shrink = clip > 0 && norm > clip ? clip / norm : 1;
        for (var at = 0; at < gradients.Length; at++)
            if (gradients[at] is { } gradient) Move(at, gradient, rate * weights.All[at].RateScale, shrink);
        return norm;
    }

    private void Move(int at, Gradient gradient, double rate, double shrink)
    {
        var (weight, offset) = (weights.All[at], weights.Offsets[at]);
        var numbers = new Numbers(
            (float)shrink, (float)beta1, (float)(1 - beta1), (float)beta2, (float)(1 - beta2), (float)(1 - (weight.Decays ? rate * decay : 0)),
            (float)(rate / (1 - Math.Pow(beta1, Steps))), (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, Steps))), (float)epsilon);
        if (gradient.Rows is not { } rows)
        {
            Update(weight.Span, gradient.Values, First.AsSpan(offset, weight.Count), Second.AsSpan(offset, weight.Count), numbers);
            return;
        }
        if (!_seen.TryGetValue(weight.Name, out var seen)) _seen[weight.Name] = seen = new int[weight.Value.shape[0]];
        var width = weight.Count / seen.Length;
        for (var i = 0; i < rows.Length; i++)
        {
            var (row, from) = (rows[i], rows[i] * width);
            var first = First.AsSpan(offset + from, width);
            var second = Second.AsSpan(offset + from, width);
            if (seen[row] > 0 && Steps - seen[row] > 1) Decay(first, second, Steps - seen[row] - 1);
            seen[row] = (int)Steps;
            Update(weight.Span.Slice(from, width), gradient.Values.Slice(i * width, width), first, second, numbers);
        }
    }

    private void Decay(Span<float> first, Span<float> second, long missed)
    {
        var (by1, by2) = ((float)Math.Pow(beta1, missed), (float)Math.Pow(beta2, missed));
        for (var i = 0; i < first.Length; i++) (first[i], second[i]) = (first[i] * by1, second[i] * by2);
    }

    // m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2;  w = keep w - rate m / (sqrt(v) / sqrt(1 - b2^t) + eps); rate holds 1 / (1 - b1^t).
    private static void Update(Span<float> weight, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in Numbers n)
    {
        var ws = MemoryMarshal.Cast<float, Vector512<float>>(weight);
        var gs = MemoryMarshal.Cast<float, Vector512<float>>(gradient);
        var ms = MemoryMarshal.Cast<float, Vector512<float>>(first);
        var vs = MemoryMarshal.Cast<float, Vector512<float>>(second);
        var (shrink, epsilon, correct) = (Vector512.Create(n.Shrink), Vector512.Create(n.Epsilon), Vector512.Create(n.Correct));
        for (var i = 0; i < ws.Length; i++)
        {
            var g = gs[i] * shrink;
            var m = ms[i] * n.Beta1 + g * n.Rest1;
            var v = vs[i] * n.Beta2 + g * g * n.Rest2;
            (ms[i], vs[i]) = (m, v);
            ws[i] = ws[i] * n.Keep - m * n.Rate / (Vector512.Sqrt(v) * correct + epsilon);
        }
        for (var i = ws.Length * Vector512<float>.Count; i < weight.Length; i++)
        {
            var g = gradient[i] * n.Shrink;
            var m = first[i] * n.Beta1 + g * n.Rest1;
            var v = second[i] * n.Beta2 + g * g * n.Rest2;
            (first[i], second[i]) = (m, v);
            weight[i] = weight[i] * n.Keep - m * n.Rate / (MathF.Sqrt(v) * n.Correct + n.Epsilon);
        }
    }

    private readonly record struct Numbers(float Shrink, float Beta1, float Rest1, float Beta2, float Rest2, float Keep, float Rate, float Correct, float Epsilon);
}
