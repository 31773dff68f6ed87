using CustomerValue.Torch;
using CustomerValue.Torch.Tabular;
using static TorchSharp.torch;

namespace CustomerValue.Tests.Tabular;

public sealed class ZeroInflatedLogNormalTests
{
    // Logit of spending, mean of log spend, raw spread; spend.
    private static readonly (double Buys, double Mu, double Raw, double Spend)[] s_rows = [(0.3, 2.5, 0.1, 0), (-1.2, 3.1, -0.7, 18.5), (2.0, 4.0, 1.5, 250), (0, 0, 0, 0.01), (-30, 1, 0.5, 0)];

    [Fact]
    public void The_loss_is_that_of_a_plain_computation()
    {
        using var scope = NewDisposeScope();
        var found = ZeroInflatedLogNormal.Loss(tensor(s_rows.SelectMany(r => new[] { r.Buys, r.Mu, r.Raw }).ToArray(), [s_rows.Length, 3]), tensor(s_rows.Select(r => r.Spend).ToArray())).item<double>();
        var plain = s_rows.Average(r =>
        {
            var p = 1 / (1 + Math.Exp(-r.Buys));
            if (r.Spend == 0) return -Math.Log(1 - p);
            var sigma = Math.Log(1 + Math.Exp(r.Raw));
            var density = Math.Exp(-Math.Pow(Math.Log(r.Spend) - r.Mu, 2) / (2 * sigma * sigma)) / (r.Spend * sigma * Math.Sqrt(2 * Math.PI));
            return -Math.Log(p) - Math.Log(density);
        });
        Assert.Equal(plain, found, 1e-9);
    }

    [Fact]
    public void Its_gradient_is_finite_where_nobody_spends_and_where_a_spread_has_shrunk_to_nothing()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 0, 0, -200, 0, 0, -200 }, [2, 3]).requires_grad_();
        ZeroInflatedLogNormal.Loss(logits, tensor(new float[] { 0, 0 })).backward();
        Assert.All(logits.grad!.data<float>().ToArray(), g => Assert.True(float.IsFinite(g)));
    }

    [Fact]
    public void The_mean_is_that_of_many_draws()
    {
        var chance = new Random(1);
        var sum = 0.0;
        for (var draw = 0; draw < 400_000; draw++)
            if (chance.NextDouble() < 1 / (1 + Math.Exp(-0.4)))
                sum += Math.Exp(2 + Math.Log(1 + Math.Exp(-0.3)) * Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble()));
        Assert.Equal(sum / 400_000, ZeroInflatedLogNormal.Mean(0.4, 2, -0.3, 20), 0.05);
        Assert.Equal(Math.Exp(1) / 2, ZeroInflatedLogNormal.Mean(0, 50, 3, 1), 1e-9);           // never beyond the highest mean
    }

    [Fact]
    public void Other_shapes_are_refused_with_both()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("[2, 2]; expected [B, 3]", Assert.Throws<ShapeException>(() => ZeroInflatedLogNormal.Loss(zeros(2, 2), zeros(2))).Message, StringComparison.Ordinal);
        Assert.Contains("[3]; expected [B], as logits", Assert.Throws<ShapeException>(() => ZeroInflatedLogNormal.Loss(zeros(2, 3), zeros(3))).Message, StringComparison.Ordinal);
    }
}
