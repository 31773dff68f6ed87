using System.Globalization;
using System.Text;
using CustomerValue.Packaging.Scoring;

namespace CustomerValue.Tests.Packaging.Scoring;

public class NumberTextTests
{
    [Fact]
    public void Numbers_are_read_as_the_runtime_reads_them()
    {
        var chance = new Random(1);
        for (var i = 0; i < 200_000; i++)
        {
            var value = (i % 4) switch
            {
                0 => BitConverter.Int64BitsToDouble(chance.NextInt64()),
                1 => chance.NextDouble(),
                2 => Math.Round(chance.NextDouble() * 1e6, chance.Next(6)),
                _ => chance.Next(-1000, 1000),
            };
            if (!double.IsFinite(value)) continue;
            var text = value.ToString(i % 3 == 0 ? "F12" : "R", CultureInfo.InvariantCulture);
            Assert.True(NumberText.TryParse(Encoding.UTF8.GetBytes(text), out var read));
            Assert.Equal(BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)), BitConverter.DoubleToInt64Bits(read));
        }
    }

    [Theory]
    [InlineData("9007199254740993")]                       // half-way between two doubles, to the even one
    [InlineData("9007199254740995")]
    [InlineData("9007199254740992.5")]
    [InlineData("1844674407370955161")]
    [InlineData("9999999999999999999")]
    [InlineData("0.9999999999999999999")]
    [InlineData("0.000000000012345678")]
    [InlineData("-0.14285714285714285")]
    [InlineData("-0")]
    [InlineData("1e-320")]
    [InlineData("123456789012345678901234567890")]
    public void Hard_cases_too(string text)
    {
        Assert.True(NumberText.TryParse(Encoding.UTF8.GetBytes(text), out var read));
        Assert.Equal(BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)), BitConverter.DoubleToInt64Bits(read));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1.2.3")]
    [InlineData("12a")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    public void What_is_no_number_is_none(string text) => Assert.False(NumberText.TryParse(Encoding.UTF8.GetBytes(text), out _));
}
