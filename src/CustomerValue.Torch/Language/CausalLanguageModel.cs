using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CustomerValue.Torch.Language;

/// <summary>A decoder: what comes next, given what came before. What generation, embedding and training need to know of one.</summary>
public abstract class CausalLanguageModel : Module<Tensor, Tensor?, Tensor>
{
    private protected CausalLanguageModel(string name) : base(name) { }

    /// <summary>V: tokens of the vocabulary.</summary>
    public abstract int VocabSize { get; }

    /// <summary>H: width of a hidden state.</summary>
    public abstract int HiddenSize { get; }

    /// <summary>Longest text, in tokens.</summary>
    public abstract int MaxPositions { get; }

    /// <summary>Ids that end a text, as config.json says.</summary>
    public abstract IReadOnlyList<int> EndTokenIds { get; }

    /// <summary>[V, H]: what each token brings.</summary>
    public abstract Parameter Words { get; }

    /// <summary>Hidden states after the last norm.</summary>
    /// <param name="ids">[B, T]: what comes after that which the cache holds.</param>
    /// <param name="mask">[B, S + T], S of them in the cache: 1 where a token is text, 0 where it is padding; null where there is no padding, which is faster.</param>
    /// <param name="cache">Keys and values of the S tokens before, to which those of these T are added; null where there are none.</param>
    /// <returns>[B, T, H]; owned by the caller's dispose scope. States of padding mean nothing.</returns>
    public abstract Tensor States(Tensor ids, Tensor? mask = null, KeyValueCache? cache = null);

    /// <summary>What the layers start from, what each but the last makes of it, and the last one's after the last norm.</summary>
    /// <returns>Layers + 1 tensors of [B, T, H]; owned by the caller's dispose scope.</returns>
    public abstract IReadOnlyList<Tensor> HiddenStates(Tensor ids);

    /// <summary>The next token's logits for chosen states.</summary>
    /// <param name="states">[..., H].</param>
    /// <returns>[..., V]; owned by the caller's dispose scope.</returns>
    public abstract Tensor Logits(Tensor states);

    /// <summary>The next token's logits at every token.</summary>
    /// <param name="ids">[B, T].</param>
    /// <param name="mask">[B, T], padding on either side; null where there is none.</param>
    /// <returns>[B, T, V]; owned by the caller's dispose scope.</returns>
    public override Tensor forward(Tensor ids, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        return Logits(States(ids, mask)).MoveToOuterDisposeScope();
    }

    private protected void Refuse(Tensor ids, KeyValueCache? cache)
    {
        ShapeException.ThrowUnless(ids.dim() == 2 && ids.shape[1] > 0, "[B, T]", ids);
        ShapeException.ThrowUnless(ids.shape[1] + (cache?.Length ?? 0) <= MaxPositions, $"[B, at most {MaxPositions - (cache?.Length ?? 0)}] ({MaxPositions} positions, {cache?.Length ?? 0} of them used)", ids);
    }
}

/// <summary>Which token stands where, and which may look at which: the same for every layer of a pass.</summary>
/// <param name="Positions">[B or 1, T]: the place of each token in its own text, padding not counted.</param>
/// <param name="Mask">[B, 1, T, S + T], true where a token may look; null where no mask is needed.</param>
/// <param name="Causal">Without mask: whether tokens may look back only (false for a single token after others).</param>
internal sealed record DecoderView(Tensor Positions, Tensor? Mask, bool Causal)
{
    /// <summary>Positions, and the mask where there is one.</summary>
    internal IEnumerable<Tensor> Tensors => Mask is null ? [Positions] : [Positions, Mask];

    /// <summary>The same over other copies of <see cref="Tensors"/>, which stand in a list from a place on.</summary>
    internal DecoderView With(IReadOnlyList<Tensor> tensors, int from) => this with { Positions = tensors[from], Mask = Mask is null ? null : tensors[from + 1] };

