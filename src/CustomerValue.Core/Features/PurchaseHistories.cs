namespace CustomerValue.Features;

/// <summary>What customers had bought by a cutoff, in the form that the probability models take: one array a quantity, one element a customer.</summary>
/// <remarks>Purchases of one customer on one day are one purchase. Times are in weeks, as in Fader, Hardie and Lee (2005): age runs from the first
/// purchase to the last day observed, which is the day before the cutoff.</remarks>
/// <param name="CustomerIds">[rows]</param>
/// <param name="Frequency">[rows]: repeat purchases x (days with a purchase, the first left out).</param>
/// <param name="Recency">[rows]: t_x, weeks from the first purchase to the last; 0 when x = 0.</param>
/// <param name="Age">[rows]: T, weeks from the first purchase to the last day observed.</param>
/// <param name="MeanRepeatSpend">[rows]: mean spend of the repeat purchases, in account currency; 0 when x = 0.</param>
/// <param name="MeanSpend">[rows]: mean spend of all purchases, the first included, in account currency.</param>
public sealed record PurchaseHistories(
    IReadOnlyList<string> CustomerIds, double[] Frequency, double[] Recency, double[] Age, double[] MeanRepeatSpend, double[] MeanSpend)
{
    /// <summary>The columns that histories stand in.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["frequency", "recency_weeks", "age_weeks", "mean_repeat_spend", "mean_spend"];

    /// <summary>Number of customers.</summary>
    public int Count => Frequency.Length;

    /// <summary>One customer's x, t_x and T.</summary>
    public PurchaseHistory this[int row] => new(Frequency[row], Recency[row], Age[row]);

    /// <summary>The histories that stand in a feature table: columns frequency, recency_weeks, age_weeks, mean_repeat_spend, mean_spend.</summary>
    /// <exception cref="KeyNotFoundException">The table lacks one of them; add the feature set purchase_history.</exception>
    public static PurchaseHistories From(FeatureTable table) =>
        new(table.CustomerIds, table["frequency"], table["recency_weeks"], table["age_weeks"], table["mean_repeat_spend"], table["mean_spend"]);
}
