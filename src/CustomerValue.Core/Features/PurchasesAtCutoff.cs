using CustomerValue.Ingestion;

namespace CustomerValue.Features;

/// <summary>Purchase histories straight from records in memory; the warehouse's feature set purchase_history computes the same for any number of them.</summary>
public static class PurchasesAtCutoff
{
    /// <summary>What each customer had bought before <paramref name="cutoff"/>, in order of customer id.</summary>
    /// <param name="purchases">Order lines in any order; returns are left out, as they are no purchases.</param>
    /// <param name="cutoff">Nothing dated on or after this day is read.</param>
    /// <returns>Customers with an order before the cutoff; an order's time is that of its first line, orders of one day are one purchase.</returns>
    /// <exception cref="InvalidOperationException">The purchases are in several currencies.</exception>
    public static PurchaseHistories HistoriesAt(this IEnumerable<Purchase> purchases, DateOnly cutoff)
    {
        var start = cutoff.ToDateTime(TimeOnly.MinValue);
        var orders = new Dictionary<(string Customer, string Order), (DateTime At, Money Amount)>();
        foreach (var line in purchases)
        {
            if (line.At >= start || line.IsReturn) continue;
            var key = (line.CustomerId, line.OrderId);
            orders[key] = orders.TryGetValue(key, out var order) ? (order.At < line.At ? order.At : line.At, order.Amount + line.Amount) : (line.At, line.Amount);
        }
        if (orders.Values.Select(o => o.Amount.Currency).Distinct().Order(StringComparer.Ordinal).ToArray() is { Length: > 1 } several)
            throw new InvalidOperationException($"The purchases are in {string.Join(", ", several)}, and different currencies are never added. Keep those of one currency.");

        var customers = orders.GroupBy(o => o.Key.Customer).OrderBy(c => c.Key, StringComparer.Ordinal).ToArray();
        var histories = new PurchaseHistories([.. customers.Select(c => c.Key)],
            new double[customers.Length], new double[customers.Length], new double[customers.Length], new double[customers.Length], new double[customers.Length]);
        for (var i = 0; i < customers.Length; i++)
        {
            var days = customers[i].GroupBy(o => DateOnly.FromDateTime(o.Value.At)).OrderBy(d => d.Key)
                .Select(d => (Day: d.Key.DayNumber, Spend: d.Sum(o => o.Value.Amount.Amount))).ToArray();
            var spend = days.Sum(d => d.Spend);
            histories.Frequency[i] = days.Length - 1;
            histories.Recency[i] = (days[^1].Day - days[0].Day) / 7.0;
            histories.Age[i] = (cutoff.DayNumber - 1 - days[0].Day) / 7.0;
            histories.MeanSpend[i] = (double)spend / days.Length;
            histories.MeanRepeatSpend[i] = days.Length > 1 ? (double)(spend - days[0].Spend) / (days.Length - 1) : 0;
        }
        return histories;
    }
}
