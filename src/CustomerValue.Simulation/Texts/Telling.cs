using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Chance;

namespace CustomerValue.Simulation.Texts;

/// <summary>How a writer chooses what to tell of mood, loyalty and intent, in one place for those who write and those who infer.</summary>
internal static class Telling
{
    /// <summary>Beyond this a mood or loyalty is good or poor, and beyond <see cref="Strong"/> very much so.</summary>
    public const double Noticed = 0.3, Strong = 1.0;

    /// <summary>Share of reviews about something else, and of chats that the customer doesn't close: they tell nothing.</summary>
    public const double OffTopicShare = 0.04, UnclosedShare = 0.2;

    // What is neither good nor poor is seldom worth a word.
    private const double MoodShare = 0.85, LoyaltyShare = 0.85, IntentShare = 0.9, FairShare = 0.4;

    /// <summary>Chooses.</summary>
    /// <param name="feeling">How the writer takes themselves to feel: <see cref="Blur.Over"/> what they do.</param>
    /// <param name="chance">Where the choices come from.</param>
    public static Told Choose(Feeling feeling, RandomStream chance)
    {
        int? Of(double x, double share) => Step(x) is var step && chance.Chance(share) && (step != 0 || chance.Chance(FairShare)) ? step : null;
        return new(Of(feeling.Mood, MoodShare), Of(feeling.Loyalty, LoyaltyShare), chance.Chance(IntentShare) ? feeling.Intent : null);
    }

    /// <summary>-2 (very poor) to 2 (very good).</summary>
    public static int Step(double x) => (x < 0 ? -1 : 1) * (Math.Abs(x) > Strong ? 2 : Math.Abs(x) > Noticed ? 1 : 0);

    /// <summary>Probability that a text tells this and no more.</summary>
    /// <param name="told">What it tells.</param>
    /// <param name="felt">What the writer feels; before any blur.</param>
    /// <param name="isChat">A chat; else a review.</param>
    /// <param name="noise">How much noise there is in texts; 1 is the ordinary.</param>
    public static double Chance(Told told, Feeling felt, bool isChat, double noise)
    {
        var nothing = isChat ? UnclosedShare : OffTopicShare;
        var tells = Of(told.Mood, felt.Mood, Blur.MoodSpread * noise, MoodShare) * Of(told.Loyalty, felt.Loyalty, Blur.LoyaltySpread * noise, LoyaltyShare)
            * (told.Intent is { } intent ? IntentShare * Blur.IntentChance(intent, felt.Intent, noise) : 1 - IntentShare);
        return (1 - nothing) * tells + (told == default ? nothing : 0);
    }

    /// <summary>A feeling that is told so: about where it is, and the variance of that.</summary>
    /// <param name="step">From -2 to 2.</param>
    /// <param name="spread">Of the blur.</param>
    public static (double Mean, double Variance) About(int step, double spread)
    {
        var (mean, within) = Math.Abs(step) switch { 0 => (0, 0.03), 1 => ((Noticed + Strong) / 2, 0.05), _ => (1.45, 0.15) };
        return (Math.Sign(step) * mean, within + spread * spread);
    }

    private static double Of(int? told, double felt, double spread, double share)
    {
        if (told is not { } step) return 1 - share + share * (1 - FairShare) * Within(-Noticed, Noticed, felt, spread);
        return share * step switch
        {
            -2 => Below(-Strong, felt, spread),
            -1 => Within(-Strong, -Noticed, felt, spread),
            0 => FairShare * Within(-Noticed, Noticed, felt, spread),
            1 => Within(Noticed, Strong, felt, spread),
            _ => 1 - Below(Strong, felt, spread),
        };
    }

    private static double Within(double low, double high, double felt, double spread) => Below(high, felt, spread) - Below(low, felt, spread);

    private static double Below(double bound, double felt, double spread) => spread > 0 ? Normal.Cumulative((bound - felt) / spread) : felt < bound ? 1 : 0;
}
