using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;

namespace CustomerValue.Simulation.Texts;

/// <summary>How a customer writes.</summary>
/// <param name="Mother">The language they think in.</param>
/// <param name="OtherShare">Share of their sentences in the other language; 0 for most.</param>
/// <param name="EmojiShare">Share of their texts that end with an emoji.</param>
/// <param name="Verbosity">Mean number of aspects beyond the first.</param>
internal sealed record Voice(Language Mother, double OtherShare, double EmojiShare, double Verbosity)
{
    /// <summary>Slips of the pen a word; 0 for those who write with care.</summary>
    public double SlipShare { get; init; }

    /// <summary>Share of the words of judgement that those who write both languages take from the other one in the middle of a sentence.</summary>
    public double Mixing => OtherShare > 0 ? 0.2 : 0;

    /// <summary>Draws a writer.</summary>
    /// <param name="languageShares">Of those who write Chinese, English, and both.</param>
    /// <param name="chance">Where the choices come from.</param>
    public static Voice Draw(IReadOnlyList<double> languageShares, RandomStream chance)
    {
        var kind = chance.Weighted([.. languageShares]);
        var mother = kind switch { 0 => Language.Chinese, 1 => Language.English, _ => chance.Chance(0.7) ? Language.Chinese : Language.English };
        return new Voice(mother, kind == 2 ? 0.1 + 0.35 * chance.Uniform() : 0, chance.Chance(0.4) ? 0.6 * chance.Uniform() : 0, 0.4 + 0.6 * chance.Exponential())
        {
            SlipShare = chance.Chance(0.4) ? 0.06 * chance.Uniform() : 0,
        };
    }

    /// <summary>The language of the next sentence.</summary>
    public Language Next(RandomStream chance) => OtherShare > 0 && chance.Chance(OtherShare) ? Other(Mother) : Mother;

    private static Language Other(Language language) => language == Language.Chinese ? Language.English : Language.Chinese;
}
