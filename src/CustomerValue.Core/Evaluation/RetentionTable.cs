using CustomerValue.Ingestion;

namespace CustomerValue.Evaluation;

/// <summary>Customers by the month of their first order, and how many of them ordered in each month after it.</summary>
/// <param name="Cohorts">Oldest first; months in which nobody came are left out.</param>
public sealed record RetentionTable(IReadOnlyList<RetentionCohort> Cohorts)
{
    /// <summary>Counts the customers of <paramref name="purchases"/>.</summary>
    /// <param name="purchases">Order lines in any order; returns are no orders.</param>
    /// <param name="cutoff">Nothing dated on or after this day is read; the month that it falls in is told only where it is the month's first day, for the month before.</param>
    public static RetentionTable Of(IEnumerable<Purchase> purchases, DateOnly cutoff)
    {
        var end = cutoff.ToDateTime(TimeOnly.MinValue);
        var months = purchases.Where(p => !p.IsReturn && p.At < end).GroupBy(p => p.CustomerId, p => Month(DateOnly.FromDateTime(p.At)), StringComparer.Ordinal).Select(c => c.Distinct().Order().ToArray()).ToList();
        return new([.. months.GroupBy(m => m[0]).OrderBy(c => c.Key).Where(c => c.Key < Month(cutoff)).Select(cohort => new RetentionCohort(
            new DateOnly(cohort.Key / 12, cohort.Key % 12 + 1, 1), cohort.Count(), [.. Enumerable.Range(0, Month(cutoff) - cohort.Key).Select(after => cohort.Count(m => m.Contains(cohort.Key + after)))]))]);
    }

    private static int Month(DateOnly day) => 12 * day.Year + day.Month - 1;
}

/// <summary>Customers who first ordered in one month.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="Customers">How many they are.</param>
/// <param name="Active">[months after the first, from 0]: how many ordered in it; up to the last month that was seen whole.</param>
public sealed record RetentionCohort(DateOnly Month, int Customers, IReadOnlyList<int> Active)
{
    /// <summary>The share of the cohort that ordered in a month after its first.</summary>
    public double Share(int after) => (double)Active[after] / Customers;
}
