using System.Globalization;
using CustomerValue.Evaluation;
using CustomerValue.Ingestion;

namespace CustomerValue.Charts;

/// <summary>Do customers come back, month after month?</summary>
public static class RetentionChart
{
    /// <summary>Customers by the month of their first order, and the share of them that ordered in each month after it.</summary>
    /// <param name="purchases">Order lines in any order; returns are no orders.</param>
    /// <param name="cutoff">Nothing dated on or after this day is read.</param>
    public static Chart Of(IEnumerable<Purchase> purchases, DateOnly cutoff) => Of(RetentionTable.Of(purchases, cutoff));

    /// <summary>The same of a table that is there already.</summary>
    /// <param name="table">Cohorts.</param>
    public static Chart Of(RetentionTable table)
    {
        var (cohorts, months) = (table.Cohorts, table.Cohorts.Select(c => c.Active.Count).DefaultIfEmpty(1).Max());
        // All order in their first month by definition; the colours are for the months after it.
        var most = cohorts.SelectMany(c => Enumerable.Range(1, c.Active.Count - 1).Select(c.Share)).DefaultIfEmpty(0).Max();
        double Mean(int after) => cohorts.Where(c => c.Active.Count > after).ToList() is { Count: > 0 } seen ? (double)seen.Sum(c => c.Active[after]) / seen.Sum(c => c.Customers) : double.NaN;
        return new(
            new Axis($"Months after the month of the first order", -0.5, months - 0.5) { Whole = true },
            Axis.Of($"First order in", [$"Customers"], [.. cohorts.Select(c => new AxisRow(Phrase.Name(Named(c)), [Phrase.Name(FigureText.Count(c.Customers))]))]))
        {
            Name = "retention",
            Words = new()
            {
                Title = $"Do customers come back?",
                Subtitle = $"{FigureText.Customers(cohorts.Sum(c => c.Customers))} by the month of their first order: the share with an order in each month after it, % in the cells; months that weren't seen whole are left out",
                Reading = months < 2 ? Phrase.Of($"No month after the first was seen whole.") : months > 6 ? Phrase.Of($"Of the customers, {FigureText.Share(Mean(1))} ordered again in the month after that of their first order, and {FigureText.Share(Mean(6))} in the sixth month after it.")
                    : $"Of the customers, {FigureText.Share(Mean(1))} ordered again in the month after that of their first order.",
                Description = Phrase.Join(" ", cohorts.Select(c => Phrase.Of($"{Named(c)}, {FigureText.Customers(c.Customers)}: {Phrase.Join(", ", Enumerable.Range(1, c.Active.Count - 1).Select(after => FigureText.Share(c.Share(after))))}."))),
            },
            Cells = new([.. Enumerable.Range(0, months).Select(m => (double)m)], [.. cohorts.Select((_, row) => (double)row)],
                [.. cohorts.Select(c => (IReadOnlyList<Cell?>)[.. Enumerable.Range(0, months).Select(after => after < c.Active.Count ? Told(c, after) : null)])]),
            Colors = new($"Customers with an order, % of those who began", $"0 %", FigureText.Share(most), ColorScale.Depth),
            Absence = cohorts.Count == 0 ? Phrase.Of($"No month with a first order was seen whole.") : null,
        };

        Cell Told(RetentionCohort c, int after) => new(most > 0 ? Math.Min(1, c.Share(after) / most) : 0, FigureText.Percent(c.Share(after)),
            $"first order in {Named(c)}, {after} months later: {FigureText.Count(c.Active[after])} of {FigureText.Customers(c.Customers)} ordered ({FigureText.Share(c.Share(after))})");
    }

    private static string Named(RetentionCohort cohort) => cohort.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
