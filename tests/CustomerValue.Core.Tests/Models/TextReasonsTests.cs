using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Tests.Models;

public class TextReasonsTests
{
    private static readonly FeatureInfo[] s_features =
        [new("silence", "weeks", "", "rfm"), new("bad_share", "share", "", TextSets.Meaning), new("texts", "count", "", TextSets.Writing)];

    /// <summary>Columns of a customer by hand: the share of texts that hold "bad", and how many there are.</summary>
    private sealed class Counted(params string[] texts) : ITextColumns
    {
        public List<int> Asked { get; } = [];
        public IReadOnlyList<WrittenText> Texts { get; } = [.. texts.Select((t, i) => new WrittenText(new(2024, 1, 1 + i), "review", t))];
        public IReadOnlyList<string> Names => ["texts", "bad_share"];

        public double[] Columns(IReadOnlyList<KeptText> kept, CancellationToken cancellation)
        {
            Asked.Add(kept.Count);
            Assert.Equal(kept.Select(k => k.Index).Order(), kept.Select(k => k.Index));
            return [kept.Count, kept.Count == 0 ? 0 : kept.Average(t => t.Text.Contains("bad", StringComparison.Ordinal) ? 1.0 : 0)];
        }

        public FeatureTable Row() => new(new(2024, 7, 1), ["c"], s_features, [[3], [Columns([.. Texts.Select((t, i) => new KeptText(i, t.Text))], default)[1]], [Texts.Count]]);
    }

    // Logit of churn: silence - 2 + 4 bad_share; spend: 10 a text.
    private sealed record Linear(bool Churns = true, bool Spends = true) : IFittedCandidate
    {
        public IReadOnlyList<string> Columns => ["silence", "bad_share", "texts"];

        public Scores Predict(FeatureTable customers) => new(
            Spends ? [.. customers["texts"].Select(n => 10 * n)] : null,
            Churns ? [.. customers["silence"].Zip(customers["bad_share"], (s, b) => LogisticCurve.Sigmoid(s - 2 + 4 * b))] : null);
    }

    [Fact]
    public void Each_text_is_left_out_once_and_the_strongest_stands_first()
    {
        var texts = new Counted("fine", "bad. truly", "fine too", "nice");
        var reasons = TextReasons.Of(new Linear(), texts.Row(), texts, strongest: 0);
        Assert.Equal(["bad. truly", "fine", "fine too", "nice"], reasons.Select(r => r.Text.Text));
        Assert.Equal(4 * (1 / 4.0), reasons[0].Churn!.Value, 9);                                       // without it nothing is bad
        Assert.Equal(4 * (1 / 4.0 - 1 / 3.0), reasons[1].Churn!.Value, 9);                            // a good text keeps churn down
        Assert.All(reasons, r => Assert.Equal(10, r.Spend!.Value, 9));
        Assert.All(reasons, r => Assert.Empty(r.Sentences));
        Assert.Equal([4, 4, 3, 3, 3, 3], texts.Asked);
    }

    [Fact]
    public void Of_the_strongest_each_sentence_is_left_out()
    {
        var texts = new Counted("fine. really fine.", "It came. It was bad! Never mind.", "nice");
        var reasons = TextReasons.Of(new Linear(), texts.Row(), texts, strongest: 1);
        Assert.Equal(["It came.", "It was bad!", "Never mind."], reasons[0].Sentences.Select(s => s.Sentence));
        Assert.Equal([0, Math.Round(4 / 3.0, 9), 0], reasons[0].Sentences.Select(s => Math.Round(s.Churn!.Value, 9)));      // the share falls from 1/3 to 0
        Assert.Equal([0.0, 0, 0], reasons[0].Sentences.Select(s => s.Spend!.Value));
        Assert.Empty(reasons[1].Sentences);
    }

    [Fact]
    public void What_isnt_answered_has_no_reasons_and_spend_orders_where_churn_isnt_told()
    {
        var texts = new Counted("fine", "bad");
        Assert.All(TextReasons.Of(new Linear(Spends: false), texts.Row(), texts), r => Assert.Null(r.Spend));
        Assert.All(TextReasons.Of(new Linear(Churns: false), texts.Row(), texts), r => Assert.Equal((null, 10.0), (r.Churn, r.Spend)));
        Assert.Empty(TextReasons.Of(new Linear(), new Counted().Row(), new Counted()));
    }

    [Fact]
    public void Columns_that_arent_the_rows_are_refused()
    {
        var texts = new Counted("fine", "bad");
        var error = Assert.Throws<ArgumentException>(() => TextReasons.Of(new Linear(), new Counted("fine", "fine").Row(), texts));
        Assert.StartsWith("Column 'bad_share' of customer c is 0, and its texts make it 0.5. Build both from the same records, cutoff and encoder", error.Message, StringComparison.Ordinal);
        Assert.Contains("has no column 'texts'", Assert.Throws<ArgumentException>(() => TextReasons.Of(new Linear(), texts.Row().Select(["silence", "bad_share"]), texts)).Message, StringComparison.Ordinal);
        Assert.Contains("has 0 rows", Assert.Throws<ArgumentException>(() => TextReasons.Of(new Linear(), texts.Row().At([]), texts)).Message, StringComparison.Ordinal);
    }
}