    /// <summary>Owned by the caller's dispose scope.</summary>
    /// <param name="ids">[B, T].</param>
    /// <param name="mask">[B, S + T] or null.</param>
    /// <param name="before">S: tokens in the cache.</param>
    internal static DecoderView Of(Tensor ids, Tensor? mask, long before)
    {
        var count = ids.shape[1];
        if (mask is null && (before == 0 || count == 1))
            return new(Scalars.Range(before, before + count, ids.device).unsqueeze(0), null, count > 1);
        var (all, now) = (Scalars.Range(0, before + count, ids.device), Scalars.Range(before, before + count, ids.device));
        var back = all.unsqueeze(0) <= now.unsqueeze(1);                                                        // [T, S + T]
        if (mask is null) return new(now.unsqueeze(0), back.unsqueeze(0).unsqueeze(0), false);
        ShapeException.ThrowUnless(mask.dim() == 2 && mask.shape[0] == ids.shape[0] && mask.shape[1] == before + count, $"[{ids.shape[0]}, {before + count}]", mask);
        var places = mask.to(ScalarType.Int64).cumsum(1).Plus(-1L).clamp_min(Scalars.Of(0L)).narrow(1, before, count);           // [B, T]
        // Padding looks at itself: a row that may look at nothing has no softmax, and its NaN would spread.
        var self = all.unsqueeze(0) == now.unsqueeze(1);                                                        // [T, S + T]
        return new(places, (back & mask.to(ScalarType.Bool).unsqueeze(1) | self).unsqueeze(1), false);
    }
}

/// <summary>Keys and values of the tokens seen so far, of every layer: a token costs one pass, however long the text before it is.</summary>
/// <remarks>Grows by doubling. Not for training: it holds no gradients.</remarks>
public sealed class KeyValueCache : IDisposable
{
    private readonly List<(Tensor Keys, Tensor Values)> _layers = [];

    /// <summary>S: tokens it holds.</summary>
    public long Length { get; private set; }

    /// <summary>B: texts it holds.</summary>
    internal long Rows => _layers.Count == 0 ? 0 : _layers[0].Keys.shape[0];

    /// <summary>Forgets the tokens after the first so many.</summary>
    internal void BackTo(long length) => Length = Math.Min(Length, length);

    /// <summary>Adds a layer's keys and values.</summary>
    /// <param name="layer">The layer's number, from 0.</param>
    /// <param name="keys">[B, G, T, D].</param>
    /// <param name="values">[B, G, T, D].</param>
    /// <returns>All so far, [B, G, S + T, D]; views of the cache's memory.</returns>
    internal (Tensor Keys, Tensor Values) Add(int layer, Tensor keys, Tensor values)
    {
        var (total, shape) = (Length + keys.shape[2], keys.shape);
        if (layer == _layers.Count) _layers.Add((Room(shape, Math.Max(64, total), keys), Room(shape, Math.Max(64, total), values)));
        else if (total > _layers[layer].Keys.shape[2]) _layers[layer] = (Grown(_layers[layer].Keys, 2 * total), Grown(_layers[layer].Values, 2 * total));
        var (k, v) = _layers[layer];
        k.narrow(2, Length, shape[2]).copy_(keys);
        v.narrow(2, Length, shape[2]).copy_(values);
        return (k.narrow(2, 0, total), v.narrow(2, 0, total));
    }

    /// <summary>Counts the tokens that every layer has now been given.</summary>
    internal void Advance(long count) => Length += count;

    /// <summary>Keeps some rows of the batch, in the order given: texts that have ended cost nothing more.</summary>
    /// <param name="rows">[B'] of 64-bit integers.</param>
    internal void Keep(Tensor rows)
    {
        for (var layer = 0; layer < _layers.Count; layer++)
        {
            using var scope = NewDisposeScope();
            var (keys, values) = _layers[layer];
            _layers[layer] = (keys.index_select(0, rows).DetachFromDisposeScope(), values.index_select(0, rows).DetachFromDisposeScope());
            keys.Dispose();
            values.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (keys, values) in _layers)
        {
            keys.Dispose();
            values.Dispose();
        }
        _layers.Clear();
        Length = 0;
    }

    private static Tensor Room(long[] shape, long length, Tensor like) => zeros([shape[0], shape[1], length, shape[3]], like.dtype, like.device).DetachFromDisposeScope();

    private Tensor Grown(Tensor old, long length)
    {
        using var scope = NewDisposeScope();
        var room = Room(old.shape, length, old);
        room.narrow(2, 0, Length).copy_(old.narrow(2, 0, Length));
        old.Dispose();
        return room;
    }
}
