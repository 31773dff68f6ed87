namespace CustomerValue.Models.Btyd;

/// <summary>Fits Pareto/NBD with covariates by maximum likelihood, effects held down by a ridge.</summary>
/// <param name="ridge">½ ridge Σγ² nats are taken off the log-likelihood, as if γ were drawn around 0 with variance 1 / ridge: the default takes 0.3 a standard deviation for
/// usual. Without (0), effects of covariates that say the same run away.</param>
/// <param name="options">Steps, tolerance, threads.</param>
/// <remarks>Fader and Hardie (2007); see <see cref="ParetoNbdCovariatesModel"/> on what it takes for granted.</remarks>
public sealed class ParetoNbdCovariates(double ridge = 10, BtydOptions? options = null) : IEstimator<CovariateHistories, ParetoNbdCovariatesModel>
{
    /// <summary>Most covariates: more would be a table's columns taken by accident, and the fit's time grows with their square.</summary>
    public const int MostCovariates = 64;

    private readonly double _ridge = Check.Within(ridge, 0, 1e9, nameof(ridge));

    /// <summary>Learns r, α₀, s, β₀ and two effects a covariate; a covariate that never varies has none.</summary>
    /// <exception cref="InvalidDataException">A history isn't possible; the message names the customer.</exception>
    /// <exception cref="ArgumentException">There are too few customers, none bought again, or there are too many covariates.</exception>
    /// <exception cref="InvalidOperationException">The fit didn't converge.</exception>
    public ParetoNbdCovariatesModel Fit(CovariateHistories data)
    {
        if (data.Covariates.Count > MostCovariates)
            throw new ArgumentException($"There are {data.Covariates.Count} covariates, and {MostCovariates} is the most. Name those that matter, or reduce them to components first.", nameof(data));
        var settings = options ?? new();

        // The typical customer is nearly the one of the model without: a summit near the start, climbed in a few steps.
        var start = new ParetoNbd(settings).Fit(data.Purchases);
        int[] kept = [.. Enumerable.Range(0, data.Covariates.Count).Where(k => data.Covariates[k].Any(v => v != data.Covariates[k][0]))];
        var none = data.Names.Select(name => new CovariateEffect(name, 0, 0)).ToArray();
        if (kept.Length == 0) return new(start, none) { Fit = start.Fit };

        var likelihood = new ParetoNbdCovariatesLikelihood(data.Purchases, [.. kept.Select(k => data.Names[k])], [.. kept.Select(k => data.Covariates[k])], _ridge, settings.Threads);
        var report = MaximumLikelihood.Fit(likelihood, null, [[start.R, start.Alpha, start.S, start.Beta, .. Enumerable.Repeat(1.0, 2 * kept.Length)]], settings);
        return Model(report, kept, none);
    }

    /// <summary>The model's short name.</summary>
    public override string ToString() => "pareto-nbd-covariates";

    private ParetoNbdCovariatesModel Model(FitReport report, int[] kept, CovariateEffect[] effects)
    {
        var p = report.Parameters;
        ParameterEstimate[] gammas = [.. p.Skip(ParetoNbdCovariatesLikelihood.Own).Select(g => g with { Value = Math.Log(g.Value), StandardError = g.StandardError / g.Value })];
        for (var i = 0; i < kept.Length; i++) effects[kept[i]] = effects[kept[i]] with { OnRate = gammas[i].Value, OnDropout = gammas[kept.Length + i].Value };
        var taken = _ridge / 2 * gammas.Sum(g => g.Value * g.Value);
        return new(new(p[0].Value, p[1].Value, p[2].Value, p[3].Value), effects)
        {
            Fit = report with { LogLikelihood = report.LogLikelihood + taken, Parameters = [.. p.Take(ParetoNbdCovariatesLikelihood.Own), .. gammas] },
        };
    }
}
