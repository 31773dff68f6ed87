using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

public class IncompleteBetaTests
{
    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(3, 1e-4)]
    [InlineData(40, 7.5)]
    [InlineData(1e9, 4)]
    [InlineData(1800, 1900)]
    [InlineData(2500, 2100)]                                                  // summed by quadrature
    [InlineData(5e6, 3e5)]
    public void It_obeys_its_recurrence(double a, double b)                  // I_u(a, b) - I_u(a+1, b) = u^a (1-u)^b / (a B(a, b)); Abramowitz and Stegun, 26.5.16
    {
        var spread = Math.Sqrt(1 / a + 1 / b);
        foreach (var sigmas in new[] { -3, -1, -0.2, 0, 0.2, 1, 3 })
        {
            var v = Math.Log(a / b) + sigmas * Math.Min(spread, 20);
            var jump = Math.Exp(-a * Special.Softplus(-v) - b * Special.Softplus(v) - GammaFunctions.LogBeta(a, b)) / a;
            Assert.Equal(jump, IncompleteBeta.Lower(a, b, v) - IncompleteBeta.Lower(a + 1, b, v), 1e-10);
            Assert.Equal(1, IncompleteBeta.Lower(a, b, v) + IncompleteBeta.Lower(b, a, -v), 1e-11);
        }
    }

    [Theory, InlineData(0.3), InlineData(5), InlineData(1e6)]
    public void With_a_parameter_of_one_it_is_a_power(double a)
    {
        foreach (var v in new[] { -30.0, -2, 0, 3, 12 })
        {
            Assert.Equal(Math.Exp(-a * Special.Softplus(-v)), IncompleteBeta.Lower(a, 1, v), 1e-12);
            Assert.Equal(-Special.ExpM1(-a * Special.Softplus(v)), IncompleteBeta.Lower(1, a, v), 1e-12);
        }
    }

    [Fact]
    public void It_is_the_tail_of_a_binomial_distribution()                   // P(K ≥ k) = I_u(k, n - k + 1); 26.5.24: 16 heads or more in 20 throws
    {
        Assert.Equal(6196.0 / 1048576, IncompleteBeta.Lower(16, 5, 0), 1e-14);
        Assert.Equal(1.0 / 1024, IncompleteBeta.Lower(10, 1, 0), 1e-15);
    }

    [Fact]
    public void Both_ways_of_computing_meet()
    {
        foreach (var v in new[] { -0.08, -0.01, 0, 0.02, 0.1 })
            Assert.Equal(IncompleteBeta.Lower(1999.999, 1999.999, v), IncompleteBeta.Lower(2000.001, 2000.001, v), 1e-6);
    }

    [Fact]
    public void The_logarithm_of_the_beta_function_keeps_its_digits()
    {
        Assert.Equal(Math.Log(720.0 / (12.0 * 13 * 14 * 15 * 16 * 17 * 18)), GammaFunctions.LogBeta(12, 7), 1e-13);       // 11! 6! / 18!
        Assert.Equal(Math.Log(6) - 4 * Math.Log(1e14), GammaFunctions.LogBeta(4, 1e14), 1e-11);                           // 3! / (n (n+1) (n+2) (n+3))
    }
}
