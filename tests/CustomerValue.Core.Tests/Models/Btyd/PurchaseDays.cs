using CustomerValue.Features;

namespace CustomerValue.Tests.Models.Btyd;

/// <summary>Histories and windows from single purchases, by plain loops.</summary>
internal static class PurchaseDays
{
    /// <summary>Histories at the cutoff of all who bought before it, days bought and spend in [cutoff, end), in order of customer.</summary>
    public static (PurchaseHistories Histories, double[] Days, double[] Spend) Split(
        IEnumerable<(string Customer, DateOnly Day, double Spend)> purchases, DateOnly cutoff, DateOnly end)
    {
        var customers = purchases.GroupBy(p => p.Customer).OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => (Id: c.Key, Days: c.GroupBy(p => p.Day).Select(d => (Day: d.Key, Spend: d.Sum(p => p.Spend))).OrderBy(d => d.Day).ToList()))
            .Where(c => c.Days[0].Day < cutoff).ToList();
        var before = customers.Select(c => c.Days.Where(d => d.Day < cutoff).ToList()).ToList();
        var after = customers.Select(c => c.Days.Where(d => d.Day >= cutoff && d.Day < end).ToList()).ToList();
        var histories = new PurchaseHistories(
            [.. customers.Select(c => c.Id)],
            [.. before.Select(d => d.Count - 1.0)],
            [.. before.Select(d => (d[^1].Day.DayNumber - d[0].Day.DayNumber) / 7.0)],
            [.. before.Select(d => (cutoff.DayNumber - 1 - d[0].Day.DayNumber) / 7.0)],
            [.. before.Select(d => d.Count > 1 ? d.Skip(1).Average(p => p.Spend) : 0)],
            [.. before.Select(d => d.Average(p => p.Spend))]);
        return (histories, [.. after.Select(d => (double)d.Count)], [.. after.Select(d => d.Sum(p => p.Spend))]);
    }
}
