namespace CustomerValue.Simulation.Behaviour;

/// <summary>s(t): how much more than on an average day is ordered on a date, by month, weekday and shopping festival.</summary>
internal static class Season
{
    // Mean 1 over the year: low around the Spring Festival, high in May, June, and from September to December.
    private static readonly double[] s_months = [0.86, 0.74, 0.92, 0.95, 1.04, 1.10, 0.92, 0.90, 1.00, 1.04, 1.35, 1.18];

    // Monday first; mean 1.
    private static readonly double[] s_weekdays = [0.94, 0.90, 0.91, 0.94, 1.02, 1.17, 1.12];

    /// <summary>The factor on the order rate.</summary>
    public static double Factor(DateOnly date)
    {
        // Between the middles of two months the factor moves in a straight line.
        var month = date.Month - 1;
        var position = (date.Day - 0.5) / DateTime.DaysInMonth(date.Year, date.Month) - 0.5;
        var neighbour = (month + (position < 0 ? 11 : 1)) % 12;
        var yearly = s_months[month] + Math.Abs(position) * (s_months[neighbour] - s_months[month]);
        return yearly * s_weekdays[((int)date.DayOfWeek + 6) % 7] * (IsFestival(date) ? 2.2 : 1);
    }

    /// <summary>Days on which everyone gives discounts: 18 June, 11 November, 12 December.</summary>
    public static bool IsFestival(DateOnly date) => (date.Month, date.Day) is (6, 18) or (11, 11) or (12, 12);
}
