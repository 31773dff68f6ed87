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

    public static PublishedNumbers Subject { get; } = new("formulas", [], (_, _) => Numbers());

    private static IEnumerable<PublishedNumber> Numbers()
    {
        var model = new BgNbdModel(0.243, 4.414, 0.793, 2.426);
        var history = new PurchaseHistory(2, 30.43, 38.86);
        yield return PublishedNumber.ToDecimals("bg_nbd.expected_purchases_39", Excel, 1.226, model.ExpectedPurchases(history, 39), 3);

        // The same by the paper's equation (10) as printed, with 2F1.
        var (x, tx, age, t) = (2.0, 30.43, 38.86, 39.0);
        var (r, alpha, a, b) = (model.R, model.Alpha, model.A, model.B);
        var printed = (a + b + x - 1) / (a - 1)
            * (1 - Math.Pow((alpha + age) / (alpha + age + t), r + x) * Hypergeometric.F(r + x, b + x, a + b + x - 1, t / (alpha + age + t)))
            / (1 + a / (b + x - 1) * Math.Pow((alpha + age) / (alpha + tx), r + x));
        yield return PublishedNumber.ToDecimals("bg_nbd.expected_purchases_39_equation_10", Excel, 1.226, printed, 3);
        yield return new("bg_nbd.two_ways_agree", $"{Fader2005}, equation (10) against our series", printed, model.ExpectedPurchases(history, 39), 1e-12);
        yield return PublishedNumber.ToDecimals("gamma_gamma.population_mean", GammaNote, 35, new GammaGammaModel(6.25, 3.74, 15.44).PopulationMean, 0);

        yield return new("2f1.logarithm", $"{Handbook}.3: F(1, 1; 2; z) = -ln(1 - z) / z at z = 1/2", 2 * Math.Log(2), Hypergeometric.F(1, 1, 2, 0.5), 1e-15);
        yield return new("2f1.logarithm_near_1", $"{Handbook}.3 at z = 0.99", -Math.Log(0.01) / 0.99, Hypergeometric.F(1, 1, 2, 0.99), 1e-12);
        yield return new("2f1.arctangent", $"{Handbook}.5: F(1/2, 1; 3/2; -z²) = arctan z / z at z = 2", Math.Atan(2) / 2, Hypergeometric.F(0.5, 1, 1.5, -4), 1e-14);
        yield return new("2f1.arcsine", $"{Handbook}.6: F(1/2, 1/2; 3/2; z²) = arcsin z / z at z = 0.9", Math.Asin(0.9) / 0.9, Hypergeometric.F(0.5, 0.5, 1.5, 0.81), 1e-14);
        yield return new("2f1.power", $"{Handbook}.8: F(a, b; b; z) = (1 - z)^(-a) at a = 123.45, z = 0.7, logarithm", -123.45 * Math.Log(0.3), Hypergeometric.Log(123.45, 7, 7, 0.7), 1e-11);
    }
}
