using CustomerValue.Features;
using CustomerValue.Ingestion;

namespace CustomerValue.Tests.Features;

public sealed class EventLanguageTests
{
    private static readonly DateOnly s_cutoff = new(2025, 3, 1);

    // Oldest first: an order of two lines, a visit, a return, a review, a chat, a campaign.
    private static readonly CustomerHistory s_history = CustomerHistory.At("a", s_cutoff,
        [Line("o1", new(2025, 1, 1), "blue mug", "home", 10), Line("o1", new(2025, 1, 1), "tea", "food", 20), Line("r1", new(2025, 1, 8), "blue mug", "home", 10, isReturn: true)],
        [new("a", "s1", new(2025, 1, 4), "view", "p", "", 1), new("a", "s1", new(2025, 1, 4, 0, 1, 0), "search", "", "mug", 1), new("a", "s1", new(2025, 1, 4, 0, 2, 0), "view", "p", "", 1)],
        [new("a", new(2025, 1, 9), "p", 2, "mug is blue tea")],
        [new("a", "d1", 1, new(2025, 1, 10), "customer", "tea"), new("a", "d1", 2, new(2025, 1, 10), "agent", "agents are not heard")],
        [new("a", "m1", new(2025, 2, 1), "coupon10", "email", new(1, "GBP"), new(2025, 2, 2))]);

    private static readonly FittedEventLanguage s_language = new EventLanguage(new() { Pieces = 60, Amounts = 2, TextTokens = 3 }).Fit([s_history, s_history]);

    [Fact]
    public void A_history_is_written_newest_first_with_what_each_event_holds()
    {
        var sentence = s_language.Write(s_history, s_cutoff);
        // 28 days since the last event, 59 since the order and the beginning; one order; 20 spent after the return. 3 log2(1 + days), 2 log2(1 + count).
        Assert.Equal(
            "<since 15> <idle 18> <age 18> <orders 2> <spent 0> " +
            "<contact> <sent coupon10> <answered> <gap 14> <chat> tea <gap 3> <review> <stars 2> mug is blue <gap 3> " +
            "<return> <amount 0> <lines 2> <category home> blue mug <gap 6> <visit> <views 3> <searches 2> mug <gap 6> " +
            "<order> <amount 0> <lines 3> <category food> tea <category home> blue mug", Whole(s_language.Spell(sentence)));
        Assert.Equal(["<since 15>", "<idle 18>", "<age 18>", "<orders 2>", "<spent 0>", "<contact>", "<chat>", "<review>", "<return>", "<visit>", "<order>"],
            sentence.Ids.Where((_, at) => sentence.Events[at]).Select(id => s_language.Vocabulary[id]));
    }

    [Fact]
    public void What_does_not_fit_is_left_out_event_by_event_from_the_old_end()
    {
        var narrow = new EventLanguage(new() { Pieces = 60, Amounts = 2, MaxTokens = 16 }).Fit([s_history]);
        var sentence = narrow.Write(s_history, s_cutoff);
        Assert.InRange(sentence.Ids.Length, 9, 16);
        Assert.StartsWith("<since 15> <idle 18> <age 18> <orders 2> <spent 0> <contact> <sent coupon10> <answered> <gap 14>", narrow.Spell(sentence), StringComparison.Ordinal);
        Assert.DoesNotContain("<order>", narrow.Spell(sentence), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_never_seen_are_spelled_and_customers_without_records_have_a_sentence()
    {
        var later = CustomerHistory.At("b", s_cutoff, [Line("o9", new(2025, 2, 27), "mugs", "toys", 999)], [], [], [], [new("b", "m", new(2025, 2, 26), "gift", "email", new(1, "GBP"), null)]);
        var told = s_language.Spell(s_language.Write(later, s_cutoff));
        Assert.Contains("<order> <amount 1> <lines 2> <other> mug", told, StringComparison.Ordinal);
        Assert.EndsWith("<contact> <other>", told, StringComparison.Ordinal);
        Assert.Equal("<orders 0> <spent 0>", s_language.Spell(s_language.Write(new("c", [], [], [], [], []), s_cutoff)));
    }

    [Fact]
    public void The_language_needs_an_order_to_learn_from() =>
        Assert.Contains("learned from customers with orders", Assert.Throws<ArgumentException>(() => new EventLanguage().Fit([new("c", [], [], [], [], [])])).Message, StringComparison.Ordinal);

    private static Purchase Line(string order, DateTime at, string name, string category, decimal price, bool isReturn = false) => new("a", order, at, name, name, category, isReturn ? -1 : 1, price, "GBP", isReturn);

    private static string Whole(string spelled) => spelled.Replace(" ##", "", StringComparison.Ordinal);
}
