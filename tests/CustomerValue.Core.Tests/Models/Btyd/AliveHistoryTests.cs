using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

public class AliveHistoryTests
{
    private static readonly BgNbdModel s_model = new(0.243, 4.414, 0.793, 2.426);
    private static readonly Purchase[] s_purchases = [Line(2), Line(9), Line(9), Line(30)];

    [Fact]
    public void Every_evening_is_what_the_model_says_of_the_history_at_that_cutoff()
    {
        var days = AliveHistory.Of(s_model, s_purchases, new(2024, 2, 10)).Days;
        Assert.Equal(new DateOnly(2024, 1, 2), days[0].Day);
        Assert.Equal(new DateOnly(2024, 2, 9), days[^1].Day);
        Assert.Equal([2, 9, 30], days.Where(d => d.Ordered).Select(d => d.Day.Day));
        Assert.All(days, d => Assert.Equal(s_model.ProbabilityAlive(s_purchases.HistoriesAt(d.Day.AddDays(1)))[0], d.ProbabilityAlive));
    }

    [Fact]
    public void Silence_makes_it_fall_and_BG_NBD_calls_who_never_came_back_alive()
    {
        var days = AliveHistory.Of(s_model, s_purchases, new(2024, 6, 1)).Days;
        Assert.All(days.Take(7), d => Assert.Equal(1, d.ProbabilityAlive, 1e-12));
        var silent = days.Where(d => d.Day > new DateOnly(2024, 1, 30)).Select(d => d.ProbabilityAlive).ToList();
        Assert.Equal(silent.OrderDescending(), silent);
    }

    [Fact]
    public void Nothing_from_the_cutoff_on_is_read_and_one_customer_is_one()
    {
        Assert.Empty(AliveHistory.Of(s_model, s_purchases, new(2024, 1, 2)).Days);
        Assert.Throws<ArgumentException>(() => AliveHistory.Of(s_model, [.. s_purchases, Line(3) with { CustomerId = "ben" }], new(2024, 2, 1)));
    }

    private static Purchase Line(int day) => new("ann", $"o{day}", new(2024, 1, day), "p", "", "", 1, 1, "EUR", false);
}
