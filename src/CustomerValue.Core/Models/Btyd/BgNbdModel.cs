namespace CustomerValue.Models.Btyd;

/// <summary>BG/NBD: while alive a customer buys at a rate λ ~ Gamma(r, α); after each repeat purchase they stop for good with probability p ~ Beta(a, b).</summary>
/// <param name="R">r, shape of the purchase rate's distribution over customers.</param>
/// <param name="Alpha">α, its rate, in weeks: the mean customer buys r / α times a week.</param>
/// <param name="A">a of the dropout probability's distribution.</param>
/// <param name="B">b of the same: the mean customer stops after a purchase with probability a / (a + b).</param>
/// <remarks>Fader, Hardie and Lee (2005). A customer without a repeat purchase is alive with certainty: the first purchase never ends it.</remarks>
public sealed record BgNbdModel(double R, double Alpha, double A, double B) : BetaGeometricModel(R, Alpha, A, B)
{
    private protected override double Chances(double x) => x;
}
