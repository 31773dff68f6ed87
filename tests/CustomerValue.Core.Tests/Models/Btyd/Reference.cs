using System.Globalization;
using CustomerValue.Features;
using CustomerValue.Models.Btyd;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models.Btyd;

/// <summary>One line of tests/golden/btyd-reference.csv: a model's answers by the papers' closed forms in 60 digits.</summary>
internal sealed record Reference(string Model, double[] P, PurchaseHistory History, double Horizon, double LogLikelihood, double Alive, double Expected, double NoPurchase)
{
    public static IEnumerable<Reference> Of(string model) =>
        File.ReadLines(Path.Combine(RealData.Root, "tests", "golden", "btyd-reference.csv")).Skip(1).Select(line => line.Split(',')).Where(f => f[0] == model)
            .Select(f => (Name: f[0], V: f.Skip(1).Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray()))
            .Select(f => new Reference(f.Name, f.V[..4], new(f.V[4], f.V[5], f.V[6]), f.V[7], f.V[8], f.V[9], f.V[10], f.V[11]));

    /// <summary>Every answer of the model, one customer and many at once, is the reference to eleven digits.</summary>
    public void Meets(IPurchaseModel model, double logLikelihood, double alive, double expected, double noPurchase)
    {
        Close(LogLikelihood, logLikelihood, 1e-9);
        Close(Alive, alive, 0);
        Close(Expected, expected, 0);
        Assert.Equal(NoPurchase, noPurchase, 1e-12);

        var many = Histories([History, new(0, 0, 10), History]);
        Assert.Equal([logLikelihood, logLikelihood], Ends(model.LogLikelihood(many)));
        Assert.Equal([alive, alive], Ends(model.ProbabilityAlive(many)));
        Assert.Equal([noPurchase, noPurchase], Ends(model.ProbabilityOfNoPurchase(many, Horizon)));
        foreach (var one in Ends(model.ExpectedPurchases(many, Horizon))) Close(expected, one, 0);
    }

    public static PurchaseHistories Histories(params PurchaseHistory[] rows) =>
        new([.. rows.Select((_, i) => $"c{i:D4}")], [.. rows.Select(h => h.Frequency)], [.. rows.Select(h => h.Recency)], [.. rows.Select(h => h.Age)],
            new double[rows.Length], new double[rows.Length]);

    private void Close(double expected, double found, double absolute) =>
        Assert.True(Math.Abs(found - expected) <= absolute + 1e-11 * Math.Abs(expected), $"{this}: found {found:R} where {expected:R} is right.");

    private static double[] Ends(double[] values) => [values[0], values[^1]];
}
