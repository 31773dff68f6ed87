using CustomerValue.Evaluation;

namespace CustomerValue.Tests.Evaluation;

public class CalibrationGroupTests
{
    [Theory]                                                       // Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void The_interval_of_a_rate_is_the_published_one(int events, int customers, double low, double high)
    {
        var interval = new CalibrationGroup(customers, 0.5, (double)events / customers).RateInterval();
        Assert.Equal((low, high), (Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
    }

    [Fact]
    public void All_and_none_mirror_each_other()
    {
        var (none, all) = (new CalibrationGroup(12, 0.5, 0).RateInterval(), new CalibrationGroup(12, 0.5, 1).RateInterval());
        Assert.Equal((1 - none.High, 1 - none.Low), (all.Low, all.High));
    }
}
