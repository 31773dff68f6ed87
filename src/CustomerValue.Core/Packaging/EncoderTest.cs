using System.Globalization;
using CustomerValue.Text;

namespace CustomerValue.Packaging;

/// <summary>Made-up texts with what the packaged encoder must make of them, asked at every load; <c>encoder-test.json</c>.</summary>
/// <param name="Model">SHA-256 of the models that it was made beside.</param>
/// <param name="Tolerance">How far a number may be off: other processors round otherwise.</param>
/// <param name="Texts">The texts.</param>
public sealed record EncoderTest(string Model, double Tolerance, IReadOnlyList<EncoderTestRow> Texts)
{
    internal const double Most = 1e-4;

    /// <summary>The texts and what the encoder says of each: its vector, then the answers of its heads in their order.</summary>
    internal static EncoderTest Of(ITextEncoder encoder, string decisive) =>
        new(decisive, Most, [.. TextSelfTest.Made.Zip(Numbers(encoder), (text, numbers) => new EncoderTestRow(text, numbers))]);

    /// <summary>Refuses an encoder that says something else.</summary>
    /// <exception cref="PackageException">It does, or the test is no such test.</exception>
    internal void Require(ITextEncoder encoder)
    {
        if (!(Tolerance >= 0 && Tolerance <= Most)) throw new PackageException(string.Create(CultureInfo.InvariantCulture, $"{PackageManifest.EncoderTest} allows numbers to be {Tolerance} off; at most {Most} is expected. {PackageException.Damaged}"));
        if (!Texts.Select(t => t.Text).SequenceEqual(TextSelfTest.Made)) throw new PackageException($"{PackageManifest.EncoderTest} asks other texts than those that are asked of every encoder. {PackageException.Damaged}");
        var found = Numbers(encoder);
        for (var row = 0; row < Texts.Count; row++)
        {
            var expected = Texts[row].Numbers;
            if (expected.Count != found[row].Length) throw new PackageException($"{PackageManifest.EncoderTest} expects {expected.Count} numbers of text {row + 1}, and the encoder gives {found[row].Length}. {PackageException.Damaged}");
            for (var at = 0; at < expected.Count; at++)
                if (!(Math.Abs(found[row][at] - expected[at]) <= Tolerance * Math.Max(1, Math.Abs(expected[at]))))
                    throw new PackageException(string.Create(CultureInfo.InvariantCulture,
                        $"Text {row + 1} of {PackageManifest.EncoderTest}: the encoder's number {at + 1} is {found[row][at]:R}, where {expected[at]:R} is expected. It wouldn't read texts as it did when it was made. {PackageException.Damaged}"));
        }
    }

    // Of groups of customers each has its own, all of which must be as they were.
    private static double[][] Numbers(ITextEncoder encoder)
    {
        if (encoder is FoldedEncoder folded)
            return [.. folded.Groups.Select(Numbers).Aggregate((all, next) => [.. all.Zip(next, (a, b) => (double[])[.. a, .. b])])];
        var read = encoder.Encode(TextSelfTest.Made);
        return [.. Enumerable.Range(0, TextSelfTest.Made.Count).Select(row => (double[])[.. read.Embeddings[row], .. encoder.Heads.SelectMany(h => read.Answers[h.Name][row])])];
    }
}

/// <summary>One text of the test.</summary>
/// <param name="Text">The text.</param>
/// <param name="Numbers">What the encoder must make of it.</param>
public sealed record EncoderTestRow(string Text, IReadOnlyList<double> Numbers);
