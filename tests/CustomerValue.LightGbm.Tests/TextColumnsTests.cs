using CustomerValue.Features;
using CustomerValue.LightGbm;
using CustomerValue.Models;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Tests.LightGbm;

public class TextColumnsTests
{
    private static readonly ModelCodecs s_codecs = ModelCodecs.Core.With(LightGbmCodecs.All);
    private static readonly LightGbmOptions s_quick = new() { LearningRate = 0.1, Seeds = 2 };
    private static readonly TrainingData s_data = SampleWriters.Training(customers: 1500);
    private static readonly LabelledTable s_later = SampleWriters.Labelled(2000, new(2020, 12, 1), new Random(99));

    [Fact]
    public void Keeps_the_contract()
    {
        CandidateContract.Holds(new WithReducedText(new LightGbmChurn(s_quick), components: 4), s_data, s_codecs);
        CandidateContract.Holds(new WithReducedText(new LightGbmValue(1.5, s_quick), components: 4), s_data, s_codecs);
    }

    [Fact]
    public void Churn_is_foreseen_better_with_what_customers_wrote()
    {
        double[] actual = [.. s_later.Labels.Churned.Select(c => c ? 1.0 : 0)];
        double LossOf(ICandidate candidate) => Loss.Log(candidate.Fit(s_data, new(Seed: 1)).Predict(s_later.Features).Churn, actual);
        var blind = LossOf(OnColumns.WithoutText(new LightGbmChurn(s_quick)));
        Assert.True(LossOf(OnColumns.Without(new LightGbmChurn(s_quick), [TextSets.Vector], "scores")) < blind - 0.02);
        Assert.True(LossOf(new WithReducedText(OnColumns.Without(new LightGbmChurn(s_quick), [TextSets.Writing, TextSets.Meaning], "vector"), components: 4)) < blind - 0.02);
    }

    [Fact]
    public void Value_is_foreseen_better_with_what_customers_wrote()
    {
        double LossOf(ICandidate candidate) => Loss.Tweedie(candidate.Fit(s_data, new(Seed: 1)).Predict(s_later.Features).Spend!, s_later.Labels.Spend, 1.5);
        var blind = LossOf(OnColumns.WithoutText(new LightGbmValue(1.5, s_quick)));
        Assert.True(LossOf(new WithReducedText(new LightGbmValue(1.5, s_quick), components: 4)) < blind - 0.1);
    }

    [Fact]
    public void Reasons_name_what_was_written()
    {
        var fitted = (IHasReasons)new WithReducedText(new LightGbmChurn(s_quick), components: 4).Fit(s_data, new(Seed: 1));
        Assert.Contains(fitted.Reasons(s_later.Features, Answer.Churn).Columns, c => c is "anger" || c.StartsWith("text_component", StringComparison.Ordinal));
    }

    [Fact]
    public void The_vectors_own_columns_are_left_alone_unless_named()
    {
        foreach (var candidate in new ICandidate[] { new LightGbmChurn(s_quick), new LightGbmValue(1.5, s_quick), new LightGbmTwoStage(SpendStage.Gamma, s_quick, s_quick) })
        {
            var fitted = candidate.Fit(s_data, new(Seed: 1));
            Assert.DoesNotContain(fitted.Columns, c => c.StartsWith("text_vector", StringComparison.Ordinal));
            Assert.Contains("anger", fitted.Columns);
        }
        Assert.Equal(["text_vector_000"], new LightGbmChurn(s_quick with { Columns = ["text_vector_000"] }).Fit(s_data, new(Seed: 1)).Columns);
    }
}
