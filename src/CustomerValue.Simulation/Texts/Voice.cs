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
    /// <summary>The language of the next sentence.</summary>
    public Language Next(RandomStream chance) => OtherShare > 0 && chance.Chance(OtherShare) ? Other(Mother) : Mother;

    private static Language Other(Language language) => language == Language.Chinese ? Language.English : Language.Chinese;
}
