using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

public class GammaFunctionsTests
{
    [Theory]                                                                 // mpmath 1.3 in 60 digits
    [InlineData(1e-6, 13.815509980749432, -1000000.57721402, 1000000000001.6449)]
    [InlineData(0.243, 1.3180435846996698, -4.3510938644232106, 18.141779787095829)]
    [InlineData(1, 0.0, -0.57721566490153286, 1.6449340668482264)]
    [InlineData(1.4616, -0.12148629003589733, -3.110625123035162e-5, 0.96770071146508355)]
    [InlineData(7.99, 8.5050116060884807, 2.0143092220462238, 0.1333142456598576)]
    [InlineData(8, 8.5251613610654143, 2.01564147795561, 0.13313701469403143)]
    [InlineData(57.5, 174.37212981874515, 4.0430640916027097, 0.017543409716574621)]
    [InlineData(123456.5, 1323898.630662737, 11.723640096268135, 8.1000518402874905e-6)]
    public void Values_are_those_in_60_digits(double x, double logGamma, double digamma, double trigamma)
    {
        Assert.Equal(logGamma, GammaFunctions.LogGamma(x), 1e-14 * Math.Max(1, Math.Abs(logGamma)));
        Assert.Equal(digamma, GammaFunctions.Digamma(x), 1e-14 * Math.Max(1, Math.Abs(digamma)));
        Assert.Equal(trigamma, GammaFunctions.Trigamma(x), 1e-14 * Math.Max(1, trigamma));
    }

    [Theory, InlineData(0.3, 5), InlineData(1e-8, 1), InlineData(1e5, 3), InlineData(2.5, 200), InlineData(2.5, 1.5)]
    public void The_rising_factorial_is_the_difference_of_two_logarithms(double x, double n) =>
        Assert.Equal(GammaFunctions.LogGamma(x + n) - GammaFunctions.LogGamma(x), GammaFunctions.LogRising(x, n), 1e-9);
}
