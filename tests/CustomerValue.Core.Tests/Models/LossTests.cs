using CustomerValue.Models;

namespace CustomerValue.Tests.Models;

public class LossTests
{
    [Fact]
    public void Log_loss_by_hand() =>                          // -(ln .8 + ln .9) / 2
        Assert.Equal(0.164252033486018, Loss.Log([0.8, 0.1], [1, 0]), 12);

    [Fact]
    public void Log_loss_stays_finite_for_a_sure_and_wrong_answer() => Assert.Equal(34.538776394910684, Loss.Log([0.0], [1.0]), 6);

    [Fact]
    public void Tweedie_deviance_by_hand() =>                  // power 1.5: 2 y / sqrt(mu) + 2 sqrt(mu) = 2 * 9 / 2 + 2 * 2
        Assert.Equal(13, Loss.Tweedie([4], [9], 1.5), 12);

    [Fact]
    public void Deviances_are_least_at_the_mean()
    {
        double[] actual = [1, 2, 9];
        double[] means = [2, 3, 3.9, 4, 4.1, 5, 6];
        Assert.Equal(4, means.MinBy(m => Loss.Tweedie([m, m, m], actual, 1.5)));
        Assert.Equal(4, means.MinBy(m => Loss.Gamma([m, m, m], actual)));
        Assert.Equal(4, means.MinBy(m => Loss.Squared([m, m, m], actual)));
        Assert.Equal(2, means.MinBy(m => Loss.Absolute([m, m, m], actual)));
    }

    [Fact]
    public void Ranking_is_zero_for_the_perfect_order_and_two_for_the_reverse()
    {
        double[] actual = [0, 1, 2, 10];
        Assert.Equal(0, Loss.Ranking([1, 2, 3, 4], actual), 12);
        Assert.Equal(2, Loss.Ranking([4, 3, 2, 1], actual), 12);
    }

    [Fact]
    public void Ranking_by_hand() =>                           // orders (0, 4, 1): areas under the curve .. 0 + 4 + 5 = 9, perfect 4 + 5 + 5 = 14, diagonal 5 * 4 / 2 = 10
        Assert.Equal(1 - (9.0 - 10) / (14 - 10), Loss.Ranking([3, 1, 2], [0, 1, 4]), 12);

    [Fact]
    public void Columns_of_different_length_are_refused() =>
        Assert.Contains("2 rows where 1", Assert.Throws<ArgumentException>(() => Loss.Log([0.5, 0.5], [1])).Message, StringComparison.Ordinal);
}
