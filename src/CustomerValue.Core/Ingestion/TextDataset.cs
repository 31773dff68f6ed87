using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CustomerValue.Ingestion;

/// <summary>Texts with the label of each.</summary>
/// <param name="Texts">Trimmed, none empty.</param>
/// <param name="Labels">[texts]: index into the data set's classes.</param>
public sealed record TextSplit(IReadOnlyList<string> Texts, IReadOnlyList<int> Labels)
{
    /// <summary>Tells the texts from others, in whatever order: SHA-256 over the sorted SHA-256 of each, one a line; first 12 hexadecimal digits.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(
        string.Join('\n', Texts.Select(TextDataset.Digest).Order(StringComparer.Ordinal)))))[..12];
}

/// <summary>Labelled texts, parted for good into those to learn from, to choose on and to judge by: by what a text says, so that no change of order or of
/// program moves one from one part to another.</summary>
/// <remarks>The first 8 hexadecimal digits of the SHA-256 of the trimmed text's UTF-8, modulo 10: 0 is test, 1 is dev, the rest train. Empty texts are
/// dropped first, and of texts that are equal all but the first.</remarks>
/// <param name="Name">Name of the data set.</param>
/// <param name="Classes">Names of the classes, in their fixed order.</param>
/// <param name="Train">To learn from.</param>
/// <param name="Dev">To choose on: options, weights, when to stop.</param>
/// <param name="Test">To judge by, and for nothing else.</param>
public sealed record TextDataset(string Name, IReadOnlyList<string> Classes, TextSplit Train, TextSplit Dev, TextSplit Test)
{
    private const string Garments = "Womens Clothing E-Commerce Reviews.csv";
    private static readonly string[] s_sentiment = ["negative", "positive"], s_stars = ["1", "2", "3", "4", "5"];

    /// <summary>Names of the data sets that <see cref="Named"/> reads.</summary>
    public static IReadOnlyList<string> Names { get; } = ["zh-shop", "zh-hotel", "en-cloth", "en-cloth-stars", "en-intent"];

    /// <summary>SHA-256 over classes, texts and labels in order, in lower-case hex.</summary>
    public string Fingerprint => Fingerprinted();

    /// <summary>Reads a well-known data set.</summary>
    /// <param name="name">zh-shop and zh-hotel (sentiment of Chinese reviews), en-cloth (is a garment recommended), en-cloth-stars (the same texts, with the stars given), en-intent (77 intents of a bank's customers).</param>
    /// <param name="folder">Where its files lie: chinese_reviews, womens_clothing_reviews or banking77.</param>
    /// <exception cref="ArgumentException">No such data set is known.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks one of its files.</exception>
    /// <exception cref="TableRefusedException">A file isn't the table it should be.</exception>
    public static TextDataset Named(string name, string folder) => name switch
    {
        "zh-shop" => Parted(name, s_sentiment, TextTable.Read(folder, "online_shopping_10_cats.csv", ["review"], "label", Binary)),
        "zh-hotel" => Parted(name, s_sentiment, TextTable.Read(folder, "ChnSentiCorp_htl_all.csv", ["review"], "label", Binary)),
        "en-cloth" => Parted(name, ["not recommended", "recommended"], TextTable.Read(folder, Garments, ["Title", "Review Text"], "Recommended IND", Binary)),
        "en-cloth-stars" => Parted(name, s_stars, TextTable.Read(folder, Garments, ["Title", "Review Text"], "Rating", Stars)),
        "en-intent" => Intents(name, folder),
        _ => throw new ArgumentException($"'{name}' is no known set of texts. Known: {string.Join(", ", Names)}.", nameof(name)),
    };

    /// <summary>This data set without the training and dev texts that say the same as a dev or test text of another one: equal once only letters and digits are left.
    /// What learns from it may then be chosen on the other's dev texts and judged on its test texts. Its own test texts stay.</summary>
    /// <param name="other">The data set to be chosen and judged on later.</param>
    public TextDataset WithoutSharedWith(TextDataset other)
    {
        var known = other.Dev.Texts.Concat(other.Test.Texts).Select(Bare).ToHashSet(StringComparer.Ordinal);
        return this with { Train = Without(Train), Dev = Without(Dev) };

        TextSplit Without(TextSplit split)
        {
            var kept = Enumerable.Range(0, split.Texts.Count).Where(i => !known.Contains(Bare(split.Texts[i]))).ToList();
            return new([.. kept.Select(i => split.Texts[i])], [.. kept.Select(i => split.Labels[i])]);
        }
    }

    /// <summary>A text's letters and digits alone: what it says, whatever stands between.</summary>
    internal static string Bare(string text)
    {
        var bare = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsLetterOrDigit(rune)) bare.Append(rune);
        return bare.ToString();
    }

    /// <summary>SHA-256 of a text's UTF-8, in lower-case hex.</summary>
    internal static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static int Part(string text)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % 10);
    }

    private static TextDataset Parted(string name, IReadOnlyList<string> classes, IReadOnlyList<(string Text, int Label)> rows)
    {
        var parts = Distinct(rows).ToLookup(row => Math.Min(Part(row.Text), 2));
        return new(name, classes, Split(parts[2]), Split(parts[1]), Split(parts[0]));
    }

    // Train and test are the publisher's; dev is taken from train, and hash 0 stays there.
    private static TextDataset Intents(string name, string folder)
    {
        var classes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var train = TextTable.Read(folder, "train.csv", ["text"], "category", label => { classes.TryAdd(label, 0); return label; });
        foreach (var (label, place) in classes.Keys.Select((label, place) => (label, place)).ToList()) classes[label] = place;
        var test = TextTable.Read(folder, "test.csv", ["text"], "category", label => classes.TryGetValue(label, out var place) ? place
            : throw new FormatException($"no training text has the intent '{label}'"));
        var parts = Distinct([.. train.Select(row => (row.Text, classes[row.Label]))]).ToLookup(row => Part(row.Text) == 1);
        return new(name, [.. classes.Keys], Split(parts[false]), Split(parts[true]), Split(test));
    }

    private static IEnumerable<(string Text, int Label)> Distinct(IReadOnlyList<(string Text, int Label)> rows) => rows.DistinctBy(row => row.Text, StringComparer.Ordinal);

    private static TextSplit Split(IEnumerable<(string Text, int Label)> rows)
    {
        var kept = rows.ToList();
        return new([.. kept.Select(row => row.Text)], [.. kept.Select(row => row.Label)]);
    }

    private static int Binary(string label) => label is "0" or "1" ? label[0] - '0' : throw new FormatException($"the label '{label}' is neither 0 nor 1");

    private static int Stars(string label) => Array.IndexOf(s_stars, label) is >= 0 and var stars ? stars : throw new FormatException($"the label '{label}' is no number of stars from 1 to 5");

    private string Fingerprinted()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(string.Join('\n', Classes));
        foreach (var split in new[] { Train, Dev, Test })
        {
            Add($"{split.Texts.Count}");
            for (var i = 0; i < split.Texts.Count; i++) Add($"{split.Labels[i]} {split.Texts[i]}");
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }
}
