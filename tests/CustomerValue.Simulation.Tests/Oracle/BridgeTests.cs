using CustomerValue.Simulation;
using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Oracle;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Tests.Simulation.Oracle;

public class BridgeTests
{
    private static readonly ShopProcess s_process = new();
    private static readonly ObservedLife.Text s_review = new(0, IsChat: false, OfVisit: false, 0, 0, Intent.Open);

    [Fact]
    public void One_experience_between_two_texts_is_what_mood_and_loyalty_say()
    {
        // Two sums, two unknowns: the one that no text told, 40 days before the next, and the one that it tells.
        var bridge = new Bridge(s_process, moodWidth: 0.3, loyaltyWidth: 0.001).To(s_review);
        var (mean, variance) = Experience.MeanAndVariance;
        var faded = bridge.Faded(40);
        foreach (var (untold, told) in new[] { (1.2, -0.4), (-2.0, 0.3), (0.1, 0.1) })
        {
            var (guess, spread) = bridge.Guess(mean, variance, faded, 1, faded * untold + told, untold + told);
            Assert.Equal(untold, guess, 0.02);
            Assert.InRange(spread, 0, 0.05);
        }
    }

    [Fact]
    public void Of_several_it_is_the_regression_that_draws_show()
    {
        // Three untold experiences: 90, 50 and 10 days before. The line fitted to 40,000 draws against the guess of the first.
        var chance = new RandomStream(5, 1, Purpose.Oracle);
        var (mean, variance) = Experience.MeanAndVariance;
        var bridge = new Bridge(s_process, moodWidth: 0.3, loyaltyWidth: 0.02).To(s_review);
        bridge.Meet(50);
        bridge.Meet(10);
        var (faded, off, square, spreads) = (bridge.Faded(90), 0.0, 0.0, 0.0);
        const int Draws = 40_000;
        for (var i = 0; i < Draws; i++)
        {
            double first = Experience.Draw(chance), second = Experience.Draw(chance), third = Experience.Draw(chance), told = Experience.Draw(chance);
            var (guess, spread) = bridge.Guess(mean, variance, faded, 1,
                faded * first + bridge.Faded(50) * second + bridge.Faded(10) * third + told, first + second + third + told + 0.02 / s_process.ExperienceOnLoyalty * chance.Normal());
            (off, square, spreads) = (off + first - guess, square + (first - guess) * (first - guess), spread);
        }
        Assert.Equal(0, off / Draws, 0.02);
        Assert.Equal(spreads, Math.Sqrt(square / Draws), 0.02);
        Assert.True(spreads < 0.9 * Math.Sqrt(variance));
    }

    [Theory, InlineData(0, 0), InlineData(3, 4), InlineData(0, 6), InlineData(20, 20)]
    public void Log_odds_drawn_near_a_count_are_weighed_back_to_their_posterior(int yes, int of)
    {
        var (chance, proposal) = (new RandomStream(6, 1, Purpose.Oracle), new LogitProposal(-0.5, 0.8, yes, of));
        double Likelihood(double logit) => Math.Exp(-(yes * Math.Log(1 + Math.Exp(-logit)) + (of - yes) * Math.Log(1 + Math.Exp(logit))));
        double weights = 0, squares = 0, sum = 0;
        const int Draws = 20_000;
        for (var i = 0; i < Draws; i++)
        {
            var (logit, prior) = proposal.Draw(chance);
            var weight = Math.Exp(prior) * Likelihood(logit);
            (weights, squares, sum) = (weights + weight, squares + weight * weight, sum + weight * logit);
        }
        double[] grid = [.. Enumerable.Range(-600, 1_201).Select(i => i / 100.0)];
        double Posterior(double x) => Math.Exp(-0.5 * (x + 0.5) * (x + 0.5) / 0.64) * Likelihood(x);
        Assert.Equal(grid.Sum(x => x * Posterior(x)) / grid.Sum(Posterior), sum / weights, 0.03);
        Assert.True(weights * weights / squares > 0.8 * Draws, "the draws aren't near");
    }
}
