namespace CustomerValue.Features;

/// <summary>What each customer of a table did in the label window [cutoff, cutoff + horizon).</summary>
/// <param name="HorizonDays">Length of the window, in days.</param>
/// <param name="Spend">[rows]: net spend (orders minus returns in the window), floored at 0, in account currency.</param>
/// <param name="Churned">[rows]: no order in the window.</param>
/// <param name="Purchases">[rows]: days with an order in the window.</param>
public sealed record Labels(int HorizonDays, double[] Spend, bool[] Churned, int[] Purchases)
{
    /// <summary>Number of customers.</summary>
    public int Rows => Spend.Length;

    /// <summary>The labels at the given row numbers.</summary>
    public Labels At(IReadOnlyList<int> rows) =>
        new(HorizonDays, [.. rows.Select(r => Spend[r])], [.. rows.Select(r => Churned[r])], [.. rows.Select(r => Purchases[r])]);
}

/// <summary>Features at one cutoff with what happened in the window after it, row for row.</summary>
public sealed record LabelledTable(FeatureTable Features, Labels Labels)
{
    /// <summary>The rows at the given numbers, which must ascend.</summary>
    public LabelledTable At(IReadOnlyList<int> rows) => new(Features.At(rows), Labels.At(rows));
}
