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
        var options = new ShopOptions { Customers = 200, Process = new() { MeanHazard = 0, ColdShare = 0 } };
        Assert.All(new ShopSimulator(options).Customers(), c => Assert.Null(c.Truth.DroppedOut));
    }

    [Fact]
    public void One_language_can_be_all_there_is()
    {
        var options = new ShopOptions { Customers = 200, Process = new() { LanguageShares = [0, 1, 0] } };
        Assert.All(new ShopSimulator(options).Customers().SelectMany(c => c.Reviews), r => Assert.DoesNotMatch("[\u4e00-\u9fff]", r.Text));
    }

    [Fact]
    public void The_cold_join_without_an_order_are_seen_and_order_later_or_never()
    {
        var options = new ShopOptions { Customers = 2_000, Seed = 8, Process = new() { ColdShare = 0.4, VisitorShare = 0.25 } };
        List<SimulatedCustomer> customers = [.. new ShopSimulator(options).Customers()], cold = [.. customers.Where(c => c.Truth.Cold)];
        Assert.InRange(cold.Count, 740, 860);
        Assert.InRange(cold.Count(c => c.Truth.Visitor), 165, 235);
        foreach (var customer in cold)
        {
            Assert.Equal(customer.Truth.Joined, DateOnly.FromDateTime(customer.Browsing[0].At));
            Assert.All(customer.Purchases, p => Assert.True(DateOnly.FromDateTime(p.At) > customer.Truth.Joined && !customer.Truth.Visitor));
            Assert.All(customer.Contacts, c => Assert.True(c.At > customer.Purchases[0].At.Date));
        }
        foreach (var customer in customers.Where(c => !c.Truth.Cold))
        {
            Assert.Equal(customer.Truth.Joined, DateOnly.FromDateTime(customer.Purchases[0].At));
            Assert.True(customer.Browsing.Count == 0 || DateOnly.FromDateTime(customer.Browsing[0].At) >= customer.Truth.Joined && !customer.Truth.Visitor);
        }
        // Their first order comes by the clock: of those without dropout whom a year was left, about as many have ordered as of all gaps of that length are over.
        var stay = new ShopOptions { Customers = 1_000, Seed = 9, Process = new() { ColdShare = 1, VisitorShare = 0, MeanHazard = 0, FeelingWeight = 0, RegularityShares = [1] } };
        var joined = new ShopSimulator(stay).Customers().Where(c => c.Truth.Joined < stay.Start.AddDays(300)).ToList();
        var waiting = joined.Average(c => c.Purchases.Any(p => p.At < c.Truth.Joined.AddDays(365).ToDateTime(TimeOnly.MinValue)) ? 0 : 1.0);
        var expected = Math.Pow(1 + 365 * stay.Process.MeanRate / stay.Process.RateShape, -stay.Process.RateShape);       // the mean of exp(-365 λ) over the gamma
        Assert.Equal(expected, waiting, 4 * Math.Sqrt(expected * (1 - expected) / joined.Count));
        // Those who ask before they buy say what they mean to do.
        var asked = cold.Where(c => c.Truth.Texts.Any(t => c.Purchases.Count == 0 || t.At < c.Purchases[0].At)).ToLookup(c => c.Truth.Texts[0].Intent == "restock");
        Assert.True(asked[true].Average(c => c.Purchases.Count > 0 ? 1.0 : 0) > asked[false].Average(c => c.Purchases.Count > 0 ? 1.0 : 0) + 0.1);
    }

    [Fact]
    public void The_more_noise_the_less_texts_say_and_nothing_else_changes()
    {
        // How far the stars of 400 customers' reviews go with the mood that they were written from.
        (double Told, List<SimulatedCustomer> Customers) Shop(double noise)
        {
            List<SimulatedCustomer> customers = [.. new ShopSimulator(new() { Customers = 400, Process = new() { TextNoise = noise } }).Customers()];
            var told = customers.SelectMany(c => c.Reviews.Zip(c.Truth.Texts.Where(t => t.Kind == "review"))).Where(x => x.First.Stars > 0).Select(x => ((double)x.First.Stars, x.Second.Mood)).ToList();
            var (stars, mood) = (told.Average(x => x.Item1), told.Average(x => x.Mood));
            return (told.Sum(x => (x.Item1 - stars) * (x.Mood - mood)) / Math.Sqrt(told.Sum(x => (x.Item1 - stars) * (x.Item1 - stars)) * told.Sum(x => (x.Mood - mood) * (x.Mood - mood))), customers);
        }
        var (none, some, much) = (Shop(0), Shop(3), Shop(10));
        Assert.True(none.Told > some.Told + 0.03 && some.Told > much.Told + 0.1, $"{none.Told}, {some.Told}, {much.Told}");
        foreach (var (quiet, loud) in none.Customers.Zip(much.Customers))
        {
            Assert.Equal(quiet.Purchases.Select(p => (p.OrderId, p.At, p.ProductId, p.Quantity)), loud.Purchases.Select(p => (p.OrderId, p.At, p.ProductId, p.Quantity)));
            Assert.Equal(quiet.Browsing, loud.Browsing);
            Assert.Equal(quiet.Truth.Texts.Select(t => (t.Kind, t.Mood, t.Loyalty, t.Intent)), loud.Truth.Texts.Select(t => (t.Kind, t.Mood, t.Loyalty, t.Intent)));
        }
    }
}
