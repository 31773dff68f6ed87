using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Chance;

namespace CustomerValue.Tests.Simulation.Behaviour;

public class OrderClockTests
{
    [Theory, InlineData(0.1), InlineData(1.0), InlineData(3.7)]
    public void Survival_is_the_Erlang_one(double x)
    {
        Assert.Equal(Math.Exp(-x), OrderClock.Survival(1, x), 1e-14);
        Assert.Equal(Math.Exp(-2 * x) * (1 + 2 * x), OrderClock.Survival(2, x), 1e-14);
        Assert.Equal(Math.Exp(-3 * x) * (1 + 3 * x + 9 * x * x / 2), OrderClock.Survival(3, x), 1e-14);
    }

    [Theory, InlineData(1), InlineData(4)]
    public void Gaps_have_mean_one_and_the_more_regular_spread_less(int regularity)
    {
        const double Step = 0.01;
        var clock = new OrderClock(regularity, new RandomStream(3, 1, Purpose.Orders));
        var gaps = new List<double>();
        for (var gap = 0.0; gaps.Count < 20_000;)
        {
            gap += Step;
            if (!clock.Advance(Step)) continue;
            gaps.Add(gap);
            gap = 0;
        }
        Assert.Equal(1, gaps.Average(), 0.03);
        Assert.Equal(1.0 / regularity, gaps.Average(g => (g - 1) * (g - 1)), 0.06);
    }

    [Fact]
    public void Progress_runs_from_0_to_1_and_begins_again()
    {
        var clock = new OrderClock(2, new RandomStream(4, 1, Purpose.Orders));
        Assert.Equal(0, clock.Progress);
        var last = 0.0;
        while (!clock.Advance(0.05))
        {
            Assert.InRange(clock.Progress, last, 1);
            last = clock.Progress;
        }
        Assert.Equal(0, clock.Progress);
    }
}
