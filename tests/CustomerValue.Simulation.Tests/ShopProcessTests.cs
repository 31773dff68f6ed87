using CustomerValue.Simulation;

namespace CustomerValue.Tests.Simulation;

public class ShopProcessTests
{
    [Fact]
    public void Refuses_shares_that_are_none()
    {
        Assert.Contains("RegularityShares needs one to 20 shares", Assert.Throws<ArgumentException>(() => new ShopProcess { RegularityShares = [] }).Message, StringComparison.Ordinal);
        Assert.Contains("given: 1, -1, 0", Assert.Throws<ArgumentException>(() => new ShopProcess { LanguageShares = [1, -1, 0] }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_constants_out_of_range_by_name() =>
        Assert.Contains("RateShape must lie between 0.1 and 100", Assert.Throws<ArgumentOutOfRangeException>(() => new ShopProcess { RateShape = 0 }).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_dropout_and_visitors_everyone_stays()
    {
        var options = new ShopOptions { Customers = 200, Process = new() { MeanHazard = 0, VisitorShare = 0 } };
        Assert.All(new ShopSimulator(options).Customers(), c => Assert.Null(c.Truth.DroppedOut));
    }

    [Fact]
    public void One_language_can_be_all_there_is()
    {
        var options = new ShopOptions { Customers = 200, Process = new() { LanguageShares = [0, 1, 0] } };
        Assert.All(new ShopSimulator(options).Customers().SelectMany(c => c.Reviews), r => Assert.DoesNotMatch("[\u4e00-\u9fff]", r.Text));
    }
}
