using CustomerValue.Torch.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Language;

/// <summary>y = x W' + b, with an adapter beside it where one is attached.</summary>
/// <remarks>Weights in half precision stay so in memory and are multiplied in single precision, a block that fits the cache at a time.</remarks>
public sealed class Linear : Module<Tensor, Tensor>, IProduct
{
    private readonly Parameter? _bias;
    private readonly bool _inputsFirst;
    private Parameter _weight;

    /// <param name="at">Where its parameters come from.</param>
    /// <param name="inputs">I.</param>
    /// <param name="outputs">O.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="inputsFirst">The weight is [I, O] (GPT-2's Conv1D) rather than [O, I].</param>
    internal Linear(ParameterScope at, long inputs, long outputs, bool bias = true, bool inputsFirst = false) : base(nameof(Linear))
    {
        (Inputs, Outputs, _inputsFirst) = (inputs, outputs, inputsFirst);
        _weight = inputsFirst ? at.Get("weight", inputs, outputs) : at.Get("weight", outputs, inputs);
        register_parameter("weight", _weight);
        if (!bias) return;
        _bias = at.Get("bias", outputs);
        register_parameter("bias", _bias);
    }

    /// <summary>I: width of what comes in.</summary>
    public long Inputs { get; }

    /// <summary>O: width of what goes out.</summary>
    public long Outputs { get; }

    /// <summary>[O, I], or [I, O] where GPT-2 stores it so.</summary>
    public Parameter Weight => _weight;

    /// <summary>Whether the weight is [I, O].</summary>
    internal bool InputsFirst => _inputsFirst;

    bool IProduct.InBfloat16 { get; set; }

    /// <summary>Low-rank change of the weight; null where none is attached.</summary>
    internal LoraPair? Lora { get; private set; }

    /// <param name="x">[..., I].</param>
    /// <returns>[..., O].</returns>
    public override Tensor forward(Tensor x)
    {
        var y = ((IProduct)this).InBfloat16 && _weight.dtype == ScalarType.Float32 ? Bfloat16.Product(x, _inputsFirst ? _weight.t() : _weight, _bias) : HalfPrecision.Product(x, _weight, _bias, _inputsFirst);
        return Lora is null ? y : y.Plus(Lora.Change(x, training));
    }

    internal void Attach(LoraPair pair)
    {
        if (Lora is not null) throw new InvalidOperationException("An adapter is attached already. Merge or detach it first.");
        Lora = pair;
        ConditionallyRegisterParameter("lora_A.weight", pair.A);
        ConditionallyRegisterParameter("lora_B.weight", pair.B);
    }

    /// <summary>Puts another weight in place, and hands the one that was there back.</summary>
    internal Parameter Replace(Parameter weight)
    {
        var old = _weight;
        _weight = weight;
        ConditionallyRegisterParameter("weight", weight);
        return old;
    }

    internal void Detach()
    {
        Lora = null;
        ConditionallyRegisterParameter("lora_A.weight", (Parameter?)null);
        ConditionallyRegisterParameter("lora_B.weight", (Parameter?)null);
    }
}

/// <summary>A row of a table for each id.</summary>
public sealed class Embedding : Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private TorchSharp.Modules.Embedding? _sparse;

    internal Embedding(ParameterScope at, long rows, long width) : base(nameof(Embedding))
    {
        _weight = at.Get("weight", rows, width);
        register_parameter("weight", _weight);
    }

    /// <summary>[V, H].</summary>
    public Parameter Weight => _weight;

    /// <summary>Whether the gradient holds only the rows that a batch has read, rather than all V: what fine-tuning wants. A table that a head is tied to has a whole one anyway.</summary>
    internal bool HasSparseGradient
    {
        get => _sparse is not null;
        set => _sparse = value ? _sparse ?? Embedding_from_pretrained(_weight, freeze: !_weight.requires_grad, sparse: true) : null;
    }

    /// <param name="ids">[...], each from 0 to V - 1.</param>
    /// <returns>[..., H], in single precision.</returns>
    public override Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var rows = _sparse is null ? _weight.index_select(0, ids.reshape(-1)) : _sparse.forward(ids.reshape(-1));      // [B T, H]
        return HalfPrecision.Single(rows).view([.. ids.shape, _weight.shape[1]]).MoveToOuterDisposeScope();
    }
}

/// <summary>Centres and scales the last dimension.</summary>
public sealed class LayerNorm : Module<Tensor, Tensor>
{
    private readonly Parameter _weight, _bias;
    private readonly double _eps;
    private readonly long[] _width;

    internal LayerNorm(ParameterScope at, long width, double eps) : base(nameof(LayerNorm))
    {
        (_weight, _bias, _eps, _width) = (at.Get("weight", width), at.Get("bias", width), eps, [width]);
        register_parameter("weight", _weight);
        register_parameter("bias", _bias);
    }

    /// <param name="x">[..., H].</param>
    public override Tensor forward(Tensor x) => F.layer_norm(x, _width, HalfPrecision.Single(_weight), HalfPrecision.Single(_bias), _eps);
}
