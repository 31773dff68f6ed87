using System.Globalization;
using CustomerValue.Simulation.Chance;

namespace CustomerValue.Simulation.Behaviour;

/// <summary>One campaign to a random part of the known customers, a third of them held out.</summary>
/// <param name="Id">Its name, such as 2023-04-newcomers.</param>
/// <param name="Day">Day of the contacts, from 0.</param>
/// <param name="Treatment">What is offered.</param>
/// <param name="Channel">How it is sent.</param>
/// <param name="Cost">Cost of one contact, in currency.</param>
/// <param name="Strength">Log of the order rate that it adds to a customer of response ρ = 1.</param>
internal sealed record Campaign(string Id, int Day, string Treatment, string Channel, decimal Cost, double Strength)
{
    /// <summary>Share of the known customers who are in a campaign at all.</summary>
    public const double ReachedShare = 0.5;

    /// <summary>Share of these who are held out.</summary>
    public const double ControlShare = 1 / 3.0;

    /// <summary>Probability of an answer of one who has dropped out.</summary>
    public const double AnswerChanceAfter = 0.01;

    private const int FirstDay = 95, Every = 125;

    private static readonly (string Treatment, string Channel, decimal Cost, double Strength)[] s_offers =
    [
        ("coupon10", "email", 0.05m, 0.7), ("free_shipping", "sms", 0.12m, 0.5), ("new_arrivals", "app", 0.02m, 0.3),
        ("coupon10", "sms", 0.15m, 0.8), ("loyalty_gift", "email", 2.50m, 0.9),
    ];

    /// <summary>Probability that a contact is answered.</summary>
    /// <param name="response">ρ.</param>
    /// <param name="loyalty">L.</param>
    /// <param name="progress">φ: how near the next order is.</param>
    public static double AnswerChance(double response, double loyalty, double progress) => PortableMath.Logistic(-1.9 + 0.9 * response + 0.3 * loyalty + progress);

    /// <summary>The campaigns of a period: one every 125 days, whose effect still fits in.</summary>
    public static IReadOnlyList<Campaign> Plan(ShopOptions options)
    {
        var campaigns = new List<Campaign>();
        for (var day = FirstDay; day + options.Process.CampaignDays < options.Days; day += Every)
        {
            var (treatment, channel, cost, strength) = s_offers[campaigns.Count % s_offers.Length];
            var date = options.Start.AddDays(day);
            campaigns.Add(new Campaign(string.Create(CultureInfo.InvariantCulture, $"{date:yyyy-MM}-{treatment}"), day, treatment, channel, cost, strength));
        }
        return campaigns;
    }
}
