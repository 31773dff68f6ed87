using System.Runtime.CompilerServices;

namespace CustomerValue.Simulation;

/// <summary>The constants of the shop's process; docs/simulation.md writes the whole model out with these symbols.</summary>
public sealed record ShopProcess
{
    /// <summary>r: shape of the gamma from which a customer's order rate is drawn; the smaller, the less alike customers are.</summary>
    public double RateShape { get; init => field = Check.Within(value, 0.1, 100); } = 5;

    /// <summary>Mean of the order rate λ, in orders a day, of a customer in neutral mood in an average season.</summary>
    public double MeanRate { get; init => field = Check.Within(value, 1e-5, 1); } = 1 / 120.0;

    /// <summary>Shares of customers whose gaps between orders have Erlang shape k = 1 (Poisson), 2, 3, ... (the larger, the more regular).</summary>
    public IReadOnlyList<double> RegularityShares { get; init => field = Shares(value, atMost: 20); } = [0.4, 0.3, 0.2, 0.1];

    /// <summary>Shape of the gamma from which a customer's dropout hazard is drawn.</summary>
    public double HazardShape { get; init => field = Check.Within(value, 0.1, 100); } = 1.2;

    /// <summary>Mean of the dropout hazard η, a day, in neutral mood and average loyalty.</summary>
    public double MeanHazard { get; init => field = Check.Within(value, 0, 1); } = 1 / 2_500.0;

    /// <summary>p: shape of the gamma of a customer's order budgets around its own mean.</summary>
    public double BudgetShape { get; init => field = Check.Within(value, 0.1, 100); } = 3.0;

    /// <summary>q: shape of the gamma whose inverse is a customer's price level; the smaller, the heavier the tail of spend.</summary>
    public double BudgetTail { get; init => field = Check.Within(value, 1.1, 100); } = 3;

    /// <summary>Mean order budget over customers, in units of the currency.</summary>
    public double MeanBudget { get; init => field = Check.Within(value, 1, 1e6); } = 170;

    /// <summary>Days in which a mood fades to half.</summary>
    public double MoodHalfLifeDays { get; init => field = Check.Within(value, 1, 3_660); } = 75;

    /// <summary>σ_L: spread of loyalty over customers at the start.</summary>
    public double LoyaltySpread { get; init => field = Check.Within(value, 0, 5); } = 0.9;

    /// <summary>What one unit of experience adds to mood.</summary>
    public double ExperienceOnMood { get; init => field = Check.Within(value, 0, 5); } = 0.8;

    /// <summary>What one unit of experience adds to loyalty, for good.</summary>
    public double ExperienceOnLoyalty { get; init => field = Check.Within(value, 0, 5); } = 0.2;

    /// <summary>w: how much mood, loyalty and intent move what customers do, over what the constants below say. At 0 they speak through texts and change nothing.</summary>
    public double FeelingWeight { get; init => field = Check.Within(value, 0, 10); } = 2.5;

    /// <summary>B: what feelings can add to, or take off, the log of the order rate, or of an order's budget, at most: nobody can use ten times as much.</summary>
    public double MostOnRate { get; init => field = Check.Within(value, 0.01, 10); } = 1.2;

    /// <summary>γ_M: log of the order rate per unit of mood.</summary>
    public double MoodOnRate { get; init => field = Check.Within(value, 0, 5); } = 0.15;

    /// <summary>γ_L: log of the order rate per unit of loyalty.</summary>
    public double LoyaltyOnRate { get; init => field = Check.Within(value, 0, 5); } = 0.2;

    /// <summary>β_M: log of the dropout hazard taken off per unit of mood.</summary>
    public double MoodOnHazard { get; init => field = Check.Within(value, 0, 5); } = 0.8;

    /// <summary>β_L: log of the dropout hazard taken off per unit of loyalty.</summary>
    public double LoyaltyOnHazard { get; init => field = Check.Within(value, 0, 5); } = 1.1;

