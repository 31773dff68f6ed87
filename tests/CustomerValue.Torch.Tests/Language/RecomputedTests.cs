using CustomerValue.Torch.Language;
using CustomerValue.Torch.Training;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests.Language;

/// <summary>Layers that are computed again in the backward pass give the same gradients.</summary>
public sealed class RecomputedTests
{
    private static readonly TrainingOptions s_kept = new(), s_recomputed = new() { GradientCheckpointing = true };

    public static TheoryData<string> Models => ["bert", "llama", "gpt2"];

    [Theory, MemberData(nameof(Models))]
    public void Gradients_are_those_of_layers_that_kept_everything(string kind)
    {
        var (kept, recomputed) = (Gradients(kind, s_kept, masked: true), Gradients(kind, s_recomputed, masked: true));
        Assert.Equal(kept.Keys.Order(StringComparer.Ordinal), recomputed.Keys.Order(StringComparer.Ordinal));
        Assert.Contains(kept.Keys, name => name.Contains(".0.", StringComparison.Ordinal));
        foreach (var (name, gradient) in kept) Assert.All(gradient.Zip(recomputed[name]), g => Assert.Equal(g.First, g.Second, 1e-6));
    }

    [Fact]
    public void Layers_over_frozen_embeddings_learn_too() =>
        Assert.Contains(Gradients("bert", s_recomputed, masked: false, frozen: "embeddings").Keys, name => name.StartsWith("encoder.layer.0.", StringComparison.Ordinal));

    [Fact]
    public void A_layer_is_computed_twice_and_drops_the_same_values_both_times()
    {
        using var scope = NewDisposeScope();
        var passes = 0;
        Tensor Layer(Tensor x, IReadOnlyList<Tensor> others)
        {
            passes++;
            return DropoutMask.Apply(x, 0.5, training: true) * others[0];
        }
        var (x, factor) = (ones(30, 40).requires_grad_(), rand(30, 40) + 1);
        var y = Recomputed.Of(Layer, x, factor);
        Assert.Equal(1, passes);
        y.sum().backward();
        Assert.Equal(2, passes);
        Assert.True(y.detach().Equals(x.grad!));                    // of ones through mask x factor: the output is the slope
    }

    [Fact]
    public void Without_gradients_a_layer_is_computed_once()
    {
        using var quiet = no_grad();
        var passes = 0;
        using var y = Recomputed.Of((x, _) => { passes++; return x + 1; }, ones(2));
        Assert.Equal((1, false), (passes, y.requires_grad));
    }

    private static Dictionary<string, float[]> Gradients(string kind, TrainingOptions options, bool masked, string? frozen = null)
    {
        using var scope = NewDisposeScope();
        var ids = tensor(new long[] { 1, 5, 9, 2, 7, 3, 3, 8 }).view(2, 4);
        var mask = masked ? tensor(new long[] { 1, 1, 1, 1, 1, 1, 1, 0 }).view(2, 4) : null;
        using nn.Module model = kind switch
        {
            "bert" => Bert.Create(new() { VocabSize = 20, HiddenSize = 16, Layers = 3, Heads = 2, IntermediateSize = 32, MaxPositions = 8, HiddenDropout = 0 }, seed: 3),
            "llama" => Llama.Create(new() { VocabSize = 20, HiddenSize = 16, IntermediateSize = 32, Layers = 3, Heads = 2, KeyValueHeads = 1, HeadSize = 8, MaxPositions = 8 }, seed: 3),
            _ => Gpt2.Create(new() { VocabSize = 20, HiddenSize = 16, Layers = 3, Heads = 2, MaxPositions = 8, Dropout = 0 }, seed: 3),
        };
        foreach (var (name, parameter) in model.named_parameters())
            if (frozen is not null && name.Contains(frozen, StringComparison.Ordinal)) parameter.requires_grad_(false);
        Precision.Learning(model, learns: true, options);
        var states = model is Bert bert ? bert.forward(ids, mask) : ((CausalLanguageModel)model).States(ids, mask);
        states.narrow(1, 0, 3).square().sum().backward();
        return model.named_parameters().Where(p => p.parameter.grad is not null).ToDictionary(p => p.name, p => p.parameter.grad!.data<float>().ToArray());
    }
}
