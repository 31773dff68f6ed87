using CustomerValue.Ingestion;

namespace CustomerValue.Models.Btyd;

/// <summary>How alive one customer looked, day by day.</summary>
/// <param name="Days">From the day of the first order to the day before the cutoff; empty for a customer without an order.</param>
public sealed record AliveHistory(IReadOnlyList<AliveDay> Days)
{
    /// <summary>Asks the model on the evening of every day what it made of the orders by then.</summary>
    /// <param name="model">The model, as it was fitted: the same on all days.</param>
    /// <param name="purchases">One customer's order lines; returns are no orders.</param>
    /// <param name="cutoff">Nothing dated on or after this day is read.</param>
    /// <exception cref="ArgumentException">The purchases are of several customers.</exception>
    public static AliveHistory Of(IPurchaseModel model, IEnumerable<Purchase> purchases, DateOnly cutoff)
    {
        var end = cutoff.ToDateTime(TimeOnly.MinValue);
        var lines = purchases.Where(p => !p.IsReturn && p.At < end).ToList();
        if (lines.Select(p => p.CustomerId).Distinct(StringComparer.Ordinal).Count() > 1)
            throw new ArgumentException("The purchases are of several customers. Keep those of one: purchases.Where(p => p.CustomerId == id).", nameof(purchases));
        var orders = lines.Select(p => DateOnly.FromDateTime(p.At).DayNumber).ToHashSet();
        if (orders.Count == 0) return new([]);
        var first = orders.Min();
        var count = cutoff.DayNumber - first;
        var (frequency, recency, age, nothing) = (new double[count], new double[count], new double[count], new double[count]);
        for (var (day, last, x) = (0, 0, -1); day < count; day++)
        {
            if (orders.Contains(first + day)) (last, x) = (day, x + 1);
            (frequency[day], recency[day], age[day]) = (x, last / 7.0, day / 7.0);
        }
        var alive = model.ProbabilityAlive(new([.. Enumerable.Repeat(lines[0].CustomerId, count)], frequency, recency, age, nothing, nothing));
        return new([.. alive.Select((p, day) => new AliveDay(DateOnly.FromDayNumber(first + day), p, orders.Contains(first + day)))]);
    }
}

/// <summary>The evening of a day.</summary>
/// <param name="Day">Which.</param>
/// <param name="ProbabilityAlive">That the customer hasn't stopped for good.</param>
/// <param name="Ordered">Whether there was an order on that day.</param>
public readonly record struct AliveDay(DateOnly Day, double ProbabilityAlive, bool Ordered);
