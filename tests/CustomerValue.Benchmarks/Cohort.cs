using CustomerValue.Features;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Benchmarks;

/// <summary>Customers simulated with the parameters published for CDNOW, the same in every run.</summary>
internal static class Cohort
{
    public static readonly BgNbdModel BgNbd = new(0.243, 4.414, 0.793, 2.426);
    public static readonly ParetoNbdModel ParetoNbd = new(0.553, 10.578, 0.606, 11.669);
    public static readonly GammaGammaModel Spend = new(6.25, 3.74, 15.44);

    public static PurchaseHistories Of(int customers, bool wholeDays = false) =>
        SimulatedCustomers.From(BgNbd, Spend, new() { Customers = customers, Seed = 20050101, WholeDays = wholeDays }).Histories;
}
