namespace CustomerValue.Evaluation;

/// <summary>How well the customers of one cutoff could be foreseen at best, where the truth of a shop is known; row for row, NaN where a customer isn't in it.</summary>
/// <param name="History">Knowing purchases, browsing and campaigns.</param>
/// <param name="Read">Knowing in addition what each text was written from.</param>
/// <param name="Everything">Knowing all but chance to come.</param>
public sealed record Foreseeable(BestScores History, BestScores Read, BestScores Everything);

/// <summary>The best predictions from one state of knowledge.</summary>
/// <param name="Churn">[rows]: probability of no order within the horizon.</param>
/// <param name="Spend">[rows]: expected sum of orders within the horizon, in account currency.</param>
public sealed record BestScores(double[] Churn, double[] Spend)
{
    /// <summary>[rows]: standard error of the probability where it is a mean over draws; null where that isn't told.</summary>
    public double[]? ChurnError { get; init; }
}
