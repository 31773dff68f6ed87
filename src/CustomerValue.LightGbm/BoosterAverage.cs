using CustomerValue.Features;

namespace CustomerValue.LightGbm;

/// <summary>Boosters that differ in their seed only; their raw scores are averaged, so that contributions stay additive.</summary>
/// <param name="Boosters">At least one, all over the same columns.</param>
public sealed record BoosterAverage(IReadOnlyList<Booster> Boosters)
{
    /// <summary>Names of the columns seen in training.</summary>
    public IReadOnlyList<string> Columns => Boosters[0].Columns;

    /// <summary>Names of the columns that some tree asks for: all that rows need carry.</summary>
    public IReadOnlyList<string> UsedColumns { get; } = [.. Boosters.SelectMany(b => b.UsedColumns).Distinct(StringComparer.Ordinal)];

    /// <summary>Mean raw score of every row.</summary>
    /// <returns>[rows]</returns>
    public double[] PredictRaw(FeatureTable rows, int threads = 1, CancellationToken cancellation = default)
    {
        var sum = new double[rows.Rows];
        foreach (var booster in Boosters)
        {
            var scores = booster.PredictRaw(rows, threads, cancellation);
            for (var row = 0; row < sum.Length; row++) sum[row] += scores[row] / Boosters.Count;
        }
        return sum;
    }
}
