using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Tests.Models;

public class TextReasonsTests
{
    private static readonly FeatureInfo[] s_text = [new("texts", "count", "", TextSets.Writing), new("bad_share", "share", "", TextSets.Meaning), new("unread", "share", "", TextSets.Meaning)];
    private static readonly FeatureInfo[] s_features = [new("silence", "weeks", "", "rfm"), s_text[1], s_text[0]];

    /// <summary>Customers' columns by hand: the share of texts that hold "bad", and how many there are; given piece by piece, as a warehouse does.</summary>
    private sealed class Counted(params (string Customer, string[] Texts)[] shop) : ITextColumns
    {
        public int AtATime { get; init; } = 2;
        public IReadOnlyList<FeatureInfo> Features => s_text;

        private static double[] Columns(IReadOnlyCollection<string> texts) => [texts.Count, texts.Count == 0 ? 0 : texts.Average(t => t.Contains("bad", StringComparison.Ordinal) ? 1.0 : 0), 7];

        public void LeaveOut(DateOnly cutoff, Action<TextsLeftOut> take, CancellationToken cancellation) => Parallel.ForEach(shop.Chunk(AtATime), some =>
        {
            var left = some.SelectMany(c => c.Texts.Select((text, t) => (c.Customer, Text: new CustomerText(new(2024, 1, 1 + t), text, false, false), Columns: Columns([.. c.Texts.Where((_, o) => o != t)])))).ToList();
            take(new([.. left.Select(l => l.Customer)], [.. left.Select(l => l.Text)], [.. s_text.Select((_, c) => left.Select(l => l.Columns[c]).ToArray())]));
        });

        public FeatureTable Table() => new(new(2024, 7, 1), [.. shop.Select(c => c.Customer)], s_features,
            [[.. shop.Select((_, row) => 3.0 + row)], [.. shop.Select(c => Columns(c.Texts)[1])], [.. shop.Select(c => Columns(c.Texts)[0])]]);
    }

    // Logit of churn: silence - 4 + 4 bad_share; spend: 10 a text. Refuses long silences.
    private static Scores Linear(FeatureTable customers)
    {
        Assert.Equal(s_features, customers.Features);
        if (customers["silence"].Any(s => s > 99)) throw new InvalidDataException("too long");
        return new([.. customers["texts"].Select(n => 10 * n)], [.. customers["silence"].Zip(customers["bad_share"], (s, b) => LogisticCurve.Sigmoid(s - 4 + 4 * b))]);
    }

    private static readonly (string, string[])[] s_shop = [("a", ["fine", "bad. truly", "fine too", "nice"]), ("b", []), ("c", ["bad"]), ("d", ["fine", "fine"]), ("e", ["bad", "nice"])];

    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public void Each_text_is_left_out_once_and_the_strongest_stands_first(int atATime)
    {
        var texts = new Counted(s_shop) { AtATime = atATime };
        var reasons = TextReasons.Find(Linear, texts.Table(), texts, strongest: 3);
        var churn = reasons.Of("a", Answer.Churn);
        Assert.Equal(["bad. truly", "fine", "fine too"], churn.Select(r => r.Text.Text));                        // of equal ones the older
        Assert.Equal([4 * (1 / 4.0), 4 * (1 / 4.0 - 1 / 3.0), 4 * (1 / 4.0 - 1 / 3.0)], churn.Select(r => r.Moved).ToArray(), (double x, double y) => Math.Abs(x - y) < 1e-9);
        Assert.All(reasons.Of("a", Answer.Spend), r => Assert.Equal(Math.Log(41 / 31.0), r.Moved, 1e-12));
        Assert.Equal(Math.Log(11), Assert.Single(reasons.Of("c", Answer.Spend)).Moved, 1e-12);
        Assert.Equal(4, Assert.Single(reasons.Of("c", Answer.Churn)).Moved, 1e-9);
        Assert.Equal([("bad", 2.0), ("nice", -2.0)], reasons.Of("e", Answer.Churn).Select(r => (r.Text.Text, Math.Round(r.Moved, 9))).Order());
    }

    [Fact]
    public void Who_wrote_nothing_and_what_moved_nothing_has_no_reasons()
    {
        var texts = new Counted(s_shop);
        var reasons = TextReasons.Find(Linear, texts.Table(), texts, strongest: 3);
        Assert.Empty(reasons.Of("b", Answer.Churn));
        Assert.Empty(reasons.Of("nobody", Answer.Spend));
        Assert.Empty(reasons.Of("d", Answer.Churn));
        Assert.Equal(2, reasons.Of("d", Answer.Spend).Count);
        Assert.Empty(TextReasons.Find(rows => Linear(rows) with { Spend = null }, texts.Table(), texts, 3).Of("d", Answer.Spend));
    }

    [Fact]
    public void Where_nothing_depends_on_texts_nothing_is_asked()
    {
        var texts = new Counted(s_shop);
        Assert.Empty(TextReasons.Find(_ => throw new InvalidOperationException(), texts.Table().Select(["silence"]), texts, 3).Of("a", Answer.Churn));
    }

    [Fact]
    public void Customers_who_are_refused_have_none_and_take_none_from_others()
    {
        var texts = new Counted(s_shop) { AtATime = 5 };
        var table = texts.Table();
        table["silence"][0] = 100;
        var reasons = TextReasons.Find(Linear, table, texts, strongest: 3);
        Assert.Empty(reasons.Of("a", Answer.Churn));
        Assert.Equal(2, reasons.Of("e", Answer.Churn).Count);

        var few = TextReasons.Find(Linear, texts.Table().At([2, 4]), texts, strongest: 3);                        // others than asked about are passed over
        Assert.Empty(few.Of("a", Answer.Churn));
        Assert.Single(few.Of("c", Answer.Churn));
    }
}
