using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>A fitted model of when customers buy and when they stop for good. Every answer is finite, whatever the history.</summary>
public interface IPurchaseModel
{
    /// <summary>How the fit went; null for a model made from given parameters.</summary>
    FitReport? Fit { get; }

    /// <summary>[rows]: ln of the likelihood of each history, in nats.</summary>
    double[] LogLikelihood(PurchaseHistories histories);

    /// <summary>[rows]: probability that the customer hasn't stopped for good by the end of the history.</summary>
    double[] ProbabilityAlive(PurchaseHistories histories);

    /// <summary>[rows]: expected purchases in the next <paramref name="weeks"/> weeks, given the history.</summary>
    double[] ExpectedPurchases(PurchaseHistories histories, double weeks);

    /// <summary>[rows]: probability of not a single purchase in the next <paramref name="horizonWeeks"/> weeks, given the history: the answer to "will this
    /// customer churn?". A customer can be alive and still not buy, so it is more than one minus <see cref="ProbabilityAlive"/>.</summary>
    double[] ProbabilityOfNoPurchase(PurchaseHistories histories, double horizonWeeks);

    /// <summary>Distribution of one customer's purchases in the next <paramref name="horizonWeeks"/> weeks: P(Y ≥ j) for each j asked for, so that P(Y = j) is the difference of two.</summary>
    /// <param name="history">The customer.</param>
    /// <param name="horizonWeeks">How far to look ahead.</param>
    /// <param name="purchases">j: whole numbers from 1 up, ascending.</param>
    /// <param name="probabilities">[as purchases]: filled up to where they fall below 1e-12.</param>
    /// <returns>How many were filled; the rest is left as it was.</returns>
    int ProbabilityOfAtLeast(PurchaseHistory history, double horizonWeeks, ReadOnlySpan<double> purchases, Span<double> probabilities);
}
