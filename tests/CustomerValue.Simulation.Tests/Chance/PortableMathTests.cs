using CustomerValue.Simulation.Chance;

namespace CustomerValue.Tests.Simulation.Chance;

public class PortableMathTests
{
    [Fact]
    public void Exp_and_log_agree_with_the_platforms_to_fourteen_digits()
    {
        for (var x = -50.0; x <= 50; x += 0.0137)
        {
            Assert.Equal(1, PortableMath.Exp(x) / Math.Exp(x), 2e-15);
            var y = Math.Exp(x);
            Assert.Equal(Math.Log(y), PortableMath.Log(y), Math.Max(1e-15, Math.Abs(x) * 2e-15));
        }
    }

    [Fact]
    public void Exp_and_log_give_the_same_bits_everywhere()
    {
        // Hashes over bit patterns, also computed with Python's floats: a different last bit on any machine changes them.
        long exp = 0, log = 0;
        for (var i = 1; i <= 10_000; i++)
        {
            exp = unchecked(exp * 31 + BitConverter.DoubleToInt64Bits(PortableMath.Exp(i / 777.0 - 6)));
            log = unchecked(log * 31 + BitConverter.DoubleToInt64Bits(PortableMath.Log(i / 777.0)));
        }
        Assert.Equal((-7643896849226924495L, -4255615516236647094L), (exp, log));
    }

    [Fact]
    public void Far_exponents_stay_finite_and_positive()
    {
        Assert.InRange(PortableMath.Exp(-1e9), double.Epsilon, 1e-300);
        Assert.InRange(PortableMath.Exp(1e9), 1e300, double.MaxValue);
        Assert.Equal(0.5, PortableMath.Logistic(0));
    }

    [Theory, InlineData(0, 0.5), InlineData(1, 0.8413447461), InlineData(-1.96, 0.0249978951), InlineData(4, 0.9999683288), InlineData(-8, 0)]
    public void The_normal_distribution_function_is_that_of_the_tables(double z, double below) => Assert.Equal(below, Normal.Cumulative(z), 1e-7);
}
