using static TorchSharp.torch;

namespace CustomerValue.Torch.Language;

/// <summary>A stack of layers that may forget what is inside of them until the backward pass.</summary>
internal interface IRecomputes
{
    /// <summary>Keeps only what goes into each layer, and computes the rest again when gradients are asked for.</summary>
    bool Recomputes { get; set; }
}

/// <summary>A layer that keeps nothing but what went in; the backward pass computes it again. Memory for a long text falls from all that its layers hold to what goes in and one layer; the price is a second forward pass.</summary>
/// <remarks>Chen and others (2016), "Training Deep Nets with Sublinear Memory Cost".</remarks>
internal sealed class Recomputed : autograd.SingleTensorFunction<Recomputed>
{
    private const string Work = "work", Seed = "seed", Count = "count";

    /// <inheritdoc/>
    public override string Name => nameof(Recomputed);

    /// <summary>What a layer makes of its input.</summary>
    /// <param name="layer">The layer; it gets the input, and the other tensors in their order.</param>
    /// <param name="x">[B, T, H]: what gradients flow to.</param>
    /// <param name="others">What the layer reads besides, and what gets no gradient.</param>
    /// <returns>[B, T, H]; owned by the caller's dispose scope.</returns>
    internal static Tensor Of(Func<Tensor, IReadOnlyList<Tensor>, Tensor> layer, Tensor x, params Tensor[] others)
    {
        if (!is_grad_enabled()) return layer(x, others);
        // Autograd asks back only where an input needs a gradient; under frozen embeddings none would.
        if (!x.requires_grad) x = x.detach().requires_grad_();
        var seed = randint(long.MaxValue, [1], ScalarType.Int64, CPU).item<long>();         // the same values are dropped the second time
        return apply([x, .. others, layer, seed]);
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (tensors, layer, seed) = (vars[..^2].Cast<Tensor>().ToList(), (Func<Tensor, IReadOnlyList<Tensor>, Tensor>)vars[^2], (long)vars[^1]);
        ctx.save_for_backward(tensors);
        ctx.save_data(Work, layer);
        ctx.save_data(Seed, seed);
        ctx.save_data(Count, vars.Length);
        using var quiet = no_grad();
        manual_seed(seed);
        return layer(tensors[0], tensors[1..]);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var x = saved[0].detach().requires_grad_();
        using (enable_grad())
        {
            manual_seed((long)ctx.get_data(Seed));
            ((Func<Tensor, IReadOnlyList<Tensor>, Tensor>)ctx.get_data(Work))(x, saved[1..]).backward([grad_output]);
        }
        var gradients = new Tensor[(int)ctx.get_data(Count)];                           // none for what isn't x
        gradients[0] = x.grad!.MoveToOuterDisposeScope();
        return [.. gradients];
    }
}
