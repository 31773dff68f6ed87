using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Purchase histories with what else is known of each customer.</summary>
/// <param name="Purchases">When customers bought.</param>
/// <param name="Names">[covariates]</param>
/// <param name="Covariates">[covariates][rows], standardised: 0 stands for the typical customer.</param>
public sealed record CovariateHistories(PurchaseHistories Purchases, IReadOnlyList<string> Names, IReadOnlyList<double[]> Covariates)
{
    /// <summary>[rows]: one column a covariate.</summary>
    public IReadOnlyList<double[]> Covariates { get; init => field = Fitting(value, Names, Purchases.Count); } = Fitting(Covariates, Names, Purchases.Count);

    private static IReadOnlyList<double[]> Fitting(IReadOnlyList<double[]> covariates, IReadOnlyList<string> names, int rows)
    {
        Check.SameLength(names.Count, covariates.Count, nameof(covariates));
        for (var k = 0; k < covariates.Count; k++)
        {
            Check.SameLength(rows, covariates[k].Length, names[k]);
            if (Array.FindIndex(covariates[k], v => !double.IsFinite(v)) is var row and >= 0)
                throw new ArgumentException($"The covariate '{names[k]}' is {covariates[k][row]} on row {row}, where a finite number is expected.", nameof(covariates));
        }
        return covariates;
    }
}

/// <summary>What one covariate does, for each standard deviation of it.</summary>
/// <param name="Name">The covariate.</param>
/// <param name="OnRate">γ₁: the purchase rate is multiplied by exp(γ₁ z).</param>
/// <param name="OnDropout">γ₂: the dropout rate is multiplied by exp(γ₂ z).</param>
public sealed record CovariateEffect(string Name, double OnRate, double OnDropout)
{
    /// <inheritdoc cref="CovariateEffect(string, double, double)" path="/param[@name='OnRate']"/>
    public double OnRate { get; init => field = Possible(value); } = Possible(OnRate);

    /// <inheritdoc cref="CovariateEffect(string, double, double)" path="/param[@name='OnDropout']"/>
    public double OnDropout { get; init => field = Possible(value); } = Possible(OnDropout);

    private static double Possible(double value) => Check.Within(value, -ParetoNbdCovariatesModel.MostEffect - 1e-9, ParetoNbdCovariatesModel.MostEffect + 1e-9, "effect");
}

/// <summary>Pareto/NBD whose customers differ by what is known of them too: α = α₀ exp(-γ₁'z) and β = β₀ exp(-γ₂'z).</summary>
/// <param name="Typical">The model of a customer whose covariates are all 0.</param>
/// <param name="Effects">[covariates]</param>
/// <remarks>Fader and Hardie (2007), "Incorporating time-invariant covariates into the Pareto/NBD and BG/NBD models", brucehardie.com. Covariates are taken as what a customer
/// always was. What is measured at a cutoff, such as the tone of the latest texts, isn't that: the fit explains the whole history by its end. It is a compromise: an anger
/// of yesterday is smeared over years, and what buying causes (who buys, reviews) looks as if it caused buying.</remarks>
public sealed record ParetoNbdCovariatesModel(ParetoNbdModel Typical, IReadOnlyList<CovariateEffect> Effects)
{
    /// <summary>Largest size of an effect: a standard deviation that makes the rate seven times as high.</summary>
    internal const double MostEffect = 2;

    /// <summary>Largest size of γ'z: beyond, a customer counts as one at this distance.</summary>
    internal const double MostLog = 8;

    /// <summary>How the fit went, effects as gamma1.NAME and gamma2.NAME; null for a model made from given parameters.</summary>
    public FitReport? Fit { get; init; }

    /// <summary>One customer's own model.</summary>
    /// <param name="covariates">[covariates]: z.</param>
    public ParetoNbdModel Of(ReadOnlySpan<double> covariates)
    {
        Check.SameLength(Effects.Count, covariates.Length, nameof(covariates));
        var (rate, dropout) = (0.0, 0.0);
        for (var k = 0; k < Effects.Count; k++)
        {
            rate -= Effects[k].OnRate * covariates[k];
            dropout -= Effects[k].OnDropout * covariates[k];
        }
        return new(Typical.R, Typical.Alpha * Math.Exp(Math.Clamp(rate, -MostLog, MostLog)), Typical.S, Typical.Beta * Math.Exp(Math.Clamp(dropout, -MostLog, MostLog)));
    }

    /// <summary>[rows]: ln of the likelihood of each history, in nats.</summary>
    public double[] LogLikelihood(CovariateHistories customers) => Each(customers, (model, history) => model.LogLikelihood(history));

    /// <summary>[rows]: probability that the customer hasn't stopped for good by the end of the history.</summary>
    public double[] ProbabilityAlive(CovariateHistories customers) => Each(customers, (model, history) => model.ProbabilityAlive(history));

    /// <summary>[rows]: expected purchases in the next <paramref name="weeks"/> weeks, given the history.</summary>
    public double[] ExpectedPurchases(CovariateHistories customers, double weeks) => Each(customers, (model, history) => model.ExpectedPurchases(history, weeks));

    /// <summary>[rows]: probability of not a single purchase in the next <paramref name="horizonWeeks"/> weeks, given the history.</summary>
    public double[] ProbabilityOfNoPurchase(CovariateHistories customers, double horizonWeeks) => Each(customers, (model, history) => model.ProbabilityOfNoPurchase(history, horizonWeeks));

    internal ParetoNbdModel Of(CovariateHistories customers, int row)
    {
        Span<double> covariates = stackalloc double[Effects.Count];
        for (var k = 0; k < covariates.Length; k++) covariates[k] = customers.Covariates[k][row];
        return Of(covariates);
    }

    private double[] Each(CovariateHistories customers, Func<ParetoNbdModel, PurchaseHistory, double> answer)
    {
        HistoryCheck.Possible(customers.Purchases);
        Check.SameLength(Effects.Count, customers.Covariates.Count, nameof(customers));
        return Blocks.Map(customers.Purchases.Count, row => answer(Of(customers, row), customers.Purchases[row]));
    }
}
