using CustomerValue.Features;

namespace CustomerValue.Models.Btyd;

/// <summary>Fits the BG/NBD model by maximum likelihood.</summary>
/// <remarks>Fader, Hardie and Lee (2005), "'Counting Your Customers' the Easy Way: An Alternative to the Pareto/NBD Model", Marketing Science 24(2).</remarks>
public sealed class BgNbd(BtydOptions? options = null) : IEstimator<PurchaseHistories, BgNbdModel>
{
    /// <summary>Learns r, α, a and b.</summary>
    /// <exception cref="InvalidDataException">A history isn't possible; the message names the customer.</exception>
    /// <exception cref="ArgumentException">There are too few customers, or none bought again.</exception>
    /// <exception cref="InvalidOperationException">The fit didn't converge.</exception>
    public BgNbdModel Fit(PurchaseHistories data)
    {
        var report = BetaGeometricLikelihood.Fit(data, firstMayEnd: false, options ?? new());
        var p = report.Parameters;
        return new(p[0].Value, p[1].Value, p[2].Value, p[3].Value) { Fit = report };
    }

    /// <summary>The model's short name.</summary>
    public override string ToString() => "bg-nbd";
}
