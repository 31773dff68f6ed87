using CustomerValue.Features;
using CustomerValue.Models.Btyd;
using FsCheck.Fluent;

namespace CustomerValue.Tests.Models.Btyd;

/// <summary>How many purchases a customer makes: the distribution behind expected purchases and the probability of none.</summary>
public class PurchaseTailTests
{
    private static readonly double[] s_all = [.. Enumerable.Range(1, 4000).Select(j => (double)j)];

    public static TheoryData<IPurchaseModel> Models =>
    [
        new BgNbdModel(0.243, 4.414, 0.793, 2.426), new BgNbdModel(2, 4, 0.3, 6), new MbgNbdModel(0.525, 6.18, 0.891, 1.614),
        new ParetoNbdModel(0.553, 10.578, 0.606, 11.669), new ParetoNbdModel(2, 4, 0.6, 40), new ParetoNbdModel(30, 2, 80, 900),
    ];

    [Theory, MemberData(nameof(Models))]
    public void Probabilities_sum_to_one_and_meet_both_older_answers(IPurchaseModel model)
    {
        foreach (var history in Histories())
        {
            var one = Reference.Histories(history);
            var atLeast = Tail(model, history, 39);
            var (none, expected) = (model.ProbabilityOfNoPurchase(one, 39)[0], model.ExpectedPurchases(one, 39)[0]);
            Assert.Equal(none, 1 - atLeast[0], 1e-8);
            if (atLeast.Length < s_all.Length) Assert.Equal(expected, atLeast.Sum(), 1e-6 * expected + 1e-9);
            Assert.All(atLeast.Zip(atLeast.Skip(1)), pair => Assert.True(pair.First >= pair.Second));
            Assert.Equal(1, 1 - atLeast[0] + atLeast.Zip(atLeast.Skip(1), (from, to) => from - to).Sum() + atLeast[^1], 1e-12);
        }
    }

    [Fact]
    public void Any_parameters_and_any_history_give_a_distribution_with_the_expected_mean()
    {
        var examples =
            from shape in Property.Between(0.05, 20)
            from weeks in Property.Between(0.5, 100)
            from stop in Property.Between(0.05, 20)
            from stay in Property.Between(0.1, 100)
            from x in Gen.Frequency((1, Gen.Constant(0.0)), (3, Gen.Choose(1, 60).Select(n => (double)n)))
            from age in Property.Between(0.1, 200)
            from share in Property.Between(0.05, 1)
            from kind in Gen.Choose(0, 2)
            select (Model: kind switch { 0 => (IPurchaseModel)new BgNbdModel(shape, weeks, stop, stay), 1 => new MbgNbdModel(shape, weeks, stop, stay), _ => new ParetoNbdModel(shape, weeks, stop, stay) },
                    History: new PurchaseHistory(x, x == 0 ? 0 : age * share, age));
        Property.Holds(examples, example =>
        {
            var (model, history) = example;
            var (one, atLeast) = (Reference.Histories(history), Tail(model, history, 39));
            Assert.Equal(model.ProbabilityOfNoPurchase(one, 39)[0], 1 - atLeast[0], 1e-8);
            Assert.All(atLeast, p => Assert.InRange(p, 0, 1));
            var expected = model.ExpectedPurchases(one, 39)[0];
            if (atLeast.Length < s_all.Length) Assert.Equal(expected, atLeast.Sum(), 1e-6 * expected + 1e-9);
        });
    }

