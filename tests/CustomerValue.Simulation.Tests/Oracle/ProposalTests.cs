using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Oracle;

namespace CustomerValue.Tests.Simulation.Oracle;

/// <summary>What is drawn near the records and weighed back: the weights must bring the mean of the exact posterior, and the draws lie near it.</summary>
public class ProposalTests
{
    [Theory, InlineData(1.2, 0.1), InlineData(-2.5, 0.2), InlineData(-0.4, 0.05), InlineData(0.3, 3)]
    public void Experiences_drawn_near_a_sight_are_weighed_back_to_their_posterior(double seen, double variance)
    {
        var chance = new RandomStream(7, 1, Purpose.Oracle);
        double Likelihood(double e) => Math.Exp(-0.5 * (seen - e) * (seen - e) / variance);
        double weights = 0, squares = 0, sum = 0;
        const int Draws = 20_000;
        for (var i = 0; i < Draws; i++)
        {
            var (experience, prior) = Experience.DrawNear(seen, variance, chance);
            var weight = Math.Exp(prior) * Likelihood(experience);
            (weights, squares, sum) = (weights + weight, squares + weight * weight, sum + weight * experience);
        }
        double[] grid = [.. Enumerable.Range(-600, 1_201).Select(i => i / 100.0)];
        Assert.Equal(grid.Sum(e => e * Experience.Density(e) * Likelihood(e)) / grid.Sum(e => Experience.Density(e) * Likelihood(e)), sum / weights, 0.02);
        Assert.True(weights * weights / squares > 0.99 * Draws, "it is the posterior itself, up to rounding");
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
