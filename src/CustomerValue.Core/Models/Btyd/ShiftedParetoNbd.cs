using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>What one covariate changes from the cutoff on, for each standard deviation of it.</summary>
/// <param name="Name">The covariate.</param>
/// <param name="OnAlive">γ₀: the odds that the customer hasn't stopped are multiplied by exp(γ₀ z).</param>
/// <param name="OnRate">γ₁: the purchase rate is multiplied by exp(γ₁ z).</param>
/// <param name="OnDropout">γ₂: the dropout rate is multiplied by exp(γ₂ z).</param>
public sealed record ShiftEffect(string Name, double OnAlive, double OnRate, double OnDropout);

/// <summary>Pareto/NBD, whose customers are taken for what their history says up to the cutoff, and for what else is known of them from there on.</summary>
/// <remarks>
/// Given a history, λ ~ Gamma(r + x, α + T), μ ~ Gamma(s, β + T), and the customer is alive with a probability p. What is known at the cutoff then moves the rates and the odds of p
/// by factors exp(γ'z). Unlike covariates of the whole life (<see cref="ParetoNbdCovariatesModel"/>), they needn't explain the past, which they come from themselves:
/// who wrote last month was there last month, and a history tells that already.
/// </remarks>
/// <param name="Model">What histories say.</param>
/// <param name="Effects">[covariates]</param>
public sealed record ShiftedParetoNbd(ParetoNbdModel Model, IReadOnlyList<ShiftEffect> Effects)
{
    /// <summary>Largest size of γ'z: beyond, a customer counts as one at this distance.</summary>
    internal const double MostLog = 8;

    private static readonly PurchaseHistory s_new = new(0, 0, 0);

    /// <summary>[rows]: expected purchases in the next <paramref name="weeks"/> weeks.</summary>
    public double[] ExpectedPurchases(CovariateHistories customers, double weeks) => Each(customers, (ahead, alive) => alive * ahead.ExpectedPurchases(s_new, weeks));

    /// <summary>[rows]: probability of not a single purchase in the next <paramref name="horizonWeeks"/> weeks.</summary>
    public double[] ProbabilityOfNoPurchase(CovariateHistories customers, double horizonWeeks) => Each(customers, (ahead, alive) => 1 - alive * (1 - ahead.ProbabilityOfNoPurchase(s_new, horizonWeeks)));

    /// <summary>[rows]: probability that the customer hasn't stopped for good.</summary>
    public double[] ProbabilityAlive(CovariateHistories customers) => Each(customers, (_, alive) => alive);

    /// <summary>A living customer's model as if they were new at the cutoff, and the probability that they are alive.</summary>
    internal (ParetoNbdModel Ahead, double Alive) Of(PurchaseHistory history, ReadOnlySpan<double> covariates)
    {
        var (odds, rate, dropout) = (0.0, 0.0, 0.0);
        for (var k = 0; k < Effects.Count; k++)
        {
            odds += Effects[k].OnAlive * covariates[k];
            rate += Effects[k].OnRate * covariates[k];
            dropout += Effects[k].OnDropout * covariates[k];
        }
        var ahead = new ParetoNbdModel(Model.R + history.Frequency, (Model.Alpha + history.Age) * Factor(-rate), Model.S, (Model.Beta + history.Age) * Factor(-dropout));
        return (ahead, Odds(Model.ProbabilityAlive(history), Factor(odds)));
    }

    /// <summary>A probability whose odds are multiplied.</summary>
    internal static double Odds(double probability, double factor) => factor * probability / (1 - probability + factor * probability);

    private static double Factor(double log) => Math.Exp(Math.Clamp(log, -MostLog, MostLog));

    private double[] Each(CovariateHistories customers, Func<ParetoNbdModel, double, double> answer)
    {
        HistoryCheck.Possible(customers.Purchases);
        Check.SameLength(Effects.Count, customers.Covariates.Count, nameof(customers));
        return Blocks.Map(customers.Purchases.Count, row =>
        {
            var covariates = new double[Effects.Count];
            for (var k = 0; k < covariates.Length; k++) covariates[k] = customers.Covariates[k][row];
            var (ahead, alive) = Of(customers.Purchases[row], covariates);
            return answer(ahead, alive);
        });
    }
}
