using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Testing;

/// <summary>The customers of <see cref="SampleCustomers"/>, some of whom write: an angry one leaves more often, and only their words say who is angry.</summary>
public static class SampleWriters
{
    /// <summary>Numbers in a text vector: anger along one direction, talk of no consequence along another, and noise.</summary>
    public const int Width = 12;

    private const int Catalogue = 2 + Width;

    /// <summary>The columns besides those of <see cref="SampleCustomers"/>: a count, a head's score, and the vector.</summary>
    public static IReadOnlyList<FeatureInfo> Features { get; } =
    [
        new("texts", "count", "Texts written; 0 for none.", TextSets.Writing),
        new("anger", "share", "How angry they are; 0.5 without texts.", TextSets.Meaning),
        .. Enumerable.Range(0, Width).Select(i => new FeatureInfo($"text_vector_{i:000}", "number", "One number of the text vector; 0 without texts.", TextSets.Vector)),
    ];

    /// <summary>As <see cref="SampleCustomers.Training"/>, with texts.</summary>
    public static TrainingData Training(int customers = 600, int cutoffs = 2, int seed = 1)
    {
        var (data, chance) = (SampleCustomers.Training(customers, cutoffs, seed), new Random(seed + 1));
        LabelledTable[] labelled = [.. data.Cutoffs.Select(c => Write(c, chance))];
        var current = SampleCustomers.Labelled(customers, data.Current.Cutoff, new Random(seed + 2));
        return new(labelled, Write(current, chance).Features, data.HorizonDays);
    }

    /// <summary>One cutoff of customers that no training saw.</summary>
    public static LabelledTable Labelled(int customers, DateOnly cutoff, Random chance) => Write(SampleCustomers.Labelled(customers, cutoff, chance), chance);

    private static LabelledTable Write(LabelledTable customers, Random chance)
    {
        var (rows, labels) = (customers.Features.Rows, customers.Labels);
        var columns = Enumerable.Range(0, Catalogue).Select(_ => new double[rows]).ToArray();
        bool[] churned = [.. labels.Churned];
        double[] spend = [.. labels.Spend];
        int[] purchases = [.. labels.Purchases];
        for (var row = 0; row < rows; row++)
        {
            columns[1][row] = 0.5;
            if (chance.NextDouble() < 0.4) continue;
            var (anger, talk) = (Normal(chance), Normal(chance));
            columns[0][row] = 1 + chance.Next(4);
            columns[1][row] = 1 / (1 + Math.Exp(-2 * anger + 0.5 * Normal(chance)));
            for (var i = 0; i < Width; i++) columns[2 + i][row] = (i % 2 == 0 ? 1 : -1) * anger + (i < 6 ? 2 : -2) * talk + 0.3 * Normal(chance);
            if (anger > 0.3 && chance.NextDouble() < 0.7) (churned[row], spend[row], purchases[row]) = (true, 0, 0);
        }
        return new(customers.Features.With(Features, columns), new(labels.HorizonDays, spend, churned, purchases));
    }

    private static double Normal(Random chance) => Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());
}
