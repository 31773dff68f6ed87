using System.Globalization;

namespace CustomerValue.Models.Text;

/// <summary>One kind of n-grams that a text is told by: runs of <see cref="Least"/> to <see cref="Most"/> characters or words.</summary>
public sealed record NGramBlock
{
    private NGramBlock() { }

    /// <summary>How words are found; null where the n-grams are of characters.</summary>
    public WordSplit? Split { get; private init; }

    /// <summary>Length of the shortest.</summary>
    public int Least { get; private init; }

    /// <summary>Length of the longest.</summary>
    public int Most { get; private init; }

    /// <summary>Training texts that must hold an n-gram for it to count; rarer ones say nothing that carries over.</summary>
    public int MinimumTexts { get; private init; }

    /// <summary>Runs of characters, blanks among them; a text begins and ends with one.</summary>
    /// <param name="least">Length of the shortest, from 1.</param>
    /// <param name="most">Length of the longest, to 8.</param>
    /// <param name="minimumTexts">Training texts that must hold one, from 1.</param>
    public static NGramBlock Characters(int least, int most, int minimumTexts = 2) => Checked(null, least, most, minimumTexts);

    /// <summary>Runs of words.</summary>
    /// <param name="least">Length of the shortest, from 1.</param>
    /// <param name="most">Length of the longest, to 8.</param>
    /// <param name="minimumTexts">Training texts that must hold one, from 1.</param>
    /// <param name="split">How words are found; <see cref="WordSplit.Simple"/> unless told otherwise.</param>
    public static NGramBlock Words(int least, int most, int minimumTexts = 2, WordSplit? split = null) => Checked(split ?? WordSplit.Simple, least, most, minimumTexts);

    private static NGramBlock Checked(WordSplit? split, int least, int most, int minimumTexts) => new()
    {
        Split = split,
        Least = Check.Within(least, 1, 8, nameof(least)),
        Most = Check.Within(most, least, 8, nameof(most)),
        MinimumTexts = Check.Within(minimumTexts, 1, int.MaxValue, nameof(minimumTexts)),
    };

    /// <summary>The block in a few words, for settings.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(Split is null ? "characters" : $"words ({Split.Name})")} {Least}-{Most} in {MinimumTexts} texts");
}
