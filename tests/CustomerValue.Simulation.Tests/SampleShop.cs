using CustomerValue.Ingestion;
using CustomerValue.Simulation;

namespace CustomerValue.Tests.Simulation;

/// <summary>The default shop, simulated once for all tests, with what its tests count again and again.</summary>
internal static class SampleShop
{
    public static readonly ShopOptions Options = new();

    public static IReadOnlyList<SimulatedCustomer> Customers { get; } = [.. new ShopSimulator(Options).Customers()];

    /// <summary>Time and amount of a customer's orders, by time.</summary>
    public static IReadOnlyList<(DateTime At, decimal Amount)> Orders(SimulatedCustomer customer) =>
        [.. customer.Purchases.Where(p => !p.IsReturn).GroupBy(p => p.OrderId).Select(order => (order.First().At, order.Sum(Amount))).OrderBy(order => order.At)];

    public static decimal Amount(Purchase line) => line.Quantity * line.UnitPrice;

    /// <summary>Whether a customer with an order before the cutoff has none in the 180 days from it on; null without such an order.</summary>
    public static bool? Churned(SimulatedCustomer customer, DateTime cutoff)
    {
        var orders = Orders(customer);
        return orders.Any(o => o.At < cutoff) ? !orders.Any(o => o.At >= cutoff && o.At < cutoff.AddDays(180)) : null;
    }
}
