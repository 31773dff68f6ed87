using CustomerValue.Features;

namespace CustomerValue.LightGbm;

/// <summary>Why a booster answers as it does: exact Shapley values of its raw score, column by column.</summary>
/// <param name="Columns">[columns]</param>
/// <param name="Base">The average raw score: logit for churn, log of currency for value.</param>
/// <param name="Contributions">[rows][columns]: what a column adds to or takes from <paramref name="Base"/>; a row's sum with it is the row's raw score.</param>
/// <remarks>Lundberg, Erion and Lee (2018), "Consistent Individualized Feature Attribution for Tree Ensembles", algorithm 2.</remarks>
public sealed record TreeShap(IReadOnlyList<string> Columns, double Base, IReadOnlyList<double[]> Contributions)
{
    /// <summary>Explains the answers for every row.</summary>
    /// <param name="boosters">Their average is what is explained.</param>
    /// <param name="rows">Needs the columns seen in training, by name.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops between blocks of rows.</param>
    public static TreeShap Explain(BoosterAverage boosters, FeatureTable rows, int threads = 1, CancellationToken cancellation = default)
    {
        var width = boosters.Columns.Count + 1;
        var average = 0.0;
        var contributions = new double[rows.Rows][];
        for (var row = 0; row < rows.Rows; row++) contributions[row] = new double[width - 1];
        foreach (var booster in boosters.Boosters)
        {
            var values = booster.Contributions(rows, threads, cancellation);
            for (var row = 0; row < rows.Rows; row++)
                for (var c = 0; c < width - 1; c++) contributions[row][c] += values[row * width + c] / boosters.Boosters.Count;
            if (rows.Rows > 0) average += values[width - 1] / boosters.Boosters.Count;
        }
        return new(boosters.Columns, average, contributions);
    }

    /// <summary>The contributions column by column; columns that no tree asks for are left out.</summary>
    internal Models.Contributions ByColumn()
    {
        int[] used = [.. Enumerable.Range(0, Columns.Count).Where(c => Contributions.Any(row => row[c] != 0))];
        return new([.. used.Select(c => Columns[c])], [.. used.Select(c => Contributions.Select(row => row[c]).ToArray())]);
    }

    /// <summary>Mean size of each column's contribution over the rows, largest first: what the answers depend on, overall.</summary>
    public IReadOnlyList<(string Column, double MeanSize)> Importance() =>
        [.. Columns.Select((name, c) => (name, Contributions.Count == 0 ? 0 : Contributions.Average(row => Math.Abs(row[c])))).OrderByDescending(x => x.Item2)];
}
