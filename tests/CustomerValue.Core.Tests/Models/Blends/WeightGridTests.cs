using CustomerValue.Models.Blends;

namespace CustomerValue.Tests.Models.Blends;

/// <summary>Weights that share a whole.</summary>
public sealed class WeightGridTests
{
    [Theory]
    [InlineData(0.33, 0.67)]
    [InlineData(0.07, 0.11, 0.82)]
    [InlineData(0.03, 0.29, 0.13, 0.41, 0.0, 0.14)]
    public void Refining_finds_the_least_of_a_convex_loss_within_a_hundredth(params double[] right)
    {
        double Loss(double[] w) => w.Zip(right, (a, b) => (a - b) * (a - b)).Sum();
        var found = WeightGrid.Refined(WeightGrid.Best(right.Length, Loss), Loss);
        Assert.All(found.Zip(right), p => Assert.Equal(p.Second, p.First, 0.0101));
        Assert.Equal(1, found.Sum(), 1e-9);
        Assert.All(found, w => Assert.InRange(w, 0, 1));
    }

    [Fact]
    public void What_is_best_already_stays() => Assert.Equal([1.0, 0], WeightGrid.Refined([1, 0], w => w[1]));
}
