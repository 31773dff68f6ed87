using CustomerValue.Features;
using CustomerValue.Text;

namespace CustomerValue.Core.Tests.Features;

/// <summary>Cases worked by hand.</summary>
public sealed class TextAggregationTests
{
    private static readonly TextHead[] s_heads = [new("Mood", HeadKind.Regression, [], Mean: 1), new("complaint", HeadKind.Classification, ["no", "yes"])];
    private static readonly DateOnly s_cutoff = new(2025, 7, 1);

    private static Dictionary<string, double> Of(TextFeatureOptions options, TextHead[] heads, params (int Age, bool AgentSpoke, bool Answered, float[] Numbers)[] texts)
    {
        var aggregation = new TextAggregation(heads, 2, options);
        var (meaning, vector) = (new double[aggregation.Meaning.Count], new double[aggregation.Vector.Count]);
        aggregation.Fill(s_cutoff, [.. texts.Select(t => new CustomerText(s_cutoff.AddDays(-t.Age).ToDateTime(new(23, 59)), "words", t.AgentSpoke, t.Answered))], [.. texts.SelectMany(t => t.Numbers)], meaning, vector);
        return aggregation.Meaning.Concat(aggregation.Vector).Zip([.. meaning, .. vector]).ToDictionary(p => p.First.Name, p => p.Second);
    }

    [Fact]
    public void Means_halve_with_age_and_shrink_towards_what_is_assumed_of_nobody()
    {
        var f = Of(new() { HalfLives = [10, 20], VectorHalfLife = 20 }, s_heads, (20, false, false, [1, 0, 5, 0.2f, 0.8f]), (10, false, false, [0, 1, 2, 0.9f, 0.1f]));
        Assert.Equal((2, 0.25 + 0.5), (f["texts_read"], f["texts_read_10"]));
        Assert.Equal(2, f["mood_last"]);
        Assert.Equal((1 + 5 + 2) / 3.0, f["mood_mean"], 1e-12);
        Assert.Equal((1 + 0.25 * 5 + 0.5 * 2) / 1.75, f["mood_recent_10"], 1e-12);
        Assert.Equal((0.25 * 5 + 0.5 * 2) / 0.75 - 3.5, f["mood_trend"], 1e-12);
        Assert.Equal((2, 5), (f["mood_min"], f["mood_max"]));
        Assert.Equal((0.5 + 0.8 + 0.1) / 3, f["complaint_mean"], 1e-6);
        Assert.Equal(0.5, f["complaint_share"]);
        var (old, recent) = (0.5, Math.Sqrt(0.5));
        Assert.Equal(old / (old + recent), f["text_vector_000"], 1e-12);
        Assert.Equal(recent / (old + recent), f["text_vector_001"], 1e-12);
    }

    [Fact]
    public void Nobody_who_wrote_nothing_has_an_opinion()
    {
        var f = Of(new(), s_heads);
        Assert.All(f.Where(c => c.Key.StartsWith("mood_", StringComparison.Ordinal) && c.Key != "mood_trend"), c => Assert.Equal(1, c.Value));
        Assert.Equal((0, 0.5, 0, -1, 0, 0), (f["mood_trend"], f["complaint_last"], f["complaint_share"], f["days_since_complaint"], f["complaint_open"], f["text_vector_000"]));
    }

    [Theory, InlineData(false, false, 0, 1), InlineData(true, false, 1, 0), InlineData(false, true, 1, 0)]
    public void A_complaint_is_open_until_an_agent_answers_it_in_its_chat_or_speaks_in_a_later_one(bool answered, bool spokeLater, double wasAnswered, double isOpen)
    {
        float[] complains = [0, 0, 0, 0.1f, 0.9f], content = [0, 0, 0, 0.9f, 0.1f];
        var f = Of(new(), s_heads, (200, true, true, complains), (30, true, answered, complains), (5, spokeLater, false, content));
        Assert.Equal((2, 1, 30, wasAnswered, isOpen), (f["complaints"], f["complaints_90"], f["days_since_complaint"], f["complaint_answered"], f["complaint_open"]));
        Assert.False(f.ContainsKey("complaint_solved"));
    }

    [Theory, InlineData(0.9f, 0.1f, 1, 0), InlineData(0.1f, 0.9f, 1, 0), InlineData(0.1f, 0.1f, 0, 1)]
    public void Where_a_head_tells_what_was_solved_an_answer_alone_closes_no_complaint(float itself, float later, double solved, double open)
    {
        TextHead[] heads = [new("complaint", HeadKind.Classification, ["no", "yes"]), new("solved", HeadKind.Classification, ["yes", "no"])];
        var f = Of(new(), heads, (30, true, true, [0, 0, 0.1f, 0.9f, itself, 1 - itself]), (5, false, false, [0, 0, 0.9f, 0.1f, later, 1 - later]));
        Assert.Equal((1.0, solved, open), (f["complaint_answered"], f["complaint_solved"], f["complaint_open"]));
        Assert.Equal((0.5 + itself + later) / 3, f["solved_mean"], 1e-6);              // yes stands first here
    }

    [Fact]
    public void Heads_of_many_labels_are_told_in_short()
    {
        TextHead[] heads = [new("reason", HeadKind.Classification, [.. Enumerable.Range(0, 9).Select(k => $"r{k}")]), new("topic", HeadKind.Classification, ["a", "b"])];
        var names = new TextAggregation(heads, 1).Meaning.Select(f => f.Name).Where(n => n.StartsWith("reason_r3", StringComparison.Ordinal) || n.StartsWith("topic", StringComparison.Ordinal));
        Assert.Equal(["reason_r3_recent_90", "reason_r3_share", "topic_a_recent_90", "topic_a_share", "topic_b_recent_90", "topic_b_share"], names);
    }

    [Fact]
    public void Half_lives_must_rise() => Assert.Contains("90, 30", Assert.Throws<ArgumentException>(() => new TextFeatureOptions { HalfLives = [90, 30] }).Message, StringComparison.Ordinal);
}
