namespace CustomerValue.Models.Btyd;

/// <summary>What each covariate changes of an answer: the mean of what it changes when covariates come one after another in the table's order, and in the opposite order.</summary>
internal static class CovariateReasons
{
    /// <summary>The parts; a customer's add up to the answer less that of a customer whose covariates are all 0.</summary>
    /// <param name="customers">Their covariates.</param>
    /// <param name="answer">The answer, on the scale on which parts add up, of (covariates, row).</param>
    public static Contributions Of(CovariateHistories customers, Func<double[], int, double> answer)
    {
        var parts = customers.Names.Select(_ => new double[customers.Purchases.Count]).ToArray();
        Blocks.Split(customers.Purchases.Count, (from, to) =>
        {
            for (var row = from; row < to; row++)
                for (var turn = 0; turn < 2; turn++)
                {
                    var shown = new double[parts.Length];
                    var before = answer(shown, row);
                    for (var i = 0; i < parts.Length; i++)
                    {
                        var k = turn == 0 ? i : parts.Length - 1 - i;
                        shown[k] = customers.Covariates[k][row];
                        var after = answer(shown, row);
                        parts[k][row] += (after - before) / 2;
                        before = after;
                    }
                }
        });
        return new([.. customers.Names], parts);
    }
}
