using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models.Btyd;

/// <summary>orii180: orders and cancellations of a gift retailer, as the measuring protocol has them. Money is summed in binary, as by the libraries that it measured:
/// in decimals one customer's orders and cancellations make exactly 0.</summary>
internal static class OnlineRetail
{
    private static readonly Lazy<List<(string Customer, DateOnly Day, double Amount, bool Cancelled)>> s_invoices = new(Read);

    public const int HorizonDays = 180;

    public static int Orders => s_invoices.Value.Count(i => !i.Cancelled);

    /// <summary>Histories at a cutoff, days bought and net spend in the 180 days after it.</summary>
    public static (PurchaseHistories Histories, double[] Days, double[] NetSpend) At(DateOnly cutoff)
    {
        var end = cutoff.AddDays(HorizonDays);
        var (histories, days, spend) = PurchaseDays.Split(s_invoices.Value.Where(i => !i.Cancelled).Select(i => (i.Customer, i.Day, i.Amount)), cutoff, end);
        var returned = s_invoices.Value.Where(i => i.Cancelled && i.Day >= cutoff && i.Day < end).GroupBy(i => i.Customer).ToDictionary(c => c.Key, c => c.Sum(i => i.Amount));
        return (histories, days, [.. spend.Select((s, row) => Math.Max(0, s + returned.GetValueOrDefault(histories.CustomerIds[row])))]);
    }

    private static List<(string, DateOnly, double, bool)> Read()
    {
        var invoices = new Dictionary<string, (string Customer, DateOnly Day, double Amount, bool Cancelled)>();
        foreach (var line in Dataset.Named("online_retail_ii", RealData.Need("online_retail_ii")).Purchases(Pseudonyms.Published))
        {
            var amount = (double)line.Quantity * (double)line.UnitPrice;
            invoices[line.OrderId] = invoices.TryGetValue(line.OrderId, out var seen) ? seen with { Amount = seen.Amount + amount }
                : (line.CustomerId, DateOnly.FromDateTime(line.At), amount, line.IsReturn);
        }
        return [.. invoices.Values];
    }
}
