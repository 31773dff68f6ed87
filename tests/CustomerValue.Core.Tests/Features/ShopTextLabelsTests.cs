using CustomerValue.Features;
using CustomerValue.Ingestion;

namespace CustomerValue.Core.Tests.Features;

public class ShopTextLabelsTests
{
    private static readonly DateOnly s_cutoff = new(2024, 6, 1);
    private static readonly ShopTextLabels s_labels = new(s_cutoff) { IntentDays = 10, LoyaltyDays = 60 };

    private static DateTime Day(int month, int day, int hour = 12) => new(2024, month, day, hour, 0, 0);
    private static Review Wrote(string who, DateTime at, int stars = 5, string text = "好") => new(who, at, "p", stars, text);
    private static Purchase Bought(string who, DateTime at, bool isReturn = false) => new(who, $"{who}{at:O}", at, "p", "", "", 1, 10, "CNY", isReturn);
    private static DialogueTurn Said(string who, string chat, int turn, DateTime at, string text, string speaker = "customer") => new(who, chat, turn, at, speaker, text);

    [Theory]
    [InlineData(1, false), InlineData(2, false), InlineData(3, null), InlineData(4, true), InlineData(5, true), InlineData(0, null)]
    public void Stars_say_how_content_a_writer_is(int stars, bool? positive)
    {
        var text = Assert.Single(s_labels.Of([Wrote("a", Day(5, 1), stars)], [], []));
        Assert.Equal((stars == 0 ? null : stars, positive), (text.Stars, text.IsPositive));
    }

    [Fact]
    public void Intent_is_an_order_within_the_days_after_the_text()
    {
        Assert.True(Intent(Bought("a", Day(5, 5))));
        Assert.False(Intent(Bought("b", Day(5, 5))));                    // somebody else's
        Assert.False(Intent(Bought("a", Day(4, 30))));                   // before
        Assert.False(Intent(Bought("a", Day(5, 1))));                    // at the same moment
        Assert.False(Intent(Bought("a", Day(5, 11))));                   // the window is half-open
        Assert.False(Intent(Bought("a", Day(5, 5), isReturn: true)));

        static bool? Intent(Purchase purchase) => Assert.Single(s_labels.Of([Wrote("a", Day(5, 1))], [], [purchase])).Buys;
    }

    [Fact]
    public void Loyalty_asks_those_who_had_bought_whether_they_did_again()
    {
        Assert.True(Loyalty(Bought("a", Day(1, 1)), Bought("a", Day(4, 1))));
        Assert.False(Loyalty(Bought("a", Day(1, 1))));
        Assert.Null(Loyalty(Bought("a", Day(4, 1))));                    // a first order isn't a return

        static bool? Loyalty(params Purchase[] purchases) => Assert.Single(s_labels.Of([Wrote("a", Day(3, 15))], [], purchases)).KeepsBuying;
    }

    [Fact]
    public void A_window_that_has_not_ended_by_the_cutoff_gives_no_label()
    {
        var text = Assert.Single(s_labels.Of([Wrote("a", Day(5, 25))], [], [Bought("a", Day(1, 1)), Bought("a", Day(5, 26))]));
        Assert.Null(text.Buys);                                          // though an order is known already: others' windows have not ended alike
        Assert.Null(text.KeepsBuying);
        Assert.True(text.BuysKnown > s_cutoff.ToDateTime(default));
    }

    [Fact]
    public void A_chat_is_what_its_customer_said()
    {
        var chat = Assert.Single(s_labels.Of([],
            [Said("a", "1", 3, Day(5, 1, 15), "退货 "), Said("a", "1", 2, Day(5, 1, 14), "您好", "agent"), Said("a", "1", 1, Day(5, 1, 13), "在吗")], []));
        Assert.Equal(("dialogue", "在吗\n退货", Day(5, 1, 15)), (chat.Source, chat.Text, chat.At));
    }

    [Fact]
    public void An_invented_future_changes_no_label()
    {
        var random = SplitMix64.Stream(1, 1);
        string Who() => $"c{random.Below(20)}";
        DateTime When() => new DateTime(2024, 1, 1).AddMinutes(random.Below(300 * 24 * 60));
        var reviews = Enumerable.Range(0, 300).Select(_ => Wrote(Who(), When(), random.Below(6), $"t{random.Below(1000)}")).ToArray();
        var purchases = Enumerable.Range(0, 400).Select(_ => Bought(Who(), When(), random.Below(10) == 0)).ToArray();
        var turns = Enumerable.Range(0, 300).Select(i => Said(Who(), $"{i / 5}", i % 5, When(), $"s{random.Below(1000)}")).ToArray();
        var before = s_labels.Of(reviews, turns, purchases);

        var end = s_cutoff.ToDateTime(default);
        var after = s_labels.Of(
            [.. reviews.Where(r => r.At < end), .. Enumerable.Range(0, 200).Select(_ => Wrote(Who(), end.AddMinutes(random.Below(500_000)), 1, "invented"))],
            [.. turns.Where(t => t.At < end), .. Enumerable.Range(0, 200).Select(i => Said(Who(), $"{i % 60}", 9, end.AddMinutes(random.Below(500_000)), "invented"))],
            [.. purchases.Where(p => p.At < end), .. Enumerable.Range(0, 200).Select(_ => Bought(Who(), end.AddMinutes(random.Below(500_000))))]);

        Assert.Equal(before, after);
        Assert.Contains(before, t => t.Buys == true);
        Assert.Contains(before, t => t.Buys is null);
        Assert.Contains(before, t => t.KeepsBuying == false);
        Assert.All(before, t => Assert.True(t.Buys is null || t.BuysKnown <= end));
        Assert.All(before, t => Assert.True(t.KeepsBuying is null || t.KeepsBuyingKnown <= end));
    }

    [Fact]
    public void Of_an_order_its_products_are_the_text()
    {
        Purchase Line(string order, DateTime at, string product) => new("a", order, at, "p", product, "", 1, 10, "CNY", false);
        var texts = s_labels.OfOrders([Line("1", Day(1, 1), "red mug "), Line("1", Day(1, 1), "blue mug"), Line("1", Day(1, 1), "blue mug"), Line("2", Day(2, 1), "lamp"), Line("3", Day(4, 30), ""), Line("4", Day(6, 2), "later"), Bought("a", Day(2, 2), isReturn: true)]);
        Assert.Equal([("order", "red mug\nblue mug", true), ("order", "lamp", false)], texts.Select(t => (t.Source, t.Text, t.KeepsBuying!.Value)));
        Assert.All(texts, t => Assert.Null(t.Stars));
    }
}
