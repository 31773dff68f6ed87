using CustomerValue.Simulation;
using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Tests.Simulation.Behaviour;

public class LatentStateTests
{
    private static readonly ShopProcess s_process = new();

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
        Assert.Equal(Math.Exp(s_process.RestockOnRate), state.RateFactor(100 + s_process.RestockDays), 1e-12);
        Assert.Equal(Intent.Open, state.FeelingOn(101 + s_process.RestockDays, 0).Intent);
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
