using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Fits the Pareto/NBD model by maximum likelihood.</summary>
/// <remarks>Schmittlein, Morrison and Colombo (1987), "Counting Your Customers: Who Are They and What Will They Do Next?", Management Science 33(1); the
/// likelihood as in Fader and Hardie (2005), "A Note on Deriving the Pareto/NBD Model and Related Expressions", brucehardie.com.</remarks>
public sealed class ParetoNbd(BtydOptions? options = null) : IEstimator<PurchaseHistories, ParetoNbdModel>
{
    // Below this many distinct rows a fit on all of them from both starts is a matter of milliseconds.
    private const int Large = 20_000;

    /// <summary>Learns r, α, s and β.</summary>
    /// <exception cref="InvalidDataException">A history isn't possible; the message names the customer.</exception>
    /// <exception cref="ArgumentException">There are too few customers, or none bought again.</exception>
    /// <exception cref="InvalidOperationException">The fit didn't converge.</exception>
    public ParetoNbdModel Fit(PurchaseHistories data)
    {
        HistoryCheck.CanLearnFrom(data);
        var settings = options ?? new();
        var rows = CollapsedHistories.Of(data);
        var meanAge = data.Age.Average();
        var weeksPerPurchase = Math.Max(1e-3, data.Age.Sum() / data.Frequency.Sum());
        double[][] starts = [[0.5, 0.5 * weeksPerPurchase, 0.5, 0.5 * meanAge], [2, 2 * weeksPerPurchase, 0.2, 2 * meanAge]];
        var thinned = rows.Distinct > Large ? new ParetoNbdLikelihood(rows.Every(rows.Distinct / (Large / 4)), settings.Threads) : null;
        var report = MaximumLikelihood.Fit(new ParetoNbdLikelihood(rows, settings.Threads), thinned, starts, settings);
        var p = report.Parameters;
        return new(p[0].Value, p[1].Value, p[2].Value, p[3].Value) { Fit = report };
    }

    /// <summary>The model's short name.</summary>
    public override string ToString() => "pareto-nbd";
}
