using CustomerValue.Features;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

/// <summary>What holds for every model of purchases, whatever its parameters.</summary>
internal static class ModelLaws
{
    private static readonly double[] s_weeks = [0, 0.14, 1, 26, 39, 104, 520];

    public static void Hold(IPurchaseModel model)
    {
        The_longer_the_silence_the_less_likely_a_customer_is_alive(model);
        Longer_horizons_bring_more_purchases_and_fewer_customers_without_one(model);
        Every_answer_is_a_number(model);
        Both_questions_agree_on_what_is_certain(model);
    }

    private static void The_longer_the_silence_the_less_likely_a_customer_is_alive(IPurchaseModel model)
    {
        foreach (var x in new[] { 1, 5, 20, 120 })
        {
            var chances = model.ProbabilityAlive(Reference.Histories([.. Enumerable.Range(0, 60).Select(w => new PurchaseHistory(x, 10, 10 + w))]));
            Assert.Equal(chances.OrderDescending(), chances);
        }
    }

    private static void Longer_horizons_bring_more_purchases_and_fewer_customers_without_one(IPurchaseModel model)
    {
        var histories = Grid();
        var purchases = s_weeks.Select(w => model.ExpectedPurchases(histories, w)).ToArray();
        var none = s_weeks.Select(w => model.ProbabilityOfNoPurchase(histories, w)).ToArray();
        for (var row = 0; row < histories.Count; row++)
            for (var i = 1; i < s_weeks.Length; i++)
            {
                Assert.True(purchases[i][row] >= purchases[i - 1][row] * (1 - 1e-12), $"{histories[row]}: {s_weeks[i]} weeks bring {purchases[i][row]:R} purchases, {s_weeks[i - 1]} weeks {purchases[i - 1][row]:R}.");
                Assert.True(none[i][row] <= none[i - 1][row] + 1e-12);
            }
    }

    private static void Every_answer_is_a_number(IPurchaseModel model)
    {
        var histories = Grid();
        Assert.All(model.LogLikelihood(histories), v => Assert.True(double.IsFinite(v)));
        Assert.All(model.ProbabilityAlive(histories), v => Assert.InRange(v, 0, 1));
        foreach (var weeks in s_weeks)
        {
            Assert.All(model.ExpectedPurchases(histories, weeks), v => Assert.True(double.IsFinite(v) && v >= 0));
            Assert.All(model.ProbabilityOfNoPurchase(histories, weeks), v => Assert.InRange(v, 0, 1));
        }
    }

    private static void Both_questions_agree_on_what_is_certain(IPurchaseModel model)
    {
        var histories = Grid();
        var alive = model.ProbabilityAlive(histories);
        var none = model.ProbabilityOfNoPurchase(histories, 26);
        var expected = model.ExpectedPurchases(histories, 26);
        for (var row = 0; row < histories.Count; row++)
        {
            Assert.True(none[row] >= 1 - alive[row] - 1e-12);             // the gone don't buy
            Assert.True(1 - none[row] <= expected[row] * (1 + 1e-9) + 1e-12); // at least one purchase has probability at most the mean number (Markov)
        }
    }

    private static PurchaseHistories Grid() => Reference.Histories(
    [
        .. from x in new double[] { 0, 1, 2, 7, 40, 41, 123, 1000, 20000 }
           from age in new[] { 0, 0.14, 20, 38.86, 520 }
           from share in new[] { 0, 0.5, 1 }
           select new PurchaseHistory(x, x == 0 ? 0 : age * share, age),
    ]);
}
