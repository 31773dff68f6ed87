using CustomerValue.Simulation.Chance;

namespace CustomerValue.Tests.Simulation.Chance;

public class RandomStreamTests
{
    private const int Draws = 200_000;

    [Fact]
    public void Gives_the_same_numbers_everywhere()      // computed independently, with Python's integers
    {
        var stream = new RandomStream(20_230_101, 17, Purpose.Orders);
        Assert.Equal((5126945799603931691UL, 7997704629521456306UL, 7113907517992488UL), (stream.Bits(), stream.Bits(), stream.Bits()));
    }

    [Fact]
    public void Streams_of_other_seeds_customers_and_purposes_differ()
    {
        var first = new HashSet<ulong>();
        foreach (var seed in new[] { 1L, 2 })
            foreach (var customer in new[] { 1L, 2, 1_000_000 })
                foreach (var purpose in Enum.GetValues<Purpose>()) first.Add(new RandomStream(seed, customer, purpose).Bits());
        Assert.Equal(2 * 3 * Enum.GetValues<Purpose>().Length, first.Count);
    }

    [Fact]
    public void Moments_are_those_of_the_distributions()
    {
        var stream = new RandomStream(1, 1, Purpose.Traits);
        Moments(stream.Uniform, mean: 0.5, variance: 1 / 12.0);
        Moments(stream.Normal, mean: 0, variance: 1);
        Moments(stream.Exponential, mean: 1, variance: 1);
        Moments(() => stream.Gamma(0.5), mean: 0.5, variance: 0.5);
        Moments(() => stream.Gamma(2.6), mean: 2.6, variance: 2.6);
        Moments(() => stream.Poisson(1.7), mean: 1.7, variance: 1.7);
        Moments(() => stream.Below(6), mean: 2.5, variance: 35 / 12.0);
        Moments(() => stream.Weighted([1, 2, 1]), mean: 1, variance: 0.5);
    }

    private static void Moments(Func<double> draw, double mean, double variance)
    {
        var values = Enumerable.Range(0, Draws).Select(_ => draw()).ToArray();
        var average = values.Average();
        Assert.Equal(mean, average, 5 * Math.Sqrt(variance / Draws));
        Assert.Equal(1, values.Average(v => (v - average) * (v - average)) / variance, 0.04);
    }
}
