using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Refuses histories that can't be: the models would answer them with nonsense.</summary>
internal static class HistoryCheck
{
    private const double Slack = 1e-9, MostPurchases = 1_000_000;

    /// <summary>Returns <paramref name="histories"/> when every row is possible.</summary>
    /// <exception cref="InvalidDataException">A row isn't; the message names the customer, the row and what is wrong.</exception>
    public static PurchaseHistories Possible(PurchaseHistories histories)
    {
        for (var row = 0; row < histories.Count; row++)
            if (Fault(histories[row]) is { } fault)
                throw new InvalidDataException($"Customer '{histories.CustomerIds[row]}' on row {row}: {fault}");
        return histories;
    }

    /// <summary>Returns <paramref name="history"/> when it is possible.</summary>
    /// <exception cref="InvalidDataException">It isn't; the message says what is wrong.</exception>
    public static PurchaseHistory Possible(PurchaseHistory history) =>
        Fault(history) is { } fault ? throw new InvalidDataException($"The purchase history isn't possible: {fault}") : history;

    /// <summary>Refuses a fit on nobody, or on customers of whom none bought twice.</summary>
    /// <exception cref="ArgumentException">There is nothing to learn from.</exception>
    public static void CanLearnFrom(PurchaseHistories histories)
    {
        Possible(histories);
        var again = histories.Frequency.Count(x => x > 0);
        if (histories.Count < 2 || again == 0)
            throw new ArgumentException(
                $"{histories.Count} customers, of whom {again} bought again: too few to learn purchase and dropout rates from. " +
                "Give the histories of many customers, some of whom came back, or move the cutoff later.", nameof(histories));
        if (histories.Age.All(age => age == 0))
            throw new ArgumentException("Every customer's age T is 0 weeks, so no rate can be learned. Move the cutoff later.", nameof(histories));
    }

    /// <summary>Refuses mean spends that aren't numbers.</summary>
    /// <exception cref="InvalidDataException">A mean isn't finite; the message names the customer.</exception>
    public static void FiniteSpend(PurchaseHistories histories)
    {
        for (var row = 0; row < histories.Count; row++)
            if (!double.IsFinite(histories.MeanSpend[row]) || !double.IsFinite(histories.MeanRepeatSpend[row]))
                throw new InvalidDataException(
                    $"Customer '{histories.CustomerIds[row]}' on row {row}: mean spend {Text(histories.MeanSpend[row])} (repeat purchases: {Text(histories.MeanRepeatSpend[row])}) " +
                    "isn't a finite amount. Leave the customer out or correct the amounts.");
    }

    private static string? Fault(PurchaseHistory h)
    {
        if (!(h.Frequency >= 0 && h.Frequency <= MostPurchases) || h.Frequency != Math.Floor(h.Frequency))
            return $"frequency {Text(h.Frequency)} isn't a whole number from 0 to {Text(MostPurchases)}. It counts the days with a purchase after the first.";
        if (!(h.Age >= 0 && double.IsFinite(h.Age)))
            return $"age {Text(h.Age)} weeks isn't a finite number from 0 up. It runs from the first purchase to the day before the cutoff.";
        if (!(h.Recency >= 0 && double.IsFinite(h.Recency)))
            return $"recency {Text(h.Recency)} weeks isn't a finite number from 0 up. It runs from the first purchase to the last.";
        if (h.Recency > h.Age + Slack)
            return $"recency {Text(h.Recency)} weeks is more than age {Text(h.Age)} weeks. Recency runs from the first purchase to the last, so it can't pass age. " +
                   "Check that both were computed at the same cutoff.";
        if (h.Frequency == 0 && h.Recency > 0)
            return $"recency is {Text(h.Recency)} weeks although there was no repeat purchase. Recency is 0 where frequency is 0.";
        return null;
    }

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
