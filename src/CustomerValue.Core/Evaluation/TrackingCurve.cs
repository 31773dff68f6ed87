using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Evaluation;

/// <summary>Repeat orders of all customers together, week by week, as they came and as a model expects them.</summary>
/// <param name="Start">The first day.</param>
/// <param name="CutoffWeek">Weeks from the first day to the cutoff: what lies after it the model hasn't seen.</param>
/// <param name="Weeks">[weeks]: counted up to the end of each week, the first week first.</param>
public sealed record TrackingCurve(DateOnly Start, double CutoffWeek, IReadOnlyList<TrackedWeek> Weeks)
{
    /// <summary>Follows the customers with an order before the cutoff, from the first of them to the end of the horizon.</summary>
    /// <param name="purchases">Order lines in any order; returns are no orders, and orders of one customer on one day are one.</param>
    /// <param name="model">Fitted on the histories at the cutoff. What it expects is of customers as they come, from the day of their first order on, whatever they did then.</param>
    /// <param name="split">Cutoff and horizon; only whole weeks are told.</param>
    /// <remarks>Fader, Hardie and Lee (2005): the sum over customers of E[X(t - day of the first order)].</remarks>
    public static TrackingCurve Of(IEnumerable<Purchase> purchases, IPurchaseModel model, CalibrationSplit split)
    {
        var cutoff = split.Cutoff.DayNumber;
        var days = purchases.Where(p => !p.IsReturn).GroupBy(p => p.CustomerId, p => DateOnly.FromDateTime(p.At).DayNumber, StringComparer.Ordinal)
            .Select(c => c.Distinct().Order().ToArray()).Where(d => d[0] < cutoff).ToList();
        if (days.Count == 0) return new(split.Cutoff, 0, []);
        var start = days.Min(d => d[0]);
        var weeks = (int)((cutoff - start + 7 * split.HorizonWeeks) / 7);
        var (orders, comers) = (new int[7 * weeks + 1], new int[7 * weeks + 1]);
        foreach (var customer in days)
        {
            if (customer[0] - start < comers.Length) comers[customer[0] - start]++;
            foreach (var day in customer.Skip(1).Where(d => d - start < 7 * weeks)) orders[day - start]++;
        }
        double[] expected = [.. Enumerable.Range(0, 7 * weeks).Select(age => model.ExpectedPurchases(new PurchaseHistories(["new"], [0], [0], [0], [0], [0]), (age + 1) / 7.0)[0])];
        var (told, actual) = (new TrackedWeek[weeks], 0);
        for (var week = 1; week <= weeks; week++)
        {
            for (var day = 7 * (week - 1); day < 7 * week; day++) actual += orders[day];
            var sum = 0.0;
            // The day of the first order is over before repeat orders can come: whoever came on the last day has none yet.
            for (var day = 0; day < 7 * week - 1; day++) if (comers[day] > 0) sum += comers[day] * expected[7 * week - 2 - day];
            told[week - 1] = new(week, actual, sum);
        }
        return new(DateOnly.FromDayNumber(start), (cutoff - start) / 7.0, told);
    }
}

/// <summary>Repeat orders by the end of a week.</summary>
/// <param name="Week">Which, from 1.</param>
/// <param name="Actual">Repeat orders so far.</param>
/// <param name="Expected">Repeat orders expected so far.</param>
public readonly record struct TrackedWeek(int Week, int Actual, double Expected);
