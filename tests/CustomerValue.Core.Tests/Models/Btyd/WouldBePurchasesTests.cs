using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

public class WouldBePurchasesTests
{
    [Theory]
    [InlineData(0.243, 0.793, 2.426)]
    [InlineData(5.7, 0.15, 3.2)]
    [InlineData(41, 1, 1)]
    [InlineData(163, 1e-8, 1e-2)]
    [InlineData(2, 30, 4000)]
    [InlineData(0.9, 8, 0.02)]
    public void Series_and_integral_agree(double shape, double a, double b)
    {
        foreach (var y in new[] { 1e-6, 0.01, 0.3, 1, 5, 60 })
        {
            var series = WouldBePurchases.Expected(shape, a, b, y);
            Assert.Equal(series, WouldBePurchases.Integral(shape, a, b, y), 1e-11 * series);
        }
    }

    [Theory, InlineData(0, 0.243, 0.793, 2.426), InlineData(7, 0.9, 0.15, 3.2), InlineData(40, 2, 1e-8, 1e-2)]
    public void Tables_agree_with_the_series(int x, double r, double a, double b)
    {
        var table = WouldBePurchases.Tables([x], k => (r + k, a, b + k))[x]!;
        foreach (var y in new[] { 0, 1e-9, 0.01, 0.3, 0.34, 1, 2.9, 8.99 })
        {
            Assert.True(WouldBePurchases.Covers(y));
            var series = WouldBePurchases.Expected(r + x, a, b + x, y);
            Assert.Equal(series, table.Expected(y), 1e-13 * series);
        }
        Assert.False(WouldBePurchases.Covers(9.1));
    }

    [Fact]
    public void Very_long_horizons_over_very_short_histories_are_answered()
    {
        // 100 years ahead of a customer met today; the series would need millions of terms.
        var expected = WouldBePurchases.Expected(0.243, 0.793, 2.426, 5200 / 1e-3);
        Assert.True(double.IsFinite(expected) && expected > 0);
        Assert.True(expected > WouldBePurchases.Expected(0.243, 0.793, 2.426, 2600 / 1e-3));
    }
}
