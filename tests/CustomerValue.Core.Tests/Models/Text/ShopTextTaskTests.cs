using CustomerValue.Features;
using CustomerValue.Models.Text;

namespace CustomerValue.Core.Tests.Models.Text;

public class ShopTextTaskTests
{
    private static readonly DateOnly s_cutoff = new(2024, 6, 1);

    // Every text is named for what it is; of 60 customers a few are kept apart.
    private static IReadOnlyList<ShopText> Texts(int? stars = 5) =>
    [
        .. Enumerable.Range(0, 60).SelectMany(i => new[] { Text(i, new(2024, 1, 2), stars is null ? null : i % 3 == 0 ? 1 : stars), Text(i, new(2024, 5, 20), stars), Text(i, new(2024, 7, 1), stars is null ? null : i % 2 == 0 ? 2 : 4) }),
    ];

    private static ShopText Text(int i, DateTime at, int? stars) =>
        new(FormattableString.Invariant($"c{i}"), at, "review", FormattableString.Invariant($"c{i} {at:yyyy-MM-dd}"), stars, i % 2 == 0, at.AddDays(14), i % 3 == 0, at.AddDays(60));

    [Fact]
    public void What_is_judged_was_written_later_than_all_that_is_learned_from()
    {
        var task = ShopTextTask.Of(ShopTextQuestion.Sentiment, Texts(), s_cutoff);
        Assert.All(task.Train.Texts.Concat(task.Dev.Texts), text => Assert.DoesNotContain("07-01", text));
        Assert.All(task.Test.Texts, text => Assert.Contains("07-01", text));
        Assert.Equal((120, 60), (task.Train.Texts.Count + task.Dev.Texts.Count, task.Test.Texts.Count));
        Assert.Equal(["no", "yes"], task.Test.Classes);
        Assert.Equal(30, task.Test.Labels.Sum());
    }

    [Fact]
    public void Nobody_is_both_learned_from_and_chosen_on()
    {
        var task = ShopTextTask.Of(ShopTextQuestion.Sentiment, Texts(), s_cutoff);
        var (learned, chosen) = (task.Train.Texts.Select(Writer).ToHashSet(), task.Dev.Texts.Select(Writer).ToHashSet());
        Assert.NotEmpty(chosen);
        Assert.Empty(learned.Intersect(chosen));

        static string Writer(string text) => text.Split(' ')[0];
    }

    [Theory, InlineData(ShopTextQuestion.Intent, "05-20"), InlineData(ShopTextQuestion.Loyalty, "05-20")]
    public void A_label_that_was_not_known_by_the_cutoff_is_not_learned_from(ShopTextQuestion question, string late)
    {
        var task = ShopTextTask.Of(question, Texts(), s_cutoff);
        Assert.DoesNotContain(task.Train.Texts.Concat(task.Dev.Texts), text => text.Contains(late, StringComparison.Ordinal));
        Assert.Equal(60, task.Train.Texts.Count + task.Dev.Texts.Count);
    }

    [Fact]
    public void Unless_one_is_asked_stars_are_the_question_where_there_are_any()
    {
        Assert.Equal(ShopTextQuestion.Sentiment, ShopTextTask.Of(null, Texts(), s_cutoff).Question);
        Assert.Equal(ShopTextQuestion.Loyalty, ShopTextTask.Of(null, Texts(stars: null), s_cutoff).Question);
    }

    [Fact]
    public void Who_reads_nothing_answers_with_the_rates_it_learned()
    {
        var task = ShopTextTask.Of(ShopTextQuestion.Sentiment, Texts(), s_cutoff);
        var rate = task.Train.Labels.Average();
        Assert.All(task.Unread(), answer => Assert.Equal((1 - rate, rate), (answer[0], answer[1]), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-12));
        Assert.Equal(task.Test.Texts.Count, task.Unread().Length);
    }

    [Fact]
    public void A_part_with_one_answer_only_is_refused_by_its_counts()
    {
        var error = Assert.Throws<InvalidOperationException>(() => ShopTextTask.Of(ShopTextQuestion.Sentiment, [.. Texts().Where(t => t.Stars > 3 || t.At.Month != 7)], s_cutoff));
        Assert.Contains("to judge on", error.Message);
        Assert.Contains("30 are answered with yes and 0 with no", error.Message);
    }

    [Fact]
    public void Too_many_texts_are_thinned_evenly_each_with_its_label()
    {
        var task = ShopTextTask.Of(ShopTextQuestion.Sentiment, Texts(), s_cutoff);
        var thin = task.AtMost(20);
        Assert.Equal((20, 20), (thin.Train.Texts.Count, thin.Test.Texts.Count));
        var labels = task.Test.Texts.Zip(task.Test.Labels).ToDictionary(t => t.First, t => t.Second);
        Assert.All(thin.Test.Texts.Zip(thin.Test.Labels), t => Assert.Equal(labels[t.First], t.Second));
        Assert.Equal(task.Test.Texts[30], thin.Test.Texts[10]);
        Assert.Same(task.Train, task.AtMost(1000).Train);
    }
}
