using CustomerValue.Models;

namespace CustomerValue.Packaging;

/// <summary>What a package says of each customer; null where it doesn't answer.</summary>
/// <param name="Value">[rows]: expected net spend over the horizon, in account currency.</param>
/// <param name="Churn">[rows]: probability of no order over the horizon.</param>
/// <param name="ValueLow">[rows]: lower bound of the spend, where the model knows how sure it is and was asked.</param>
/// <param name="ValueHigh">[rows]: upper bound.</param>
/// <param name="ValueReasons">What the columns add to the logarithm of the value, where the model can say and was asked.</param>
/// <param name="ChurnReasons">What the columns add to the logit of churn, where the model can say and was asked.</param>
public sealed record PackageScores(
    double[]? Value, double[]? Churn, double[]? ValueLow = null, double[]? ValueHigh = null, Contributions? ValueReasons = null, Contributions? ChurnReasons = null);

/// <summary>What is wanted beside the scores.</summary>
public sealed record ScoreOptions
{
    /// <summary>Bounds around the value, where the model has them.</summary>
    public bool Interval { get; init; } = true;

    /// <summary>Probability that spend lies within the bounds.</summary>
    public double Level { get; init => field = Check.Within(value, 0.01, 0.999); } = SpendInterval.DefaultLevel;

    /// <summary>How many reasons to tell for each answer, where the model can say: many times the cost of a score. 0 for none.</summary>
    public int Reasons { get; init => field = Check.Within(value, 0, 100); }
}