    /// <summary>Log of the order budget per unit of mood plus loyalty.</summary>
    public double FeelingOnBudget { get; init => field = Check.Within(value, 0, 5); } = 0.08;

    /// <summary>γ_J: log of the order rate while a customer means to restock.</summary>
    public double RestockOnRate { get; init => field = Check.Within(value, 0, 5); } = 0.6;

    /// <summary>Days for which the intent to restock lasts.</summary>
    public int RestockDays { get; init => field = Check.Within(value, 1, 3_660); } = 45;

    /// <summary>β_J: log of the dropout hazard while a customer means to leave.</summary>
    public double LeaveOnHazard { get; init => field = Check.Within(value, 0, 5); } = 1.4;

    /// <summary>Days for which the intent to leave lasts.</summary>
    public int LeaveDays { get; init => field = Check.Within(value, 1, 3_660); } = 70;

    /// <summary>Days for which a campaign contact moves the order rate.</summary>
    public int CampaignDays { get; init => field = Check.Within(value, 1, 365); } = 30;

    /// <summary>Mean of a customer's response ρ to campaigns.</summary>
    public double MeanResponse { get; init => field = Check.Within(value, -5, 5); } = 0.5;

    /// <summary>Spread of ρ over customers; it decides how many would rather be left alone.</summary>
    public double ResponseSpread { get; init => field = Check.Within(value, 0, 5); } = 0.6;

    /// <summary>Share of customers who join without ordering: they look around first, and their first order comes by the clock, or never.</summary>
    public double ColdShare { get; init => field = Check.Within(value, 0, 1); } = 0.15;

    /// <summary>Share of these who never order.</summary>
    public double VisitorShare { get; init => field = Check.Within(value, 0, 1); } = 0.35;

    /// <summary>Share of customers whose browsing is seen: the others never log in or agree to it.</summary>
    public double SeenShare { get; init => field = Check.Within(value, 0, 1); } = 0.65;

    /// <summary>Visits a day of a customer half-way to the next order, mean over customers.</summary>
    public double MeanVisitRate { get; init => field = Check.Within(value, 0, 1); } = 0.009;

    /// <summary>Log-odds of reviewing an order that went as expected, mean over customers.</summary>
    public double MeanReviewLogit { get; init => field = Check.Within(value, -20, 20); } = 0.3;

    /// <summary>Spread of these log-odds over customers.</summary>
    public double ReviewLogitSpread { get; init => field = Check.Within(value, 0, 5); } = 0.8;

    /// <summary>Log-odds of a chat about an order that went as expected, mean over customers.</summary>
    public double MeanChatLogit { get; init => field = Check.Within(value, -20, 20); } = -1.4;

    /// <summary>Spread of these log-odds over customers.</summary>
    public double ChatLogitSpread { get; init => field = Check.Within(value, 0, 5); } = 0.7;

    /// <summary>How much noise stands between what a customer feels and what a text is written from: 0 for none but the writer's own choice of what to say.</summary>
    public double TextNoise { get; init => field = Check.Within(value, 0, 100); } = 1;

    /// <summary>Shares of customers who write Chinese, English, and both.</summary>
    public IReadOnlyList<double> LanguageShares { get; init => field = Shares(value, atMost: 3); } = [0.55, 0.3, 0.15];

    /// <summary>ISO 4217 code of every amount.</summary>
    public string Currency { get; init; } = "CNY";

    private static IReadOnlyList<double> Shares(IReadOnlyList<double> shares, int atMost, [CallerMemberName] string name = "") =>
        shares.Count >= 1 && shares.Count <= atMost && shares.All(share => share >= 0 && double.IsFinite(share)) && shares.Sum() > 0 ? shares
            : throw new ArgumentException($"{name} needs one to {atMost} shares, none of them negative and not all 0; given: {string.Join(", ", shares)}.", name);
}
