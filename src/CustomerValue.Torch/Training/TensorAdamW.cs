using CustomerValue.Torch.Language;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Training;

/// <summary>The steps of <see cref="AdamW"/>, made of tensor operations: for weights that lie in another device's memory than the processor's.</summary>
internal sealed class TensorAdamW : IOptimiser
{
    private readonly TrainedWeights _weights;
    private readonly double _beta1, _beta2, _decay;
    private readonly Tensor[] _first, _second;          // [weights], each of its weight's shape
    private readonly Dictionary<int, Tensor> _seen = [];   // [rows] of a weight with sparse gradients: the step, from 1, at which each was last touched; 0 for never
    private long _steps;

    public TensorAdamW(TrainedWeights weights, double beta1, double beta2, double decay)
    {
        (_weights, _beta1, _beta2, _decay) = (weights, beta1, beta2, decay);
        using var quiet = no_grad();
        _first = [.. weights.All.Select(w => w.Value.zeros_like().DetachFromDisposeScope())];
        _second = [.. weights.All.Select(w => w.Value.zeros_like().DetachFromDisposeScope())];
    }

    /// <inheritdoc/>
    public double Step(double rate, double clip = 0)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var gradients = _weights.All.Select(Of).ToArray();
        var squares = gradients.Where(g => g is not null).Select(g => (g!.Value.Values * g.Value.Values).sum(ScalarType.Float64)).ToArray();
        var norm = squares.Length == 0 ? 0 : Math.Sqrt(stack(squares).sum().item<double>());
        if (!double.IsFinite(norm)) return norm;
        _steps++;
        var shrink = clip > 0 && norm > clip ? clip / norm : 1;
        for (var at = 0; at < gradients.Length; at++)
            if (gradients[at] is { } gradient) Move(at, gradient.Rows, gradient.Values * Number(shrink), rate * _weights.All[at].RateScale);
        return norm;
    }

    // The gradient, and the rows that it is of; no rows: of all.
    private static (Tensor? Rows, Tensor Values)? Of(TrainedWeight weight)
    {
        if (weight.Value.grad is not { } gradient) return null;
        if (!gradient.is_sparse) return (null, gradient);
        var (rows, places, _) = gradient.SparseIndices.view(-1).unique(return_inverse: true);      // a row that stands several times in the batch has as many gradients
        var values = gradient.SparseValues;
        return (rows, zeros([rows.shape[0], values.shape[1]], values.dtype, values.device).index_add_(0, places!, values, Scalars.Of(1L)));
    }

    private void Move(int at, Tensor? rows, Tensor gradient, double rate)
    {
        using var scope = NewDisposeScope();
        var weight = _weights.All[at];
        var (keep, step) = (Number(1 - (weight.Decays ? rate * _decay : 0)), Number(rate / (1 - Math.Pow(_beta1, _steps))));
        var correct = Number(1 / Math.Sqrt(1 - Math.Pow(_beta2, _steps)));
        if (rows is null)
        {
            var (first, second) = Means(_first[at], _second[at], gradient);
            _first[at].copy_(first);
            _second[at].copy_(second);
            weight.Value.copy_(weight.Value * keep - Direction(first, second) * step);
            return;
        }
        if (!_seen.TryGetValue(at, out var seen)) _seen[at] = seen = zeros([weight.Value.shape[0]], ScalarType.Int64, weight.Value.device).DetachFromDisposeScope();
        var last = seen.index_select(0, rows);                                                     // [R]
        // [R, 1]: steps for which the means have only decayed.
        var missed = ((tensor(_steps - 1, device: last.device) - last) * last.gt(Scalars.Of(0L))).to(ScalarType.Float32).unsqueeze(1);
        seen.index_copy_(0, rows, tensor(_steps, device: last.device).expand_as(last));
        var (rowFirst, rowSecond) = Means(
            _first[at].index_select(0, rows) * missed.Times(Math.Log(_beta1)).exp(), _second[at].index_select(0, rows) * missed.Times(Math.Log(_beta2)).exp(), gradient);
        _first[at].index_copy_(0, rows, rowFirst);
        _second[at].index_copy_(0, rows, rowSecond);
        weight.Value.index_copy_(0, rows, weight.Value.index_select(0, rows) * keep - Direction(rowFirst, rowSecond) * step);

        Tensor Direction(Tensor first, Tensor second) => first / (second.sqrt() * correct).Plus(AdamW.Epsilon);
    }

    private (Tensor First, Tensor Second) Means(Tensor first, Tensor second, Tensor gradient) =>
        (first.Times(_beta1).Plus(gradient.Times(1 - _beta1)), second.Times(_beta2).Plus((gradient * gradient).Times(1 - _beta2)));

    // A number that changes from step to step.
    private static Tensor Number(double number) => tensor((float)number);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Array> State()
    {
        using var scope = NewDisposeScope();
        var state = new Dictionary<string, Array> { [AdamW.FirstName] = Flat(_first), [AdamW.SecondName] = Flat(_second) };
        foreach (var (at, rows) in _seen) state[AdamW.SeenPrefix + _weights.All[at].Name] = rows.to(ScalarType.Int32).cpu().data<int>().ToArray();
        return state;
    }

    /// <inheritdoc/>
    public void Resume(long steps, IReadOnlyDictionary<string, Array> state)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        _steps = steps;
        var (first, second) = ((float[])state[AdamW.FirstName], (float[])state[AdamW.SecondName]);
        for (var at = 0; at < _first.Length; at++)
        {
            var weight = _weights.All[at];
            var part = new Range(_weights.Offsets[at], _weights.Offsets[at] + weight.Count);
            _first[at].copy_(tensor(first[part], weight.Value.shape, device: CPU));
            _second[at].copy_(tensor(second[part], weight.Value.shape, device: CPU));
            if (state.TryGetValue(AdamW.SeenPrefix + weight.Name, out var rows)) _seen[at] = tensor((int[])rows, device: CPU).to(ScalarType.Int64).to(weight.Value.device).DetachFromDisposeScope();
        }
    }

    private float[] Flat(Tensor[] parts)
    {
        var flat = new float[_weights.Count];
        for (var at = 0; at < parts.Length; at++) parts[at].cpu().data<float>().CopyTo(flat, _weights.Offsets[at]);
        return flat;
    }
}
