using CustomerValue.Features;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

/// <summary>Customers who buy and stop as BG/NBD says, from a seed.</summary>
internal static class Simulated
{
    /// <summary>r, α, a, b.</summary>
    public static readonly double[] Truth = [0.8, 6, 0.8, 2.5];

    public static PurchaseHistories Histories(int customers, int seed) =>
        SimulatedCustomers.From(new BgNbdModel(Truth[0], Truth[1], Truth[2], Truth[3]), new(6.25, 3.74, 15.44), new() { Customers = customers, Seed = seed, LeastAgeWeeks = 20, MostAgeWeeks = 60 }).Histories;
}
