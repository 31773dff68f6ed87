using System.Globalization;
using CustomerValue.Ingestion;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Charts;

/// <summary>When did one customer seem to be lost?</summary>
public static class AliveChart
{
    /// <summary>The probability that a customer is alive on the evening of each day, and their orders.</summary>
    /// <param name="model">Who answers.</param>
    /// <param name="purchases">The customer's order lines; returns are no orders.</param>
    /// <param name="cutoff">Nothing dated on or after this day is read.</param>
    /// <exception cref="ArgumentException">The purchases are of several customers.</exception>
    public static Chart Of(IPurchaseModel model, IEnumerable<Purchase> purchases, DateOnly cutoff)
    {
        var lines = purchases.ToList();
        var days = AliveHistory.Of(model, lines, cutoff).Days;
        var orders = days.Count(d => d.Ordered);
        var customer = lines.Count == 0 ? Phrase.Of($"the customer") : Phrase.Name(lines[0].CustomerId);
        ChartPoint Point(AliveDay day, int number) => new(number / 7.0, day.ProbabilityAlive, day.Ordered ? Phrase.Of($"{Day(day.Day)}: {FigureText.Share(day.ProbabilityAlive)}, an order") : $"{Day(day.Day)}: {FigureText.Share(day.ProbabilityAlive)}");
        return new(new Axis($"Weeks since the first order", 0, Math.Max(1, (days.Count - 1) / 7.0)), new Axis($"Probability of being alive, %", 0, 1) { Kind = FigureKind.Share })
        {
            Name = "alive",
            Words = new()
            {
                Title = $"Is this customer still one?",
                Subtitle = days.Count == 0 ? customer : $"{customer}, {Day(days[0].Day)} to {Day(days[^1].Day)}: {orders} days with an order",
                Reading = days.Count == 0 ? Phrase.Of($"No orders.") : $"On {Day(days[^1].Day)} {customer}, who ordered on {orders} days, is alive with a probability of {FigureText.Share(days[^1].ProbabilityAlive)}.",
                Description = days.Count == 0 ? Phrase.Of($"No orders.") : $"{Phrase.Join("; ", Groups.Sample(days.Count, 12).Append(days.Count - 1).Distinct().Select(i => Point(days[i], i).Text!))}.",
            },
            Series =
            [
                new($"probability alive", Role.Winner, [.. days.Select(Point)]) { Joined = true, Legend = $"probability of being alive" },
                new($"orders", Role.Baseline, [.. days.Select((day, i) => (day, i)).Where(d => d.day.Ordered).Select(d => Point(d.day, d.i))]) { Marked = true, Legend = $"orders" },
            ],
            Absence = days.Count == 0 ? Phrase.Of($"The customer hadn't ordered by then.") : null,
        };

        static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
