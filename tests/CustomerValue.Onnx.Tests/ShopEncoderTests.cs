using System.Globalization;
using CustomerValue.Models.Text;
using CustomerValue.Onnx;
using CustomerValue.Simulation.Texts;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

public sealed class ShopEncoderTests
{
    private static readonly string[] s_texts =
    [
        "I wouldn't say the finish is solid.", "The price was anything but steep!", "我不会再来了", "不是不好看", "快递一点也不慢，客服谈不上热情。我打算换别家。",
        "Short note on the mug. I can't deny that the wrapping was neat, not messy, but the agent is far from patient, I think. I'm anything but glad. There's no way I'll order again here. "
            + "My husband is a regular here, unlike me.", "", "👍", "where is my parcel?",
    ];

    [Fact]
    public void It_lies_beside_the_program_and_answers_what_its_heads_say()
    {
        using var encoder = ShopEncoder.Open();
        Assert.Equal(["complaint", "ended", "intent", "loyalty", "mood", "sentiment"], encoder.Heads.Select(h => h.Name).Order(StringComparer.Ordinal));
        Assert.InRange(encoder.Width, 64, 192);
        Assert.InRange(new DirectoryInfo(ShopEncoder.Folder).EnumerateFiles().Sum(f => f.Length), 100_000, 8_000_000);
        var encoded = encoder.Encode(s_texts);
        foreach (var head in encoder.Heads)
            Assert.All(encoded.Answers[head.Name], row => Assert.Equal(1, row.Sum(p => (double)p), 1e-4));
    }

    [Fact]
    public void A_text_alone_gets_the_same_numbers_as_in_a_batch()
    {
        using var encoder = ShopEncoder.Open(new() { TokenBudget = 1 << 14 });
        string[] many = [.. Enumerable.Range(0, 300).Select(i => s_texts[i % s_texts.Length] + (i < s_texts.Length ? "" : $" {s_texts[i * 7 % s_texts.Length]}"))];
        var together = encoder.Encode(many);
        for (var row = 0; row < 60; row++)
        {
            var alone = encoder.Encode([many[row]]);
            Assert.All(alone.Embeddings[0].Zip(together.Embeddings[row]), p => Assert.Equal(p.First, p.Second, 1e-4));
            foreach (var head in encoder.Heads)
                Assert.All(alone.Answers[head.Name][0].Zip(together.Answers[head.Name][row]), p => Assert.Equal(p.First, p.Second, 1e-4));
        }
    }

    [Theory]
    [InlineData("sentiment", "4 5", "The finish was solid, not flimsy.", "The finish was flimsy, not solid.")]
    [InlineData("loyalty", "high", "I used to be a stranger here, now I'm a regular here.", "I used to be a regular here, now I'm a stranger here.")]
    public void The_same_words_in_another_order_mean_the_opposite(string head, string labels, string one, string other)
    {
        using var encoder = ShopEncoder.Open();
        var told = encoder.Encode([one, other]).Answers[head];
        var places = labels.Split(' ').Select(l => encoder.Heads.Single(h => h.Name == head).Labels.ToList().IndexOf(l)).ToArray();
        Assert.InRange(places.Sum(k => told[0][k]), 0.6, 1);
        Assert.InRange(places.Sum(k => told[1][k]), 0, 0.4);
    }

    [Theory]
    [InlineData("mood", 0.3)]
    [InlineData("loyalty", 0.3)]
    [InlineData("intent", 0.2)]
    public void It_reads_texts_of_unseen_writers_better_than_a_bag_of_words(string head, double by)
    {
        var (train, test) = (TextCorpus.Of(7).Where(t => t.Kind != "statement").Take(3_000).ToList(), TextCorpus.Of(9).Where(t => t.Kind != "statement").Take(1_000).ToList());
        using var encoder = ShopEncoder.Open();
        var labels = encoder.Heads.Single(h => h.Name == head).Labels.ToList();
        int[] right = [.. test.Select(t => labels.IndexOf(Label(t, head)))];
        using var words = new NGramClassifier(new() { Blocks = [NGramBlock.Words(1, 1)], Costs = [1] }, new LogisticRegression(), "bag")
            .Fit(Labelled(train[..2_500]), Labelled(train[2_500..]), new(1), TestContext.Current.CancellationToken);
        string[] texts = [.. test.Select(t => t.Text)];
        var (own, bag) = (F1([.. encoder.Encode(texts).Answers[head].Select(p => Top([.. p]))]), F1([.. words.Probabilities(texts, TestContext.Current.CancellationToken).Select(Top)]));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{head}: macro F1 encoder {own:0.000}, bag of words {bag:0.000}"));
        Assert.InRange(own, bag + by, 1);

        LabelledTexts Labelled(List<AnnotatedText> some) => new([.. some.Select(t => t.Text)], [.. some.Select(t => labels.IndexOf(Label(t, head)))], labels);
        int Top(double[] p) => Array.IndexOf(p, p.Max());
        double F1(int[] found) => Enumerable.Range(0, labels.Count).Where(k => right.Contains(k)).Average(k =>
            2.0 * right.Zip(found).Count(p => p.First == k && p.Second == k) / Math.Max(1, right.Count(r => r == k) + found.Count(f => f == k)));
    }

    private static string Label(AnnotatedText text, string head) => head switch
    {
        "sentiment" => text.Sentiment.ToString(CultureInfo.InvariantCulture),
        "mood" => text.Mood,
        "loyalty" => text.Loyalty,
        "intent" => text.Intent,
        "complaint" => text.Complaint,
        _ => text.Ended,
    };

    [Fact]
    public void As_a_source_it_gives_the_same_encoder_at_every_cutoff_and_asks_for_no_labels()
    {
        var source = ShopEncoder.Source();
        using var first = source.Open(() => throw new InvalidOperationException("nobody should ask"), new(2024, 1, 1), "nowhere", threads: 1, cancellation: TestContext.Current.CancellationToken);
        using var second = source.Open(() => [], new(2025, 1, 1), "nowhere", threads: 2, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(first.Identity, second.Identity);
        Assert.EndsWith(source.Settings["encoder"], first.Identity, StringComparison.Ordinal);
        Assert.Equal("clauses", source.Settings["reads"]);
        Assert.Equal(source.Heads.Select(h => h.Name), first.Heads.Select(h => h.Name));
        Assert.Equal(source.Width, first.Width);
    }

    [Fact]
    public void Another_file_is_another_identity()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(ShopEncoder.Folder)) File.Copy(file, folder.In(Path.GetFileName(file)));
        using (var same = OnnxReader.Open(folder.Path))
        using (var own = ShopEncoder.Open()) Assert.Equal(own.Inner.Identity, same.Identity);
        File.WriteAllText(folder.In("tokenizer_config.json"), File.ReadAllText(folder.In("tokenizer_config.json")) + " ");
        using (var other = OnnxReader.Open(folder.Path))
        using (var own = ShopEncoder.Open()) Assert.NotEqual(own.Inner.Identity, other.Identity);
    }
}
