using CustomerValue.Simulation;
using CustomerValue.Simulation.Behaviour;

namespace CustomerValue.Tests.Simulation.Behaviour;

public class CampaignTests
{
    [Fact]
    public void The_two_years_of_the_sample_have_five() =>
        Assert.Equal(
            ["2023-04-coupon10", "2023-08-free_shipping", "2023-12-new_arrivals", "2024-04-coupon10", "2024-08-loyalty_gift"],
            Campaign.Plan(new ShopOptions()).Select(campaign => campaign.Id));

    [Fact]
    public void The_effect_of_the_last_one_ends_within_the_period() =>
        Assert.All(Enumerable.Range(60, 600).Select(days => new ShopOptions { Days = days }),
            options => Assert.All(Campaign.Plan(options), campaign => Assert.True(campaign.Day + options.Process.CampaignDays < options.Days)));
}
