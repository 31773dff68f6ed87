using CustomerValue.Evaluation;

namespace CustomerValue.Tests.Evaluation;

public class PairedBootstrapTests
{
    private static readonly double[] s_actual = [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? 0 : (double)i)];

    [Fact]
    public void The_interval_of_a_mean_matches_its_standard_error()
    {
        // Bias of a constant prediction of the mean: sd of the ratio by the delta method is sd(a)/(mean(a) sqrt(n)).
        var mean = s_actual.Average();
        var sd = Math.Sqrt(s_actual.Average(a => (a - mean) * (a - mean)));
        var bootstrap = new PairedBootstrap(s_actual.Length, seed: 7);
        double[] constant = [.. s_actual.Select(_ => mean)], none = [.. s_actual.Select(_ => 0.0)];
        var comparison = PairedBootstrap.Compare(Metric.Bias,
            ("mean", Metric.Bias.Of(s_actual, constant), bootstrap.Figures(Metric.Bias, s_actual, constant)),
            ("zero", Metric.Bias.Of(s_actual, none), bootstrap.Figures(Metric.Bias, s_actual, none)));

        var halfWidth = 1.96 * sd / (mean * Math.Sqrt(s_actual.Length));
        Assert.Equal(1, comparison.Difference, 9);
        Assert.Equal(2 * halfWidth, comparison.High - comparison.Low, 0.15 * halfWidth);
    }

    [Fact]
    public void A_candidate_against_itself_differs_by_nothing()
    {
        var bootstrap = new PairedBootstrap(s_actual.Length, seed: 7, draws: 200);
        var draws = bootstrap.Figures(Metric.NormalizedGini, s_actual, s_actual);
        Assert.Equal(new ModelComparison("gini", "a", "b", 0, 0, 0), PairedBootstrap.Compare(Metric.NormalizedGini, ("a", 1, draws), ("b", 1, draws)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_draws_and_another_seed_others()
    {
        double[] Figures(int seed) => new PairedBootstrap(s_actual.Length, seed, draws: 50).Figures(Metric.Bias, s_actual, [.. s_actual.Select(_ => 5.0)]);
        Assert.Equal(Figures(1), Figures(1));
        Assert.NotEqual(Figures(1), Figures(2));
    }
}
