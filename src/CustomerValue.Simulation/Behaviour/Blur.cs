using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Simulation.Behaviour;

/// <summary>The noise of one text between what a customer feels and what they write from: nobody says exactly how they feel. The same over the whole of a chat.</summary>
/// <param name="Mood">Added to M.</param>
/// <param name="Loyalty">Added to L.</param>
/// <param name="Experience">Added to e.</param>
/// <param name="Intent">Taken for J; null for what is meant.</param>
internal readonly record struct Blur(double Mood, double Loyalty, double Experience, Intent? Intent)
{
    // At noise 1. The writers add noise of their own to what they choose to say.
    private const double MoodSpread = 0.35, LoyaltySpread = 0.3, ExperienceSpread = 0.35, IntentRate = 0.06;

    /// <summary>Draws that of a text.</summary>
    /// <param name="noise">How much of it; 0 for none.</param>
    /// <param name="chance">Where it comes from.</param>
    public static Blur Draw(double noise, RandomStream chance)
    {
        var (mood, loyalty, experience) = (MoodSpread * noise * chance.Normal(), LoyaltySpread * noise * chance.Normal(), ExperienceSpread * noise * chance.Normal());
        var (strays, intent) = (chance.Chance(1 - PortableMath.Exp(-IntentRate * noise)), (Intent)chance.Below(3));
        return new(mood, loyalty, experience, strays ? intent : null);
    }

    /// <summary>What is written from.</summary>
    public Feeling Over(Feeling felt) => new(felt.Mood + Mood, felt.Loyalty + Loyalty, Intent ?? felt.Intent, felt.Experience + Experience);
}
