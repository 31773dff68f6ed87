using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;

namespace CustomerValue.Simulation.Texts;

/// <summary>Writes a review from how a customer feels. Each part is said or left out by chance, and what is said follows the feeling with noise, so that
/// no single sentence gives the feeling away.</summary>
internal static class ReviewWriter
{
    private static readonly string[] s_aspects = ["quality", "delivery", "packing", "price", "service"];
    private static readonly double[] s_weights = [4, 2, 1.2, 1.6, 0.8];

    /// <summary>The text of a review of <paramref name="product"/>.</summary>
    public static string Write(Feeling feeling, Voice voice, Product product, RandomStream chance)
    {
        var text = new Composition(voice, product, chance);
        if (chance.Chance(0.35)) text.Say("opener");
        Span<double> weights = [.. s_weights];
        for (var left = Math.Min(3, 1 + chance.Poisson(voice.Verbosity)); left > 0; left--)
        {
            var aspect = chance.Weighted(weights);
            weights[aspect] = 0;
            var sense = Sense(0.7 * feeling.Experience + 0.4 * feeling.Mood + 0.6 * chance.Normal(), 0.35);
            text.Say($"{s_aspects[aspect]}.{Word(sense)}", sense);
        }
        if (chance.Chance(0.08)) text.Say("offtopic");
        Feel(text, feeling, chance, moodShare: 0.3, loyaltyShare: 0.4, intentShare: 0.45);
        return text.Close(Emoji(feeling, voice, chance));
    }

    /// <summary>1 to 5 stars, with some that don't fit the text; 0 for the few who give none.</summary>
    public static int Stars(Feeling feeling, RandomStream chance)
    {
        if (chance.Chance(0.06)) return 0;
        var x = 0.9 * feeling.Experience + 0.4 * feeling.Mood + 0.8 * chance.Normal();
        return x < -1.5 ? 1 : x < -0.7 ? 2 : x < 0 ? 3 : x < 0.8 ? 4 : 5;
    }

    /// <summary>Adds what shows mood, loyalty and intent, each by its own chance.</summary>
    public static void Feel(Composition text, Feeling feeling, RandomStream chance, double moodShare, double loyaltyShare, double intentShare)
    {
        var mood = Sense(feeling.Mood + 0.6 * chance.Normal(), 0.5);
        if (mood != 0 && chance.Chance(moodShare)) text.Say($"mood.{Word(mood)}", mood);
        var loyalty = Sense(feeling.Loyalty + 0.5 * chance.Normal(), 0.4);
        if (loyalty != 0 && chance.Chance(loyaltyShare)) text.Say(loyalty > 0 ? "loyal.high" : "loyal.low", loyalty);
        if (!chance.Chance(intentShare)) return;
        // Some keep their intent to themselves, and a few say what they don't mean.
        var frankness = chance.Uniform();
        switch (frankness < 0.15 ? Intent.Open : frankness < 0.25 ? (Intent)chance.Below(3) : feeling.Intent)
        {
            case Intent.Restock: text.Say("intent.restock", 1); break;
            case Intent.Leave: text.Say("intent.leave", -1); break;
            default: text.Say("intent.open"); break;
        }
    }

    /// <summary>The symbol of the emoji that closes a text; empty for none.</summary>
    public static string Emoji(Feeling feeling, Voice voice, RandomStream chance) =>
        chance.Chance(voice.EmojiShare) ? $"emoji.{Word(Sense(feeling.Mood + 0.6 * chance.Normal(), 0.4))}" : "";

    /// <summary>1 above <paramref name="threshold"/>, -1 below minus it, 0 between.</summary>
    public static int Sense(double x, double threshold) => x > threshold ? 1 : x < -threshold ? -1 : 0;

    /// <summary>The ending of a symbol's name that stands for <paramref name="sense"/>.</summary>
    public static string Word(int sense) => sense > 0 ? "good" : sense < 0 ? "poor" : "fair";
}
