namespace CustomerValue.Models.Btyd;

/// <summary>MBG/NBD: as BG/NBD, but the first purchase may be the last too, so a customer who never came back needn't be alive.</summary>
/// <param name="R">r, shape of the purchase rate's distribution over customers.</param>
/// <param name="Alpha">α, its rate, in weeks: the mean customer buys r / α times a week.</param>
/// <param name="A">a of the dropout probability's distribution.</param>
/// <param name="B">b of the same: the mean customer stops after a purchase with probability a / (a + b).</param>
/// <remarks>Batislam, Denizel and Filiztekin (2007); Hoppe and Wagner (2007).</remarks>
public sealed record MbgNbdModel(double R, double Alpha, double A, double B) : BetaGeometricModel(R, Alpha, A, B)
{
    private protected override double Chances(double x) => x + 1;
}
