using CustomerValue.Ingestion;
using CustomerValue.Models.Text;

namespace CustomerValue.Tests.Models.Text;

/// <summary>Learning finer labels, answering with classes.</summary>
public sealed class FinerLabelsTests
{
    private static readonly string[] s_classes = ["no", "yes"], s_stars = ["bad", "fair", "good"];
    private static readonly TextSplit s_split = new(["awful", "meh", "so so", "lovely"], [0, 1, 1, 2]);
    private static readonly TextDataset s_finer = new("stars", s_stars, s_split, s_split, new([], []));
    private static readonly LabelledTexts s_texts = new(s_split.Texts, [0, 0, 1, 1], s_classes);

    /// <summary>Knows the finer label of every text for sure.</summary>
    private sealed class Knows : ITextCandidate, IFittedTextCandidate
    {
        public LabelledTexts? Seen { get; private set; }
        public string Name => "knows";
        public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["kind"] = "knows" };

        public IFittedTextCandidate Fit(LabelledTexts train, LabelledTexts dev, TextFitContext context, CancellationToken cancellation)
        {
            Seen = train;
            return this;
        }

        public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation) =>
            [.. texts.Select(text => Enumerable.Range(0, 3).Select(k => Seen!.Labels[Seen.Texts.ToList().IndexOf(text)] == k ? 1.0 : 0).ToArray())];

        public void Dispose() { }
    }

    [Fact]
    public void The_answer_is_the_share_of_each_class_among_the_texts_of_the_finer_label()
    {
        var knows = new Knows();
        using var fitted = new FinerLabels("through-stars", knows, s_finer).Fit(s_texts, s_texts, new(1), default);
        Assert.Equal(s_stars, knows.Seen!.Classes);
        var answers = fitted.Probabilities(["awful", "meh", "lovely"], default);
        Assert.Equal([0.25, 0.5, 0.75], answers.Select(a => a[1]));          // one text each way adds half a text to both: 0.5 / 2, 1.5 / 3, 1.5 / 2
        Assert.All(answers, a => Assert.Equal(1, a.Sum(), 1e-12));
        Assert.Contains("fair: 0.500 0.500", ((ITellsChoices)fitted).Choices["shares"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_without_a_finer_label_is_told() =>
        Assert.Contains("no label for the text 'unknown'", Assert.Throws<ArgumentException>(() =>
            new FinerLabels("through-stars", new Knows(), s_finer).Fit(new(["unknown"], [0], s_classes), s_texts, new(1), default)).Message, StringComparison.Ordinal);
}