    [Theory, MemberData(nameof(Models))]
    public void Numbers_asked_for_alone_are_those_of_the_whole(IPurchaseModel model)
    {
        foreach (var history in Histories())
        {
            var atLeast = Tail(model, history, 39);
            foreach (var j in new[] { 2, 5, 20 })
            {
                var alone = new double[1];
                var written = model.ProbabilityOfAtLeast(history, 39, [j], alone);
                Assert.Equal(j <= atLeast.Length ? atLeast[j - 1] : 0, written == 0 ? 0 : alone[0], 1e-12);
            }
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void Stepping_to_a_thousand_and_jumping_beyond_agree(IPurchaseModel model)     // by recurrence, or by the incomplete beta function
    {
        var alpha = model is BetaGeometricModel beta ? beta.Alpha : ((ParetoNbdModel)model).Alpha;
        foreach (var age in new[] { 4.5, 12, 30 })
        {
            var found = new double[4];
            Assert.Equal(4, model.ProbabilityOfAtLeast(new(300, age, age), 3.3 * (age + alpha), [999, 1000, 1001, 1002], found));
            var (stepped, across, jumped) = (found[0] - found[1], found[1] - found[2], found[2] - found[3]);     // P(Y = 999), P(Y = 1000), P(Y = 1001)
            Assert.True(stepped > 1e-6, $"P(Y = 999) is {stepped}");
            Assert.Equal((stepped + jumped) / 2, across, 1e-3 * across);
        }
    }

    [Theory, InlineData(13), InlineData(39), InlineData(200)]
    public void For_a_new_BG_NBD_customer_it_is_the_papers_equation_8(double t)
    {
        var (r, alpha, a, b) = (0.243, 4.414, 0.793, 2.426);
        var atLeast = Tail(new BgNbdModel(r, alpha, a, b), new(0, 0, 0), t);
        double sum = 0;
        for (var x = 0; x < 12; x++)
        {
            var pmf = Math.Exp(GammaFunctions.LogRising(r, x) - GammaFunctions.LogGamma(x + 1) + r * Math.Log(alpha / (alpha + t)) + x * Math.Log(t / (alpha + t)));
            var stays = Math.Exp(GammaFunctions.LogBeta(a, b + x) - GammaFunctions.LogBeta(a, b)) * pmf;
            var stops = x == 0 ? 0 : Math.Exp(GammaFunctions.LogBeta(a + 1, b + x - 1) - GammaFunctions.LogBeta(a, b)) * (1 - sum);
            Assert.Equal(stays + stops, (x == 0 ? 1 : atLeast[x - 1]) - atLeast[x], 1e-11);
            sum += pmf;
        }
    }

    [Fact]
    public void For_Pareto_NBD_it_is_the_plain_integral_over_lifetimes()
    {
        var model = new ParetoNbdModel(0.553, 10.578, 0.606, 11.669);
        var history = new PurchaseHistory(3, 20, 30);
        var atLeast = Tail(model, history, 39);
        var (n, alpha, beta) = (model.R + 3, model.Alpha + 30, model.Beta + 30);
        for (var j = 1; j < 8; j++)
        {
            const int Steps = 20_000;
            var sum = Math.Pow(beta / (beta + 39), model.S) * Reaches(j, 39);
            for (var i = 0; i < Steps; i++)
            {
                var t = 39.0 * (i + 0.5) / Steps;
                sum += 39.0 / Steps * model.S / beta * Math.Pow(beta / (beta + t), model.S + 1) * Reaches(j, t);
            }
            Assert.Equal(model.ProbabilityAlive(history) * sum, atLeast[j - 1], 1e-8);
        }

        double Reaches(int j, double t) =>
            1 - Enumerable.Range(0, j).Sum(i => Math.Exp(GammaFunctions.LogRising(n, i) - GammaFunctions.LogGamma(i + 1) + n * Math.Log(alpha / (alpha + t)) + i * Math.Log(t / (alpha + t))));
    }

    [Fact]
    public void Heavy_buyers_over_long_horizons_are_answered()
    {
        // A purchase a day for three years, ten years ahead: (1 + y)^(-n) is far too small for a double.
        foreach (var model in new IPurchaseModel[] { new BgNbdModel(2, 4, 1e-6, 1e4), new ParetoNbdModel(2, 4, 1e-6, 1e4) })
        {
            var middle = 1002 / (4.0 + 156) * 520;
            var found = new double[3];
            Assert.Equal(3, model.ProbabilityOfAtLeast(new(1000, 156, 156), 520, [1, Math.Floor(middle), Math.Floor(1.05 * middle)], found));
            Assert.Equal(1, found[0], 1e-3);
            Assert.Equal(0.5, found[1], 0.02);
            Assert.InRange(found[2], 0.01, 0.12);                             // 5 % above the middle, of a spread of 3.6 %
        }
    }

    private static double[] Tail(IPurchaseModel model, PurchaseHistory history, double weeks)
    {
        var atLeast = new double[s_all.Length];
        return atLeast[..Math.Max(1, model.ProbabilityOfAtLeast(history, weeks, s_all, atLeast))];
    }

    private static IEnumerable<PurchaseHistory> Histories() =>
        from x in new double[] { 0, 1, 4, 30, 300 }
        from age in new[] { 0.5, 20, 104 }
        from share in new[] { 0.9, 1 }
        select new PurchaseHistory(x, x == 0 ? 0 : age * share, age);
}
