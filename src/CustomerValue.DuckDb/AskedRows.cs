using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.DuckDb;

/// <summary>Whose features are asked for, and what may be known for them.</summary>
/// <param name="Name">Tells them apart from others of the same records, in a folder's name.</param>
/// <param name="PopulationFile">The .sql file that names the customers and their cutoffs.</param>
/// <param name="End">Nothing dated on or after this day is read.</param>
/// <param name="ShopBy">What the whole shop sold is known up to this day.</param>
/// <param name="Parameters">What the .sql file takes.</param>
/// <param name="OwnCutoffs">Whether customers have cutoffs of their own.</param>
internal sealed record AskedRows(string Name, string PopulationFile, DateOnly End, DateOnly ShopBy, (string Name, object Value)[] Parameters, bool OwnCutoffs = false)
{
    /// <summary>Everybody of a population at one cutoff.</summary>
    public static AskedRows At(DateOnly cutoff, Population population) => population == DuckDb.Population.Known
        ? new(string.Create(CultureInfo.InvariantCulture, $"{cutoff:yyyyMMdd}known"), "population_known", cutoff, cutoff, [("cutoff", cutoff)])
        : new(cutoff.ToString("yyyyMMdd", CultureInfo.InvariantCulture), FeatureSet.Population, cutoff, cutoff, [("cutoff", cutoff)]);

    /// <summary>Customers at the end of the day of their first order. The shop's sales are known up to the first day of the period: what came later came after some rows' cutoffs.</summary>
    public static AskedRows At(FirstOrders period)
    {
        period.Validate();
        return new(string.Create(CultureInfo.InvariantCulture, $"{period.From:yyyyMMdd}to{period.To:yyyyMMdd}"), "population_first_orders", period.To, period.From, [("from", period.From), ("to", period.To)], OwnCutoffs: true);
    }

    /// <summary>For people.</summary>
    public override string ToString() => OwnCutoffs ? string.Create(CultureInfo.InvariantCulture, $"features of first orders in [{ShopBy:yyyy-MM-dd}, {End:yyyy-MM-dd})")
        : string.Create(CultureInfo.InvariantCulture, $"features at {End:yyyy-MM-dd}");
}
