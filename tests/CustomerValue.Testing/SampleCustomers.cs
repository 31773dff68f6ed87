using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Testing;

/// <summary>Made-up customers whose behaviour follows from their features by known rules, at several cutoffs: small, seeded, the same on every machine.</summary>
public static class SampleCustomers
{
    /// <summary>Length of the label window, in days.</summary>
    public const int HorizonDays = 90;

    /// <summary>The columns: two that matter, the past's spend, one of noise, one that never varies.</summary>
    public static IReadOnlyList<FeatureInfo> Features { get; } =
    [
        new("days_since_last_purchase", "days", "Days since the last purchase.", "sample"),
        new("frequency", "orders", "Repeat purchases.", "sample"),
        new("age_weeks", "weeks", "Weeks since the first purchase.", "sample"),
        new("net_spend", "currency", "Spend so far.", "sample"),
        new("spend_90", "currency", "Spend in the last 90 days.", "sample"),
        new("noise", "share", "Says nothing.", "sample"),
        new("constant", "share", "Always 1.", "sample"),
    ];

    /// <summary>Customers with labels at <paramref name="cutoffs"/> cutoffs, 100 days apart, and the moment of scoring 100 days after the last.</summary>
    public static TrainingData Training(int customers = 600, int cutoffs = 2, int seed = 1)
    {
        var chance = new Random(seed);
        var first = new DateOnly(2020, 1, 1);
        return new(
            [.. Enumerable.Range(0, cutoffs).Select(c => Labelled(customers, first.AddDays(100 * c), chance))],
            Labelled(customers, first.AddDays(100 * cutoffs), chance).Features, HorizonDays);
    }

    /// <summary>One cutoff of customers that no training saw.</summary>
    public static LabelledTable Labelled(int customers, DateOnly cutoff, Random chance)
    {
        var columns = Features.Select(_ => new double[customers]).ToArray();
        var (spend, churned, purchases) = (new double[customers], new bool[customers], new int[customers]);
        for (var row = 0; row < customers; row++)
        {
            var rate = -Math.Log(1 - chance.NextDouble());                     // purchases a month
            var silence = -Math.Log(1 - chance.NextDouble()) * 30 / (rate + 0.1);
            var basket = Math.Exp(3 + 0.5 * Normal(chance));
            columns[0][row] = Math.Floor(silence);
            columns[1][row] = Math.Floor(rate * 10);
            columns[2][row] = 43;
            columns[3][row] = columns[1][row] * basket;
            columns[4][row] = silence < 90 ? rate * 3 * basket : 0;
            columns[5][row] = chance.NextDouble();
            columns[6][row] = 1;
            churned[row] = chance.NextDouble() < 1 / (1 + Math.Exp(-(silence / 30 - 2 * rate)));
            purchases[row] = churned[row] ? 0 : 1 + (int)(rate * 3 * chance.NextDouble());
            spend[row] = purchases[row] * basket * Math.Exp(0.3 * Normal(chance));
        }
        string[] ids = [.. Enumerable.Range(0, customers).Select(row => $"c{row:D6}")];
        return new(new(cutoff, ids, Features, columns), new(HorizonDays, spend, churned, purchases));
    }

    private static double Normal(Random chance) => Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());
}
