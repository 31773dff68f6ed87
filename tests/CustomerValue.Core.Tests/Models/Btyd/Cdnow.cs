using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models.Btyd;

/// <summary>cdnow39: the histories of 2,357 customers at 1997-10-01, and what they did in the 39 weeks after it, in order of the id in the sample.</summary>
internal static class Cdnow
{
    private static readonly DateOnly s_cutoff = new(1997, 10, 1), s_end = new(1998, 7, 1);
    private static readonly Lazy<(PurchaseHistories Histories, double[] Days, double[] Spend)> s_data = new(Read);

    public const double HorizonWeeks = 39;

    public static PurchaseHistories Histories => s_data.Value.Histories;

    /// <summary>[rows]: days with a purchase in the window.</summary>
    public static double[] Days => s_data.Value.Days;

    /// <summary>[rows]: spend in the window, in dollars.</summary>
    public static double[] Spend => s_data.Value.Spend;

    private static (PurchaseHistories, double[], double[]) Read() => PurchaseDays.Split(
        Dataset.Named("cdnow", RealData.Need("cdnow")).Purchases(Pseudonyms.Published).Select(p => (p.CustomerId, DateOnly.FromDateTime(p.At), (double)p.Amount.Amount)), s_cutoff, s_end);
}
