using CustomerValue.Features;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Cli.Conformance;

/// <summary>Values of the formulas at given parameters: they need no data.</summary>
internal static class FormulaNumbers
{
    private const string Fader2005 = "Fader, Hardie and Lee (2005), Marketing Science 24(2)";
    private const string Excel = "Fader, Hardie and Lee (2005), Implementing the BG/NBD Model in Excel";
    private const string GammaNote = "Fader and Hardie (2013), The Gamma-Gamma Model of Monetary Value";
    private const string Handbook = "Abramowitz and Stegun (1964), 15.1";

    public static PublishedNumbers Subject { get; } = new PublishedNumbers<Parameters>("formulas", [], (_, _) => new(), Claims());

    private static IEnumerable<Claim<Parameters>> Claims()
    {
        yield return new(PublishedNumber.ToDecimals("bg_nbd.expected_purchases_39", Excel, 1.226, 3), p => p.Bg.ExpectedPurchases(p.History, 39));
        yield return new(PublishedNumber.ToDecimals("bg_nbd.expected_purchases_39_equation_10", Excel, 1.226, 3), p => p.Equation10);
        yield return new(new("bg_nbd.two_ways_agree", $"{Fader2005}, equation (10) against our series", new Parameters().Equation10, 1e-12), p => p.Bg.ExpectedPurchases(p.History, 39));
        yield return new(PublishedNumber.ToDecimals("gamma_gamma.population_mean", GammaNote, 35, 0), _ => new GammaGammaModel(6.25, 3.74, 15.44).PopulationMean);

        yield return new(new("2f1.logarithm", $"{Handbook}.3: F(1, 1; 2; z) = -ln(1 - z) / z at z = 1/2", 2 * Math.Log(2), 1e-15), _ => Hypergeometric.F(1, 1, 2, 0.5));
        yield return new(new("2f1.logarithm_near_1", $"{Handbook}.3 at z = 0.99", -Math.Log(0.01) / 0.99, 1e-12), _ => Hypergeometric.F(1, 1, 2, 0.99));
        yield return new(new("2f1.arctangent", $"{Handbook}.5: F(1/2, 1; 3/2; -z²) = arctan z / z at z = 2", Math.Atan(2) / 2, 1e-14), _ => Hypergeometric.F(0.5, 1, 1.5, -4));
        yield return new(new("2f1.arcsine", $"{Handbook}.6: F(1/2, 1/2; 3/2; z²) = arcsin z / z at z = 0.9", Math.Asin(0.9) / 0.9, 1e-14), _ => Hypergeometric.F(0.5, 0.5, 1.5, 0.81));
        yield return new(new("2f1.power", $"{Handbook}.8: F(a, b; b; z) = (1 - z)^(-a) at a = 123.45, z = 0.7, logarithm", -123.45 * Math.Log(0.3), 1e-11), _ => Hypergeometric.Log(123.45, 7, 7, 0.7));
    }

    /// <summary>The paper's estimates, and the customer of its worked example.</summary>
    private sealed class Parameters : IDisposable
    {
        public BgNbdModel Bg { get; } = new(0.243, 4.414, 0.793, 2.426);

        public PurchaseHistory History { get; } = new(2, 30.43, 38.86);

        /// <summary>Expected purchases in 39 weeks by the paper's equation (10) as printed, with 2F1.</summary>
        public double Equation10
        {
            get
            {
                var (x, tx, age, t) = (2.0, 30.43, 38.86, 39.0);
                var (r, alpha, a, b) = (Bg.R, Bg.Alpha, Bg.A, Bg.B);
                return (a + b + x - 1) / (a - 1)
                    * (1 - Math.Pow((alpha + age) / (alpha + age + t), r + x) * Hypergeometric.F(r + x, b + x, a + b + x - 1, t / (alpha + age + t)))
                    / (1 + a / (b + x - 1) * Math.Pow((alpha + age) / (alpha + tx), r + x));
            }
        }

        public void Dispose() { }
    }
}
