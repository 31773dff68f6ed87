using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;

namespace CustomerValue.Simulation.Texts;

/// <summary>Writes a review from how a customer feels. Which parts are said is chance; what they mean follows the feeling, and how they say it follows neither: see <see cref="Grammar"/>.</summary>
internal static class ReviewWriter
{
    private static readonly double[] s_weights = [4, 2, 1.2, 1.6, 0.8];      // quality, delivery, packing, price, service

    /// <summary>The text of a review of <paramref name="product"/>.</summary>
    /// <param name="feeling">How its writer takes themselves to feel.</param>
    /// <param name="voice">How the customer writes.</param>
    /// <param name="product">What it is about.</param>
    /// <param name="chance">Where the choices come from.</param>
    /// <param name="said">Notes what is said; null where nobody asks.</param>
    public static string Write(Feeling feeling, Voice voice, Product product, RandomStream chance, Said? said = null)
    {
        var text = new Composition(voice, product, chance, said);
        if (chance.Chance(Telling.OffTopicShare))
        {
            text.Say("offtopic");
            if (chance.Chance(0.5)) text.Say("talk");
            return text.Close(Emoji(feeling, voice, chance));
        }
        if (chance.Chance(0.25)) text.Say("opener");
        Span<double> weights = [.. s_weights];
        for (var left = Math.Min(3, 1 + chance.Poisson(voice.Verbosity)); left > 0; left--)
        {
            var aspect = chance.Weighted(weights);
            weights[aspect] = 0;
            var x = 0.8 * feeling.Experience + 0.4 * feeling.Mood + 0.4 * chance.Normal();
            text.Say((Topic)aspect, Sense(x), Math.Abs(x) > 1.1);
        }
        if (chance.Chance(0.1)) text.Say("talk");
        if (chance.Chance(0.06)) text.Say("offtopic");
        Tell(text, feeling, chance, said);
        return text.Close(Emoji(feeling, voice, chance));
    }

    /// <summary>1 to 5 stars, with some that don't fit the text; 0 for the few who give none.</summary>
    public static int Stars(Feeling feeling, RandomStream chance)
    {
        if (chance.Chance(0.06)) return 0;
        var x = 0.9 * feeling.Experience + 0.4 * feeling.Mood + 0.8 * chance.Normal();
        return x < -1.5 ? 1 : x < -0.7 ? 2 : x < 0 ? 3 : x < 0.8 ? 4 : 5;
    }

    /// <summary>Adds what tells of mood, loyalty and intent, in any order.</summary>
    public static void Tell(Composition text, Feeling feeling, RandomStream chance, Said? said)
    {
        var (told, first) = (Telling.Choose(feeling, chance), chance.Below(3));
        if (said is not null) said.Told = told;
        for (var turn = 0; turn < 3; turn++)
            switch ((first + turn) % 3)
            {
                case 0 when told.Mood is { } step: text.Say(Topic.Mood, Math.Sign(step), Math.Abs(step) > 1); break;
                case 1 when told.Loyalty is { } step: text.Say(Topic.Loyalty, Math.Sign(step), Math.Abs(step) > 1); break;
                case 2 when told.Intent is { } intent: text.Say(Topic.Intent, intent switch { Intent.Restock => 1, Intent.Leave => -1, _ => 0 }); break;
            }
    }

    /// <summary>The symbol of the emoji that closes a text; empty for none. Two in five are any.</summary>
    public static string Emoji(Feeling feeling, Voice voice, RandomStream chance) =>
        !chance.Chance(voice.EmojiShare) ? "" : (chance.Chance(0.6) ? Sense(feeling.Mood) : chance.Below(3) - 1) switch { 1 => "emoji.good", -1 => "emoji.poor", _ => "emoji.fair" };

    private static int Sense(double x) => Math.Sign(Telling.Step(x));
}
