using System.Globalization;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;

namespace CustomerValue.DuckDb;

/// <summary>The words that a customer's products are named with, as columns: a text that nobody wrote, and that says what somebody buys.</summary>
/// <remarks>A word belongs to one column by a hash, so that no vocabulary must be learned and a column means the same in every table; words that share one are told apart by
/// nothing. Columns carry the set <see cref="TextSets.Vector"/>, and before them stands how many words there are; candidates reduce them first, as <see cref="Models.WithLatentWords"/> does. Words as <see cref="WordSplit.Simple"/>
/// finds them, in lower case.</remarks>
public sealed record ProductWords
{
    private const string Length = "name_words";
    private const int Fewest = 16, Most = 65536;

    /// <summary>Number of columns of words. Few collide in 1,024 of a shop whose products are named with some hundred common words.</summary>
    public int Columns { get; init => field = Check.Within(value, Fewest, Most); } = 1024;

    /// <summary>The words that a setting tells of.</summary>
    internal static ProductWords Of(string setting) => int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns is >= Fewest and <= Most ? new() { Columns = columns }
        : throw new InvalidDataException($"The words of product names stand in '{setting}' columns, and a whole number from {Fewest} to {Most} is expected. Use the program that built them.");

    internal IReadOnlyList<FeatureInfo> Features =>
        [new(Length, "words", "Words in the names of all products bought", TextSets.Writing), .. Enumerable.Range(0, Columns).Select(c => new FeatureInfo(Name(c), "names", $"Product names bought that hold a word of hash class {c} of {Columns}; 0 when none", TextSets.Vector))];

    /// <summary>Where a word stands.</summary>
    internal int ColumnOf(string word) => (int)(StableHash.Of(word) % (ulong)Columns);

    /// <summary>Adds a product name to a row.</summary>
    /// <param name="name">As the customer saw it.</param>
    /// <param name="columns">[1 + columns][rows]: number of words, then the words' columns.</param>
    /// <param name="row">Whose row.</param>
    internal void Add(string name, double[][] columns, int row)
    {
        var words = WordSplit.Simple.Words(name.ToLowerInvariant()).ToList();
        columns[0][row] += words.Count;
        foreach (var column in words.Select(ColumnOf).Distinct()) columns[1 + column][row]++;
    }

    private static string Name(int column) => string.Create(CultureInfo.InvariantCulture, $"word_{column:0000}");
}
