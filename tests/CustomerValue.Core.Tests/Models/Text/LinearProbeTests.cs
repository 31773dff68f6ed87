using CustomerValue.Models.Text;
using CustomerValue.Text;

namespace CustomerValue.Core.Tests.Models.Text;

public class LinearProbeTests
{
    /// <summary>A vector of the text's length and a column that never varies; a head that answers by the sign at its end.</summary>
    private sealed class Reader : ITextEncoder
    {
        public string Identity => "reader";
        public int Width => 2;
        public IReadOnlyList<TextHead> Heads { get; } = [new("mood", HeadKind.Classification, ["bad", "good"])];

        public EncodedTexts Encode(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) =>
            new([.. texts.Select(text => new float[] { text.Length, 7 })], new Dictionary<string, float[][]> { ["mood"] = [.. texts.Select(text => text.EndsWith('!') ? new[] { 0.1f, 0.9f } : [0.9f, 0.1f])] });

        public void Dispose() { }
    }

    private static LabelledTexts Texts(int from, Func<int, bool> isGood) =>
        new([.. Enumerable.Range(from, 40).Select(i => new string('a', i % 7) + (isGood(i) ? "!" : "."))], [.. Enumerable.Range(from, 40).Select(i => isGood(i) ? 1 : 0)], ["no", "yes"]);

    [Fact]
    public void What_an_encoder_answers_already_is_read_off_it()
    {
        using var fitted = new LinearProbe(new Reader(), "probe").Fit(Texts(0, i => i % 3 == 0), Texts(100, i => i % 3 == 0), new(Seed: 1), default);
        var told = fitted.Probabilities(["aaa!", "aaa.", "!"], default);
        Assert.All(told, answer => Assert.Equal(1, answer.Sum(), 6));
        Assert.True(told[0][1] > 0.8 && told[1][1] < 0.2 && told[2][1] > 0.8, string.Join(' ', told.Select(t => t[1])));
        Assert.Empty(fitted.Probabilities([], default));
    }

    [Fact]
    public void An_answer_that_says_nothing_gets_the_strongest_penalty()
    {
        double[] costs = [1e-4, 1e4];
        using var fitted = new LinearProbe(new Reader(), "probe", costs).Fit(Texts(0, i => i % 2 == 0), Texts(1, i => i % 2 == 0) with { Labels = [.. Enumerable.Range(0, 40).Select(i => i / 20)] }, new(Seed: 1), default);
        Assert.Equal("0.0001", ((ITellsChoices)fitted).Choices["cost"]);
    }

    [Fact]
    public void Nothing_to_learn_from_is_refused()
    {
        var none = new LabelledTexts([], [], ["no", "yes"]);
        Assert.Contains("0 and 40", Assert.Throws<ArgumentException>(() => new LinearProbe(new Reader(), "probe").Fit(none, Texts(0, _ => true), new(Seed: 1), default)).Message);
        Assert.Contains("no penalty", Assert.Throws<ArgumentException>(() => new LinearProbe(new Reader(), "probe", []).Fit(Texts(0, _ => true), Texts(0, _ => true), new(Seed: 1), default)).Message);
    }
}
