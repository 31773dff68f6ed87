using System.Runtime.CompilerServices;
using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>BG/NBD: while alive a customer buys at a rate λ ~ Gamma(r, α); after each repeat purchase they stop for good with probability p ~ Beta(a, b).</summary>
/// <param name="R">r, shape of the purchase rate's distribution over customers.</param>
/// <param name="Alpha">α, its rate, in weeks: the mean customer buys r / α times a week.</param>
/// <param name="A">a of the dropout probability's distribution.</param>
/// <param name="B">b of the same: the mean customer stops after a purchase with probability a / (a + b).</param>
/// <remarks>Fader, Hardie and Lee (2005). A customer without a repeat purchase is alive with certainty: the first purchase never ends it.</remarks>
public sealed record BgNbdModel(double R, double Alpha, double A, double B) : IPurchaseModel
{
    /// <summary>r, shape of the purchase rate's distribution over customers.</summary>
    public double R { get; init => field = Check.Positive(value); } = Check.Positive(R);

    /// <summary>α, its rate, in weeks.</summary>
    public double Alpha { get; init => field = Check.Positive(value); } = Check.Positive(Alpha);

    /// <summary>a of the dropout probability's distribution.</summary>
    public double A { get; init => field = Check.Positive(value); } = Check.Positive(A);

    /// <summary>b of the same.</summary>
    public double B { get; init => field = Check.Positive(value); } = Check.Positive(B);

    /// <inheritdoc/>
    public FitReport? Fit { get; init; }

    private BetaGeometric Paper => new(R, Alpha, A, B, FirstMayEnd: false);

    /// <summary>ln L(r, α, a, b | x, t_x, T), equation (6), in nats.</summary>
    [OverloadResolutionPriority(1)]   // so that a history can be written new(x, t_x, T)
    public double LogLikelihood(PurchaseHistory history) => Paper.LogLikelihood(history);

    /// <inheritdoc/>
    public double[] LogLikelihood(PurchaseHistories histories) => Paper.LogLikelihood(histories);

    /// <summary>Probability that the customer hasn't stopped for good by T.</summary>
    [OverloadResolutionPriority(1)]
    public double ProbabilityAlive(PurchaseHistory history) => Paper.ProbabilityAlive(history);

    /// <inheritdoc/>
    public double[] ProbabilityAlive(PurchaseHistories histories) => Paper.ProbabilityAlive(histories);

    /// <summary>E[Y(t) | x, t_x, T], equation (10): purchases expected in the next <paramref name="weeks"/> weeks.</summary>
    [OverloadResolutionPriority(1)]
    public double ExpectedPurchases(PurchaseHistory history, double weeks) => Paper.ExpectedPurchases(history, weeks);

    /// <inheritdoc/>
    public double[] ExpectedPurchases(PurchaseHistories histories, double weeks) => Paper.ExpectedPurchases(histories, weeks);

    /// <summary>Probability of no purchase in the next <paramref name="horizonWeeks"/> weeks.</summary>
    [OverloadResolutionPriority(1)]
    public double ProbabilityOfNoPurchase(PurchaseHistory history, double horizonWeeks) => Paper.ProbabilityOfNoPurchase(history, horizonWeeks);

    /// <inheritdoc/>
    public double[] ProbabilityOfNoPurchase(PurchaseHistories histories, double horizonWeeks) => Paper.ProbabilityOfNoPurchase(histories, horizonWeeks);

    /// <inheritdoc/>
    public int ProbabilityOfAtLeast(PurchaseHistory history, double horizonWeeks, ReadOnlySpan<double> purchases, Span<double> probabilities) =>
        Paper.ProbabilityOfAtLeast(history, horizonWeeks, purchases, probabilities);
}
