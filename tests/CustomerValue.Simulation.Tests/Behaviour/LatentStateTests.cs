using CustomerValue.Simulation;
using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Tests.Simulation.Behaviour;

public class LatentStateTests
{
    private static readonly ShopProcess s_process = new() { FeelingWeight = 1 };

    [Fact]
    public void A_mood_fades_to_half_in_its_half_life_and_loyalty_stays()
    {
        var state = new LatentState(s_process, loyalty: 0.3);
        state.Meet(2);
        var (mood, loyalty) = (state.Mood, state.Loyalty);
        for (var day = 0; day < 75; day++) state.PassDay();
        Assert.Equal(mood / 2, state.Mood, 1e-12);
        Assert.Equal(loyalty, state.Loyalty);
    }

    [Fact]
    public void A_good_mood_brings_orders_and_keeps_customers()
    {
        LatentState good = new(s_process, 0), poor = new(s_process, 0);
        good.Meet(1);
        poor.Meet(-1);
        Assert.True(good.RateFactor(1) > 1 && poor.RateFactor(1) < 1);
        Assert.True(good.HazardFactor(1) < 1 && poor.HazardFactor(1) > 1);
        Assert.True(good.BudgetFactor() > poor.BudgetFactor());
    }

    [Fact]
    public void Intents_hold_for_their_days_and_no_longer()
    {
        var state = new LatentState(s_process, 0);
        state.Intend(Intent.Leave, day: 10);
        Assert.Equal(Math.Exp(s_process.LeaveOnHazard), state.HazardFactor(10 + s_process.LeaveDays), 1e-12);
        Assert.Equal(1, state.HazardFactor(11 + s_process.LeaveDays));
        state.Intend(Intent.Restock, day: 100);
        var (meant, most) = (s_process.RestockOnRate, s_process.MostOnRate);
        Assert.Equal(Math.Exp(meant / Math.Sqrt(1 + meant * meant / (most * most))), state.RateFactor(100 + s_process.RestockDays), 1e-12);
        Assert.Equal(Intent.Open, state.FeelingOn(101 + s_process.RestockDays, 0).Intent);
    }

    [Fact]
    public void However_strong_a_feeling_orders_have_their_bound()
    {
        var process = new ShopProcess { FeelingWeight = 10 };
        LatentState mad = new(process, 50), cold = new(process, -50);
        foreach (var factor in new[] { mad.RateFactor(1), mad.BudgetFactor() }) Assert.InRange(factor, 0.95 * Math.Exp(process.MostOnRate), Math.Exp(process.MostOnRate));
        foreach (var factor in new[] { cold.RateFactor(1), cold.BudgetFactor() }) Assert.InRange(factor, Math.Exp(-process.MostOnRate), 1.05 * Math.Exp(-process.MostOnRate));
        Assert.Equal((1, 1, 1), (new LatentState(new() { FeelingWeight = 0 }, 50) is var flat ? flat.RateFactor(1) : 0, flat.HazardFactor(1), flat.BudgetFactor()));
    }

    [Fact]
    public void A_contact_that_is_not_wanted_slows_orders_and_drives_away()
    {
        var state = new LatentState(s_process, 0);
        state.Contact(-0.5, day: 5);
        Assert.Equal(Math.Exp(-0.5), state.RateFactor(35), 1e-12);
        Assert.Equal(Math.Exp(0.5), state.HazardFactor(35), 1e-12);
        Assert.Equal((1, 1), (state.RateFactor(36), state.HazardFactor(36)));
    }

    [Fact]
    public void A_copy_has_a_future_of_its_own()
    {
        var state = new LatentState(s_process, 0);
        var copy = state;
        copy.Meet(3);
        Assert.Equal(0, state.Mood);
    }
}
