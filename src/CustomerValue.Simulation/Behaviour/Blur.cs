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
    /// <summary>Spread of the noise on M and on L, at noise 1.</summary>
    public const double MoodSpread = 0.35, LoyaltySpread = 0.3;

    private const double ExperienceSpread = 0.35, IntentRate = 0.06;

    /// <summary>Draws that of a text.</summary>
    /// <param name="noise">How much of it; 0 for none.</param>
    /// <param name="chance">Where it comes from.</param>
    public static Blur Draw(double noise, RandomStream chance)
    {
        var (mood, loyalty, experience) = (MoodSpread * noise * chance.Normal(), LoyaltySpread * noise * chance.Normal(), ExperienceSpread * noise * chance.Normal());
        var (strays, intent) = (chance.Chance(Strays(noise)), (Intent)chance.Below(3));
        return new(mood, loyalty, experience, strays ? intent : null);
    }

    /// <summary>Probability that one who means <paramref name="felt"/> takes themselves to mean <paramref name="intent"/>.</summary>
    public static double IntentChance(Intent intent, Intent felt, double noise) => Strays(noise) / 3 + (intent == felt ? 1 - Strays(noise) : 0);

    /// <summary>What the writer takes themselves to feel.</summary>
    public Feeling Over(Feeling felt) => new(felt.Mood + Mood, felt.Loyalty + Loyalty, Intent ?? felt.Intent, felt.Experience + Experience);

    private static double Strays(double noise) => 1 - PortableMath.Exp(-IntentRate * noise);
}
