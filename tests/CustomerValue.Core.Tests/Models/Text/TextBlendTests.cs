using CustomerValue.Models.Text;

namespace CustomerValue.Tests.Models.Text;

public class TextBlendTests
{
    private static readonly LabelledTexts s_texts = new(["a", "b", "c", "d"], [1, 1, 0, 0], ["no", "yes"]);

    /// <summary>Answers what it was told to, and counts how often it was fitted.</summary>
    private sealed class Told(string name, Dictionary<string, double> yes) : ITextCandidate, IFittedTextCandidate
    {
        public int Fits { get; private set; }
        public int Disposed { get; private set; }
        public string Name => name;
        public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["kind"] = "told" };

        public IFittedTextCandidate Fit(LabelledTexts train, LabelledTexts dev, TextFitContext context, CancellationToken cancellation)
        {
            Fits++;
            return this;
        }

        public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation) => [.. texts.Select(t => (double[])[1 - yes[t], yes[t]])];

        public void Dispose() => Disposed++;
    }

    private static readonly Told s_good = new("good", new() { ["a"] = .9, ["b"] = .8, ["c"] = .2, ["d"] = .3 });
    private static readonly Told s_bad = new("bad", new() { ["a"] = .3, ["b"] = .4, ["c"] = .6, ["d"] = .7 });

    [Fact]
    public void A_member_that_only_misleads_gets_no_weight()
    {
        using var fitted = new TextBlend([s_good, s_bad], "blend").Fit(s_texts, s_texts, new(1), default);
        Assert.Equal("1 0", ((ITellsChoices)fitted).Choices["weights"]);
    }

    [Fact]
    public void Members_that_err_on_different_texts_correct_one_another()
    {
        // Each is wrong about one text, a little, where the other is right, and sure.
        var one = new Told("one", new() { ["a"] = .4, ["b"] = .95, ["c"] = .05, ["d"] = .2 });
        var two = new Told("two", new() { ["a"] = .95, ["b"] = .8, ["c"] = .6, ["d"] = .05 });
        foreach (var chosenBy in new[] { ChosenBy.LogLoss, ChosenBy.Accuracy })
        {
            using var fitted = new TextBlend([one, two], "blend", chosenBy).Fit(s_texts, s_texts, new(1), default);
            Assert.Equal(0, ClassLoss.Of(fitted.Probabilities(s_texts.Texts, default), s_texts.Labels).Wrong);
        }
    }

    [Fact]
    public void Equal_weights_give_the_mean_log_odds()
    {
        // Odds 9 and 1: the mean of their logarithms is that of 3, which is a probability of .75.
        var mean = FittedTextBlend.Mean([[[.1, .9]], [[.5, .5]]], [0.5, 0.5]);
        Assert.Equal(0.75, FittedTextBlend.Sharp(mean, 1)[0][1], 1e-12);
        Assert.Equal(0.9, FittedTextBlend.Sharp(mean, 2)[0][1], 1e-12);      // odds squared
    }

    [Fact]
    public void Members_that_are_known_arent_fitted_again()
    {
        var (known, unknown) = (new Told("known", new() { ["a"] = .9, ["b"] = .8, ["c"] = .2, ["d"] = .3 }), new Told("unknown", new() { ["a"] = .6, ["b"] = .6, ["c"] = .4, ["d"] = .4 }));
        var context = new TextFitContext(1) { Known = (member, _, _) => member == known ? known : null };
        var fitted = new TextBlend([known, unknown], "blend").Fit(s_texts, s_texts, context, default);
        Assert.Equal((0, 1), (known.Fits, unknown.Fits));
        fitted.Dispose();
        Assert.Equal((1, 1), (known.Disposed, unknown.Disposed));
    }

    [Fact]
    public void Settings_name_every_member_and_one_alone_is_refused()
    {
        Assert.Equal("told", new TextBlend([s_good, s_bad], "blend").Settings["bad.kind"]);
        Assert.Contains("at least two", Assert.Throws<ArgumentException>(() => new TextBlend([s_good], "alone")).Message, StringComparison.Ordinal);
    }
}
