using CustomerValue.Simulation.Texts;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Simulation.Texts;

public class TextCorpusTests
{
    [Fact]
    public void The_same_seed_gives_the_same_file_and_fewer_texts_are_its_beginning()
    {
        using var folder = new TemporaryFolder();
        var (long1, long2, little, other) = (folder.In("a.csv"), folder.In("b.csv"), folder.In("c.csv"), folder.In("d.csv"));
        Assert.True(TextCorpus.Write(long1, 400, 7, cancellation: TestContext.Current.CancellationToken) > 60);
        TextCorpus.Write(long2, 400, 7, cancellation: TestContext.Current.CancellationToken);
        TextCorpus.Write(little, 100, 7, cancellation: TestContext.Current.CancellationToken);
        TextCorpus.Write(other, 100, 8, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(long1), File.ReadAllBytes(long2));
        Assert.StartsWith(File.ReadAllText(little), File.ReadAllText(long1), StringComparison.Ordinal);
        Assert.NotEqual(File.ReadAllText(little), File.ReadAllText(other));
        Assert.StartsWith(TextCorpus.Header + "\n\"", File.ReadAllText(little), StringComparison.Ordinal);
    }

    [Fact]
    public void Tens_of_thousands_of_sentences_differ()
    {
        var texts = TextCorpus.Of(7).Take(20_000).ToList();
        Assert.True(texts.Select(t => t.Text).Distinct().Count() > 18_500, $"{texts.Select(t => t.Text).Distinct().Count()}");
        var sentences = texts.SelectMany(t => t.Text.Split(['.', '!', '?', '。', '！', '？', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct().Count();
        Assert.True(sentences > 30_000, $"{sentences}");
    }

    [Fact]
    public void Opposites_are_equally_frequent_and_every_label_occurs()
    {
        var texts = TextCorpus.Of(7).Take(20_000).ToList();
        double Share(Func<AnnotatedText, bool> of) => texts.Count(of) / (double)texts.Count;
        Assert.Equal(Share(t => t.Mood == "good"), Share(t => t.Mood == "poor"), 0.02);
        Assert.Equal(Share(t => t.Loyalty == "high"), Share(t => t.Loyalty == "low"), 0.02);
        Assert.Equal(Share(t => t.Intent == "restock"), Share(t => t.Intent == "leave"), 0.02);
        Assert.Equal(Share(t => t.Ended == "solved"), Share(t => t.Ended == "open"), 0.02);
        Assert.Equal(["1", "2", "3", "4", "5"], texts.Select(t => $"{t.Sentiment}").Distinct().Order());
        Assert.Equal(["account", "delivery", "none", "packing", "price", "quality", "question", "refund", "service"], texts.Select(t => t.Complaint).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(texts, t => t.Kind == "review" && t.Complaint is ("refund" or "question" or "account"));
    }

    [Fact]
    public void Slips_leave_negations_alone()
    {
        var chance = new CustomerValue.Simulation.Chance.RandomStream(1, 1, CustomerValue.Simulation.Chance.Purpose.Texts);
        const string Meant = "It isn't flimsy, not at all, and I won't leave. 不是不好，没有坏，别担心。";
        for (var i = 0; i < 500; i++)
        {
            var written = Slips.Into(new(Meant), 0.5, chance);
            foreach (var negation in new[] { "isn't", "not", "won't", "不是不", "没有", "别" })
                Assert.Contains(negation, written.Replace("不事不", "不是不", StringComparison.Ordinal), StringComparison.Ordinal);
        }
        Assert.Equal(Meant, Slips.Into(new(Meant), 0, chance));
    }
}
