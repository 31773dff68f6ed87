using System.Globalization;
using System.Text;
using CustomerValue.Text;

namespace CustomerValue.Packaging;

/// <summary>Texts with the probabilities that the model must give them, asked at every load; <c>selftest.json</c> of a package of texts.</summary>
/// <remarks>The texts are nobody's: some are made up here, in both languages, and the others are words that many training texts hold, drawn by chance, so that they say something to the model.</remarks>
/// <param name="Model">SHA-256 of the model and labels that it was made for.</param>
/// <param name="Tolerance">How far a probability may be off: other processors round otherwise.</param>
/// <param name="Texts">The texts.</param>
public sealed record TextSelfTest(string Model, double Tolerance, IReadOnlyList<TextSelfTestRow> Texts)
{
    /// <summary>Texts asked.</summary>
    internal const int Count = 12;

    /// <summary>How far a probability may be off where managed code computes it, and at most.</summary>
    internal const double Accuracy = 1e-6, Most = 1e-4;

    private const int Words = 8, HeldBy = 5, Common = 400;

    private static readonly string[] s_made =
    [
        "", "It arrived late, and it doesn't work!!", "质量很好，下次还会买。", "物流太慢了，客服也不理人", "Ｗｈｅｒｅ　ｉｓ　ｍｙ card? 我的卡呢 👍", "Can I get a refund, please? I paid twice: £12.50 and £12.50.",
    ];

    /// <summary>The texts that are made up here.</summary>
    internal static IReadOnlyList<string> Made => s_made;

    /// <summary>Texts for a model that was learned from <paramref name="training"/>.</summary>
    /// <param name="training">The training texts.</param>
    /// <param name="seed">Seed of the draw.</param>
    internal static IReadOnlyList<string> Make(IReadOnlyList<string> training, int seed)
    {
        var held = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in training)
            foreach (var word in WordSegmenter.Words(text).Distinct(StringComparer.Ordinal)) held[word] = held.GetValueOrDefault(word) + 1;
        string[] common = [.. held.Where(w => w.Value >= HeldBy).OrderByDescending(w => w.Value).ThenBy(w => w.Key, StringComparer.Ordinal).Take(Common).Select(w => w.Key)];
        var (chance, somebodys, made) = (new SplitMix64((ulong)seed), new HashSet<string>(training, StringComparer.Ordinal), new List<string>(s_made));
        for (var tries = 0; made.Count < Count; tries++)
        {
            var text = new StringBuilder();
            for (var word = 0; word < Words + tries / Count && common.Length > 0; word++)
            {
                var next = common[chance.Below(common.Length)];
                if (text.Length > 0 && (char.IsAscii(text[^1]) || char.IsAscii(next[0]))) text.Append(' ');
                text.Append(next);
            }
            if (common.Length == 0) text.Append(CultureInfo.InvariantCulture, $"text {tries}");
            if (!somebodys.Contains(text.ToString())) made.Add(text.ToString());
        }
        return made;
    }

    /// <summary>Refuses probabilities that aren't the expected ones.</summary>
    /// <exception cref="PackageException">They aren't, or the test is no such test.</exception>
    internal void Require(double[][] found, int labels, double most)
    {
        if (!(Tolerance >= 0 && Tolerance <= most)) throw new PackageException(string.Create(CultureInfo.InvariantCulture, $"{PackageManifest.SelfTest} allows probabilities to be {Tolerance} off; at most {most} is expected. {PackageException.Damaged}"));
        for (var row = 0; row < Texts.Count; row++)
        {
            var expected = Texts[row].Probabilities;
            if (expected.Count != labels) throw new PackageException($"{PackageManifest.SelfTest} expects {expected.Count} probabilities of text {row + 1}, and there are {labels} labels. {PackageException.Damaged}");
            for (var label = 0; label < labels; label++)
                if (!(Math.Abs(found[row][label] - expected[label]) <= Tolerance))
                    throw new PackageException(string.Create(CultureInfo.InvariantCulture,
                        $"Self-test text {row + 1}: the model gives label {label + 1} the probability {found[row][label]:R}, where {expected[label]:R} is expected. It wouldn't answer as it did when it was made. {PackageException.Damaged}"));
        }
    }
}

/// <summary>One text of a self-test.</summary>
/// <param name="Text">The text.</param>
/// <param name="Probabilities">[labels]: what the model must say.</param>
public sealed record TextSelfTestRow(string Text, IReadOnlyList<double> Probabilities);
