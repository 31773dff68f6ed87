using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models.Text;

public class NGramClassifierTests
{
    private static readonly LabelledTexts s_train = new(["很好，喜欢", "质量好", "非常好", "很差", "太差了，退货", "差评"], [1, 1, 1, 0, 0, 0], ["negative", "positive"]);
    private static readonly LabelledTexts s_dev = new(["好", "差"], [1, 0], ["negative", "positive"]);

    public static TheoryData<ITextCandidate> Kinds =>
    [
        new NGramClassifier(new() { Blocks = [NGramBlock.Characters(1, 2, 1)] }, new LogisticRegression(), "logistic"),
        new NGramClassifier(new() { Blocks = [NGramBlock.Characters(1, 2, 1), NGramBlock.Words(1, 2, 1)], ChosenBy = ChosenBy.Accuracy }, new LinearSvm(), "svm"),
        new NGramClassifier(new() { Blocks = [NGramBlock.Characters(1, 2, 1)], Weight = NGramWeight.Presence }, new LinearSvm(naiveBayes: true), "nb-svm"),
    ];

    [Theory, MemberData(nameof(Kinds))]
    public void Keeps_the_contract_of_a_text_candidate(ITextCandidate candidate)
    {
        using var fitted = candidate.Fit(s_train, s_dev, new(Seed: 7), CancellationToken.None);
        using var again = candidate.Fit(s_train, s_dev, new(Seed: 7), CancellationToken.None);
        string[] texts = ["真好", "真差", "", "no Chinese at all"];
        var told = fitted.Probabilities(texts, CancellationToken.None);
        Assert.All(told, p => Assert.Equal(1, p.Sum(), 1e-9));
        Assert.True(told[0][1] > 0.5 && told[1][0] > 0.5, string.Join(' ', told.Select(p => p[1])));
        Assert.Equal(told, again.Probabilities(texts, CancellationToken.None));
        Assert.Equal(told, texts.Select(text => fitted.Probabilities([text], CancellationToken.None)[0]));
        Assert.Contains(((ITellsChoices)fitted).Choices["cost"], candidate.Settings["costs"].Split(' '));
    }

    [Fact]
    public void Of_several_penalties_the_best_on_dev_is_taken()
    {
        // Without weight enough nothing is learned: 0.0001 leaves every probability near a half.
        var candidate = new NGramClassifier(new() { Blocks = [NGramBlock.Characters(1, 1, 1)], Costs = [0.0001, 10] }, new LogisticRegression(), "two");
        using var fitted = candidate.Fit(s_train, s_dev, new(Seed: 7), CancellationToken.None);
        Assert.Equal("10", ((ITellsChoices)fitted).Choices["cost"]);
    }

    [Fact]
    public void Nothing_to_choose_from_and_nothing_to_learn_from_are_refused()
    {
        Assert.Contains("no penalty C", Assert.Throws<ArgumentException>(() => new NGramClassifier(new() { Costs = [] }, new LinearSvm(), "none").Fit(s_train, s_dev, new(1), default)).Message, StringComparison.Ordinal);
        Assert.Contains("there are none", Assert.Throws<ArgumentException>(() => new NGramClassifier(new(), new LinearSvm(), "none").Fit(new([], [], ["a", "b"]), s_dev, new(1), default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hotel_reviews_are_told_as_well_as_by_the_best_library_that_we_know()
    {
        var data = TextDataset.Named("zh-hotel", RealData.Need("chinese_reviews"));
        LabelledTexts Texts(TextSplit split) => new(split.Texts, split.Labels, data.Classes);
        using var fitted = new NGramClassifier(new() { Blocks = [NGramBlock.Characters(1, 3)] }, new LogisticRegression(), "tfidf-logistic")
            .Fit(Texts(data.Train), Texts(data.Dev), new(Seed: 1), CancellationToken.None);
        var (_, wrong) = ClassLoss.Of(fitted.Probabilities(data.Test.Texts, CancellationToken.None), data.Test.Labels);
        Assert.InRange(1 - wrong, 0.8858 - 0.005, 1);              // scikit-learn: .8858
    }
}
