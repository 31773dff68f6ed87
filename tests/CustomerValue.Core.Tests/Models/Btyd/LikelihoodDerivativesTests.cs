using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

public class LikelihoodDerivativesTests
{
    [Theory, InlineData(false), InlineData(true)]
    public void BetaGeometric_derivatives_are_those_of_small_steps(bool firstMayEnd)
    {
        var rows = CollapsedHistories.Of(Simulated.Histories(500, seed: 2));
        Agree(new BetaGeometricLikelihood(rows, firstMayEnd, threads: 1), [0.6, 5, 0.9, 2]);
        Agree(new BetaGeometricLikelihood(rows, firstMayEnd, threads: 1), [3, 20, 0.01, 0.3]);
    }

    [Fact]
    public void ParetoNbd_derivatives_are_those_of_small_steps()
    {
        var rows = CollapsedHistories.Of(Simulated.Histories(500, seed: 2));
        Agree(new ParetoNbdLikelihood(rows, threads: 1), [0.6, 10, 0.7, 12]);
        Agree(new ParetoNbdLikelihood(rows, threads: 1), [2, 8, 3, 200]);
        Agree(new ParetoNbdLikelihood(rows, threads: 1), [0.9, 50, 0.2, 0.4]);
    }

    [Fact]
    public void Derivatives_with_covariates_are_those_of_small_steps()
    {
        var (histories, chance) = (Simulated.Histories(400, seed: 2), new Random(5));
        double[][] covariates = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, 400).Select(_ => 3 * chance.NextDouble() - 1.5).ToArray())];
        foreach (var ridge in new[] { 0.0, 7 })
        {
            var likelihood = new ParetoNbdCovariatesLikelihood(histories, ["one", "two"], covariates, ridge, threads: 1);
            Agree(likelihood, [0.6, 10, 0.7, 12, 1.5, 0.8, 0.6, 1.2]);
            Agree(likelihood, [2, 8, 3, 200, 0.9, 1, 1, 1.4]);
        }
    }

    [Fact]
    public void GammaGamma_derivatives_are_those_of_small_steps() =>
        Agree(new GammaGammaLikelihood([1, 2, 2, 7, 30], [0.5, 1.5, 0.8, 1.1, 3], unit: 20), [4, 3, 0.7]);

    private static void Agree(ILogLikelihood likelihood, double[] at)
    {
        var size = at.Length;
        double[] gradient = new double[size], hessian = new double[size * size], above = new double[size], below = new double[size], unused = new double[size * size];
        likelihood.Evaluate(at, gradient, hessian);
        for (var i = 0; i < size; i++)
        {
            var step = 1e-5 * at[i];
            double[] up = [.. at], down = [.. at];
            up[i] += step;
            down[i] -= step;
            var slope = (likelihood.Evaluate(up, above, unused) - likelihood.Evaluate(down, below, unused)) / (2 * step);
            Assert.Equal(slope, gradient[i], 1e-5 * (1 + Math.Abs(slope)));
            for (var j = i; j < size; j++)
            {
                var bend = (above[j] - below[j]) / (2 * step);
                Assert.Equal(bend, hessian[i * size + j], 1e-5 * (1 + Math.Abs(bend)));
            }
        }
    }
}
