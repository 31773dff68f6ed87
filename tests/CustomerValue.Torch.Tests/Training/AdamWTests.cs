using CustomerValue.Torch.Training;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests.Training;

public class AdamWTests
{
    [Fact]
    public void A_step_is_that_of_the_reference_optimiser()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (matrix, vector) = (randn(37, 19), randn(53));
        var (ours, theirs) = (Pair(matrix, vector), Pair(matrix, vector));
        // The reference gives one decay a group; ours lets vectors go without.
        var reference = optim.AdamW(
            new[]
            {
                new TorchSharp.Modules.AdamW.ParamGroup([theirs.Matrix], 0.01, 0.9, 0.98, weight_decay: 0.1),
                new TorchSharp.Modules.AdamW.ParamGroup([theirs.Vector], 0.01, 0.9, 0.98, weight_decay: 0),
            }, 0.01, 0.9, 0.98);
        var weights = new TrainedWeights([("matrix", ours.Matrix), ("vector", ours.Vector)]);
        var optimiser = new AdamW(weights, 0.9, 0.98, 0.1);
        for (var step = 0; step < 20; step++)
        {
            var direction = randn(37, 19);
            foreach (var pair in new[] { ours, theirs }) ((pair.Matrix * direction).sum() + pair.Vector.square().sum() * (step % 3)).backward();
            optimiser.Step(0.01);
            weights.ForgetGradients();
            reference.step();
            reference.zero_grad();
        }
        Assert.Equal(0, (ours.Matrix - theirs.Matrix).abs().max().item<float>(), 2e-6);
        Assert.Equal(0, (ours.Vector - theirs.Vector).abs().max().item<float>(), 2e-6);
    }

    [Fact]
    public void A_long_gradient_is_shortened()
    {
        using var scope = NewDisposeScope();
        var (one, other) = (zeros(300).requires_grad_(), zeros(300).requires_grad_());
        var (first, second) = (new TrainedWeights([("w", one)]), new TrainedWeights([("w", other)]));
        (one * 2).sum().backward();
        (other * 20).sum().backward();
        var norm = Math.Sqrt(300 * 4);
        var (plain, clipped) = (new AdamW(first, 0.9, 0.98, 0), new AdamW(second, 0.9, 0.98, 0));
        Assert.Equal(norm, plain.Step(0.1, clip: 1e9), 1e-3);
        Assert.Equal(10 * norm, clipped.Step(0.1, clip: norm), 1e-2);
        Assert.Equal(plain.Second[7], clipped.Second[7], 1e-6f);
    }

    [Fact]
    public void A_gradient_that_is_no_number_moves_nothing()
    {
        using var scope = NewDisposeScope();
        var weight = ones(40).requires_grad_();
        (weight * float.NaN).sum().backward();
        Assert.True(double.IsNaN(new AdamW(new([("w", weight)]), 0.9, 0.98, 0.1).Step(0.1)));
        Assert.Equal(40, weight.sum().item<float>());
    }

    [Fact]
    public void Sparse_rows_move_as_dense_ones_do_while_they_are_touched()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var start = randn(10, 24);
        using var lookup = nn.Embedding_from_pretrained(start.clone(), freeze: false, sparse: true);
        var (dense, sparse) = (start.clone().requires_grad_(), lookup.weight!);
        var (all, rows) = (new TrainedWeights([("w", dense)]), new TrainedWeights([("w", sparse)]));
        var (one, other) = (new AdamW(all, 0.9, 0.98, 0.1), new AdamW(rows, 0.9, 0.98, 0.1));
        var ids = tensor(new long[] { 7, 2, 7, 2, 2 });
        for (var step = 0; step < 5; step++)
        {
            dense.index_select(0, ids).square().sum().backward();
            lookup.forward(ids).square().sum().backward();
            Assert.True(sparse.grad!.is_sparse);
            Assert.Equal(one.Step(0.01), other.Step(0.01), 1e-4);
            all.ForgetGradients();
            rows.ForgetGradients();
        }
        foreach (var row in new[] { 2, 7 }) Assert.True(dense[row].allclose(sparse[row], 0, 1e-6));
        Assert.True(sparse[3].equal(start[3]).all().item<bool>());       // never touched, never decayed
    }

    [Fact]
    public void Steps_made_of_tensor_operations_are_the_same_and_either_goes_on_from_the_other()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var (matrix, vector) = (randn(37, 19), randn(53));
        using TorchSharp.Modules.Embedding here = Table(), there = Table();
        var (one, other) = (Pair(matrix, vector), Pair(matrix, vector));
        TrainedWeights ours = Learning(one, here), theirs = Learning(other, there);
        IOptimiser plain = new AdamW(ours, 0.9, 0.98, 0.1), tensors = new TensorAdamW(theirs, 0.9, 0.98, 0.1);
        for (var step = 0; step < 30; step++)
        {
            var ids = randint(10, [(step % 4) + 2], ScalarType.Int64);                             // rows are missed for a while, and stand twice in a batch
            var direction = randn(37, 19);
            foreach (var (pair, table) in new[] { (one, here), (other, there) })
                ((pair.Matrix * direction).sum() + pair.Vector.square().sum() + table.forward(ids).pow(3).sum()).backward();
            Assert.Equal(plain.Step(0.01, clip: 5), tensors.Step(0.01, clip: 5), 1e-3);
            ours.ForgetGradients();
            theirs.ForgetGradients();
            if (step != 15) continue;
            var (state, copied) = (plain.State(), tensors.State());
            Assert.Equal(state.Keys.Order(), copied.Keys.Order());
            (plain, tensors) = (new AdamW(ours, 0.9, 0.98, 0.1), new TensorAdamW(theirs, 0.9, 0.98, 0.1));
            plain.Resume(16, copied);
            tensors.Resume(16, state);
        }
        foreach (var (mine, its) in ours.Copy().Zip(theirs.Copy())) Assert.Equal(mine, its, 1e-5f);

        TrainedWeights Learning((TorchSharp.Modules.Parameter Matrix, TorchSharp.Modules.Parameter Vector) pair, TorchSharp.Modules.Embedding table) =>
            new([("matrix", pair.Matrix), ("vector", pair.Vector), ("table", table.weight!)]);

        TorchSharp.Modules.Embedding Table() => nn.Embedding_from_pretrained(arange(240, ScalarType.Float32).view(10, 24) / 100, freeze: false, sparse: true);
    }

    [Fact]
    public void Tensor_operations_move_nothing_where_the_gradient_is_no_number()
    {
        using var scope = NewDisposeScope();
        var weight = ones(40).requires_grad_();
        (weight * float.NaN).sum().backward();
        Assert.True(double.IsNaN(new TensorAdamW(new([("w", weight)]), 0.9, 0.98, 0.1).Step(0.1)));
        Assert.Equal(40, weight.sum().item<float>());
    }

    [Fact]
    public void A_model_in_which_nothing_learns_is_refused() =>
        Assert.Contains("frozen", Assert.Throws<ArgumentException>(() => new TrainedWeights([("w", zeros(3))])).Message);

    private static (TorchSharp.Modules.Parameter Matrix, TorchSharp.Modules.Parameter Vector) Pair(Tensor matrix, Tensor vector) =>
        (new(matrix.clone()), new(vector.clone()));
}
