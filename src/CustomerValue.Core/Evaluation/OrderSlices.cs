using CustomerValue.Features;

namespace CustomerValue.Evaluation;

/// <summary>Customers of a table who have something in common.</summary>
/// <param name="Key">Name in results and trackers.</param>
/// <param name="Rows">Their rows, ascending.</param>
public sealed record CustomerSlice(string Key, IReadOnlyList<int> Rows);

/// <summary>Customers by how often they had ordered before the cutoff: whoever has ordered rarely says little by orders, so that there is more to be learned from elsewhere.</summary>
/// <remarks>An order is a day with an order, as in <c>purchase_history</c>, whose column <c>frequency</c> counts all but the first; below 0 it says that there was none.</remarks>
public static class OrderSlices
{
    /// <summary>Keys of the slices, in order.</summary>
    public const string All = "all", NoOrder = "no_order", FirstOrder = "first_order", Few = "orders_2_4", Many = "orders_5_plus";

    private const string Frequency = "frequency";

    /// <summary>All customers, and where the table tells how often they had ordered, those without an order, after the first, with 2 to 4 and with 5 or more; slices without customers are left out.</summary>
    public static IReadOnlyList<CustomerSlice> Of(FeatureTable table)
    {
        int[] all = [.. Enumerable.Range(0, table.Rows)];
        if (!table.Has(Frequency)) return all.Length == 0 ? [] : [new(All, all)];
        var repeats = table[Frequency];
        (string Key, Func<double, bool> Holds)[] parts = [(All, _ => true), (NoOrder, f => f < 0), (FirstOrder, f => f is >= 0 and < 1), (Few, f => f is >= 1 and < 4), (Many, f => f >= 4)];
        return [.. parts.Select(part => new CustomerSlice(part.Key, [.. all.Where(row => part.Holds(repeats[row]))])).Where(slice => slice.Rows.Count > 0)];
    }

    /// <summary>A slice in words.</summary>
    public static string Title(string key) => key switch
    {
        All => "all customers",
        NoOrder => "no order yet",
        FirstOrder => "after the first order",
        Few => "2 to 4 orders",
        Many => "5 or more orders",
        _ => key,
    };
}
