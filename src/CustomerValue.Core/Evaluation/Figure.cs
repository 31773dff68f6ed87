namespace CustomerValue.Evaluation;

/// <summary>A figure by name: what an experiment's candidates are compared by, whatever it is computed from.</summary>
/// <param name="Key">Name in results and trackers.</param>
/// <param name="Title">Name in tables for people.</param>
/// <param name="Order">Which way is better.</param>
public sealed record Figure(string Key, string Title, Better Order = Better.Higher)
{
    /// <summary>Whether <paramref name="a"/> is better than <paramref name="b"/>; NaN is worse than anything.</summary>
    public bool IsBetter(double a, double b) => Loss(a) < Loss(b);

    private double Loss(double figure) => double.IsNaN(figure) ? double.PositiveInfinity : Order switch
    {
        Better.Higher => -figure,
        Better.Lower => figure,
        _ => Math.Abs(figure),
    };
}
