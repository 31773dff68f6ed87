using CustomerValue.Models.Btyd;
using FsCheck.Fluent;

namespace CustomerValue.Tests.Models.Btyd;

public class HypergeometricTests
{
    [Theory]                                                                 // mpmath 1.3 in 60 digits
    [InlineData(2.243, 4.426, 4.219, 0.46764, 4.4457824575419263)]
    [InlineData(123.6, 5.5, 6.5, 0.3, 1.3463300499882565e+18)]
    [InlineData(0.5, 1, 1.5, -4, 0.55357435889704525)]
    [InlineData(2.5, 3.5, 5.25, 0.97, 90.226395815081074)]
    [InlineData(0.7, -0.207, 2.2, -30, 1.5397262229922635)]
    [InlineData(-3, 2, 4, 0.8, 0.2736)]
    public void Values_are_those_in_60_digits(double a, double b, double c, double z, double expected) => Assert.Equal(expected, Hypergeometric.F(a, b, c, z), 1e-12 * expected);

    [Fact]
    public void A_value_beyond_a_double_still_has_its_logarithm()           // 1.74e410
    {
        Assert.Equal(944.61201850514954, Hypergeometric.Log(901, 3.2, 3.4, 0.65), 1e-10);
        Assert.Contains("Take Hypergeometric.Log", Assert.Throws<OverflowException>(() => Hypergeometric.F(901, 3.2, 3.4, 0.65)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Euler_and_Pfaff_agree_with_the_series()
    {
        foreach (var z in new[] { -20, -0.5, 0, 0.3, 0.6, 0.9 })
            Assert.Equal(Math.Pow(1 - z, -1.7), Hypergeometric.F(1.7, 2.2, 2.2, z), 1e-12 * Math.Pow(1 - z, -1.7));
    }

    [Fact]
    public void Neighbours_obey_the_contiguous_relation()                     // (b - a) F + a F(a+1) - b F(b+1) = 0; Abramowitz and Stegun, 15.2.14
    {
        var examples =
            from a in Property.Between(0.01, 200)
            from b in Property.Between(0.01, 20)
            from c in Property.Between(0.01, 20)
            from z in Property.Between(1e-4, 0.98)
            select (a, b, c, z);
        Property.Holds(examples, example =>
        {
            var (a, b, c, z) = example;
            // Relative to the largest of the three, as the function may pass the range of a double.
            var (here, byA, byB) = (Hypergeometric.Log(a, b, c, z), Hypergeometric.Log(a + 1, b, c, z), Hypergeometric.Log(a, b + 1, c, z));
            var most = Math.Max(byA, byB);
            Assert.Equal(0, ((b - a) * Math.Exp(here - most) + a * Math.Exp(byA - most) - b * Math.Exp(byB - most)) / (a + b), 1e-10);
        });
    }

    [Theory, InlineData(1), InlineData(1.5), InlineData(double.NaN)]
    public void Arguments_from_1_up_are_refused(double z) => Assert.Throws<ArgumentOutOfRangeException>(() => Hypergeometric.F(1, 1, 2, z));
}
