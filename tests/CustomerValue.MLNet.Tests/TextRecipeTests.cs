using CustomerValue.Features;
using CustomerValue.MLNet;
using CustomerValue.Models;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Tests.MLNet;

/// <summary>The recipe that everything else is compared with: an encoder's features beside those of behaviour, a few components in place of its vector, logistic regression.</summary>
public class TextRecipeTests
{
    private static readonly TrainingData s_data = SampleWriters.Training(customers: 1000);
    private static readonly LabelledTable s_later = SampleWriters.Labelled(2000, new(2020, 12, 1), new Random(99));
    private static readonly double[] s_actual = [.. s_later.Labels.Churned.Select(c => c ? 1.0 : 0)];

    [Fact]
    public void Keeps_the_contract() => CandidateContract.Holds(new WithReducedText(new LogisticChurn(), components: 4), s_data, ModelCodecs.Core.With(MLNetCodecs.All));

    [Fact]
    public void Components_of_the_vector_tell_who_is_angry()
    {
        var blind = LossOf(OnColumns.WithoutText(new LogisticChurn()));
        var vector = LossOf(new WithReducedText(OnColumns.Without(new LogisticChurn(), [TextSets.Writing, TextSets.Meaning], "vector"), components: 4));
        Assert.True(vector < blind - 0.02, $"{vector} with components, {blind} without text");
    }

    [Fact]
    public void Scores_of_the_heads_tell_who_is_angry()
    {
        var blind = LossOf(OnColumns.WithoutText(new LogisticChurn()));
        var scores = LossOf(OnColumns.Without(new LogisticChurn(), [TextSets.Vector], "scores"));
        Assert.True(scores < blind - 0.02, $"{scores} with scores, {blind} without text");
    }

    [Fact]
    public void The_vectors_own_columns_are_left_alone_unless_named()
    {
        Assert.DoesNotContain(new LogisticChurn().Fit(s_data, new(Seed: 1)).Columns, c => c.StartsWith("text_vector", StringComparison.Ordinal));
        Assert.Equal(["text_vector_000"], new LogisticChurn(new() { Columns = ["text_vector_000"] }).Fit(s_data, new(Seed: 1)).Columns);
    }

    private static double LossOf(ICandidate candidate) => Loss.Log(candidate.Fit(s_data, new(Seed: 1)).Predict(s_later.Features).Churn, s_actual);
}
