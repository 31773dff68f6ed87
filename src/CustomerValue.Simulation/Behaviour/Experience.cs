using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Simulation.Behaviour;

/// <summary>How an order that arrives is taken, and what follows from it: the process of docs/simulation.md, in one place for those who draw from it and those who infer.</summary>
internal static class Experience
{
    /// <summary>Days from the order to the soonest delivery, and how many days may be the one.</summary>
    public const int SoonestDelivery = 2, DeliverySpread = 6;

    /// <summary>Share of chats that are solved.</summary>
    public const double SolvedShare = 0.65;

    /// <summary>What a chat counts for as an experience, solved and not.</summary>
    public const double Solved = 0.5, Unsolved = -1.0;

    /// <summary>Share of those with an unsolved chat who then mean to leave.</summary>
    public const double LeavesUnsolved = 0.35;

    /// <summary>Share of those who ask before they buy who then mean to order soon; of visitors few do, and don't.</summary>
    public static double RestocksAfterAsking(bool visitor) => visitor ? 0.05 : 0.6;

    private const double Mean = 0.25, Spread = 0.75, WrongShare = 0.12, WrongCost = 1.6;     // one delivery in eight goes wrong

    /// <summary>e of a delivery.</summary>
    public static double Draw(RandomStream chance) => Mean + Spread * chance.Normal() - (chance.Chance(WrongShare) ? WrongCost : 0);

    /// <summary>Mean and variance of e.</summary>
    public static (double Mean, double Variance) MeanAndVariance => (Mean - WrongShare * WrongCost, Spread * Spread + WrongShare * (1 - WrongShare) * WrongCost * WrongCost);

    /// <summary>Density of e.</summary>
    public static double Density(double experience) =>
        (1 - WrongShare) * Normal.Density(experience, Mean, Spread) + WrongShare * Normal.Density(experience, Mean - WrongCost, Spread);

    /// <summary>Draws e near a noisy sight of it, from its posterior.</summary>
    /// <param name="seen">What was seen.</param>
    /// <param name="variance">Of the noise.</param>
    /// <param name="chance">Where the draw comes from.</param>
    /// <returns>It, and the log of its density over that which it was drawn from.</returns>
    public static (double Experience, double LogPrior) DrawNear(double seen, double variance, RandomStream chance)
    {
        var gain = Spread * Spread / (Spread * Spread + variance);
        double usual = (1 - WrongShare) * Normal.Density(seen, Mean, Math.Sqrt(Spread * Spread + variance)), wrong = WrongShare * Normal.Density(seen, Mean - WrongCost, Math.Sqrt(Spread * Spread + variance));
        double About(double mean) => mean + gain * (seen - mean);
        var (spread, share) = (Math.Sqrt(gain * variance), wrong / Math.Max(usual + wrong, 1e-300));
        var experience = About(chance.Chance(share) ? Mean - WrongCost : Mean) + spread * chance.Normal();
        var drawn = (1 - share) * Normal.Density(experience, About(Mean), spread) + share * Normal.Density(experience, About(Mean - WrongCost), spread);
        return (experience, Math.Log(Density(experience) / drawn));
    }

    /// <summary>Probability that a line of the order is returned.</summary>
    public static double ReturnChance(double experience) => PortableMath.Logistic(-3.2 - 1.2 * experience);

    /// <summary>Probability of a chat about the order.</summary>
    /// <param name="chatLogit">Log-odds of one about an order of experience 0.</param>
    /// <param name="experience">e.</param>
    public static double ComplaintChance(double chatLogit, double experience) => PortableMath.Logistic(chatLogit - 0.8 * experience);

    /// <summary>Probability of a review of the order.</summary>
    /// <param name="reviewLogit">Log-odds of one of an order of experience 0.</param>
    /// <param name="experience">e.</param>
    public static double ReviewChance(double reviewLogit, double experience) => PortableMath.Logistic(reviewLogit + 0.25 * Math.Abs(experience));

    /// <summary>Weights of the intents that a delivery may leave: open, restock, leave.</summary>
    public static (double Open, double Restock, double Leave) IntentWeights(LatentState state) =>
        (1, PortableMath.Exp(-0.8 + 0.5 * state.Mood + 0.5 * state.Loyalty), PortableMath.Exp(-1.3 - 0.9 * state.Mood - 0.6 * state.Loyalty));

    /// <summary>Draws one.</summary>
    public static Intent DrawIntent(LatentState state, RandomStream chance)
    {
        var (open, restock, leave) = IntentWeights(state);
        return chance.Weighted([open, restock, leave]) switch { 1 => Intent.Restock, 2 => Intent.Leave, _ => Intent.Open };
    }
}
