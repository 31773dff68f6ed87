using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Fits the gamma-gamma model of spend per purchase by maximum likelihood.</summary>
/// <param name="includeFirst">Whether the first order's spend counts ("GG all"): then every customer with positive mean spend over all orders enters. Without it, as in
/// the paper, those with a repeat purchase and positive mean spend over the repeat purchases.</param>
/// <param name="options">Steps, tolerance, threads.</param>
/// <remarks>Fader and Hardie (2013), "The Gamma-Gamma Model of Monetary Value", note 025 at brucehardie.com.</remarks>
public sealed class GammaGamma(bool includeFirst = false, BtydOptions? options = null) : IEstimator<PurchaseHistories, GammaGammaModel>
{
    /// <summary>Whether the first order's spend counts.</summary>
    public bool IncludeFirst => includeFirst;

    /// <summary>Learns p, q and γ.</summary>
    /// <exception cref="InvalidDataException">A history isn't possible; the message names the customer.</exception>
    /// <exception cref="ArgumentException">Fewer than two customers have spent anything that counts.</exception>
    /// <exception cref="InvalidOperationException">The fit didn't converge.</exception>
    public GammaGammaModel Fit(PurchaseHistories data)
    {
        HistoryCheck.Possible(data);
        HistoryCheck.FiniteSpend(data);
        var spent = Enumerable.Range(0, data.Count).Select(row => GammaGammaModel.Spent(data, row, includeFirst)).Where(s => s is { Purchases: > 0, Mean: > 0 }).ToList();
        if (spent.Count < 2)
            throw new ArgumentException(
                $"{spent.Count} of {data.Count} customers have positive spend on {(includeFirst ? "their purchases" : "repeat purchases")}: too few to learn spend from. " +
                (includeFirst ? "Check that amounts were read." : "Include the first order (includeFirst: true), or move the cutoff later."), nameof(data));

        // In units of the mean, so that start and bounds don't depend on the currency.
        var unit = spent.Average(s => s.Mean);
        var likelihood = new GammaGammaLikelihood([.. spent.Select(s => s.Purchases)], [.. spent.Select(s => s.Mean / unit)], unit);
        var report = MaximumLikelihood.Fit(likelihood, null, [[2, 3, 1], [8, 2, 0.1]], options ?? new());
        return Scaled(report, unit);
    }

    /// <summary>The model's short name.</summary>
    public override string ToString() => includeFirst ? "gg-all" : "gg";

    private GammaGammaModel Scaled(FitReport report, double unit)
    {
        var gamma = report.Parameters[2];
        gamma = gamma with { Value = gamma.Value * unit, StandardError = gamma.StandardError * unit };
        var (p, q) = (report.Parameters[0], report.Parameters[1]);
        return new(p.Value, q.Value, gamma.Value) { IncludesFirst = includeFirst, Fit = report with { Parameters = [p, q, gamma] } };
    }
}
