using CustomerValue.LightGbm;
using CustomerValue.Models;

namespace CustomerValue.Tests.LightGbm;

public class LevelledTests
{
    private static readonly double[] s_amounts = [3, 0, 12, 7], s_answers = [2, 1, 9, 8];
    private static readonly double[] s_gone = [1, 0, 1, 0], s_chances = [0.6, 0.3, 0.55, 0.4];

    [Fact]
    public void A_factor_on_all_answers_changes_nothing()
    {
        double[] tripled = [.. s_answers.Select(a => 3 * a)];
        Assert.Equal(Levelled.Tweedie(s_answers, s_amounts, 1.5), Levelled.Tweedie(tripled, s_amounts, 1.5), 9);
        Assert.Equal(Levelled.Gamma(s_answers, s_amounts), Levelled.Gamma(tripled, s_amounts), 9);
    }

    [Fact]
    public void A_shift_of_all_logits_or_logs_changes_nothing()
    {
        double[] shifted = [.. s_chances.Select(p => LogisticCurve.Sigmoid(LogisticCurve.Logit(p) + 1.7))];
        Assert.Equal(Levelled.Log(s_chances, s_gone), Levelled.Log(shifted, s_gone), 7);
        Assert.Equal(Levelled.Squared(s_answers, s_amounts), Levelled.Squared([.. s_answers.Select(a => a + 5)], s_amounts), 9);
    }

    [Fact]
    public void The_level_taken_is_the_best_there_is()
    {
        var factors = Enumerable.Range(1, 400).Select(n => n / 100.0).ToArray();
        Assert.Equal(factors.Min(f => Loss.Tweedie([.. s_answers.Select(a => f * a)], s_amounts, 1.3)), Levelled.Tweedie(s_answers, s_amounts, 1.3), 1e-3);
        Assert.Equal(factors.Min(f => Loss.Gamma([.. s_answers.Select(a => f * a)], s_amounts)), Levelled.Gamma(s_answers, s_amounts), 1e-3);
        Assert.Equal(factors.Min(f => Loss.Log([.. s_chances.Select(p => LogisticCurve.Sigmoid(LogisticCurve.Logit(p) + f - 2))], s_gone)), Levelled.Log(s_chances, s_gone), 1e-4);
    }

    [Fact]
    public void The_better_order_has_the_smaller_loss() =>
        Assert.True(Levelled.Log([0.9, 0.2, 0.8, 0.3], s_gone) < Levelled.Log([0.2, 0.9, 0.3, 0.8], s_gone));
}
