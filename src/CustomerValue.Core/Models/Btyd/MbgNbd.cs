using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Fits the MBG/NBD model by maximum likelihood.</summary>
/// <remarks>Batislam, Denizel and Filiztekin (2007), "Empirical validation and comparison of models for customer base analysis", International Journal of Research in
/// Marketing 24(3); Hoppe and Wagner (2007).</remarks>
public sealed class MbgNbd(BtydOptions? options = null) : IEstimator<PurchaseHistories, MbgNbdModel>
{
    /// <summary>Learns r, α, a and b.</summary>
    /// <exception cref="InvalidDataException">A history isn't possible; the message names the customer.</exception>
    /// <exception cref="ArgumentException">There are too few customers, or none bought again.</exception>
    /// <exception cref="InvalidOperationException">The fit didn't converge.</exception>
    public MbgNbdModel Fit(PurchaseHistories data)
    {
        var report = BetaGeometricLikelihood.Fit(data, firstMayEnd: true, options ?? new());
        var p = report.Parameters;
        return new(p[0].Value, p[1].Value, p[2].Value, p[3].Value) { Fit = report };
    }

    /// <summary>The model's short name.</summary>
    public override string ToString() => "mbg-nbd";
}
