using CustomerValue.Evaluation;
using CustomerValue.Experiments;

namespace CustomerValue.Cli.Tests;

public class TextGainSummaryTests
{
    private static TextGainRow Row(double difference, double low, double high, string metric = "auc", string slice = "all", double? oracle = null) =>
        new(slice, metric, .80, .80 + difference, difference, low, high, -.001, -.004, .002, oracle, "blend", 1200);

    [Theory]
    [InlineData("auc", .02, .01, .03, "Text on AUC of blend: +0.0200 [+0.0100, +0.0300]; a gain is claimed.")]
    [InlineData("auc", .02, -.01, .05, "Text on AUC of blend: +0.0200 [-0.0100, +0.0500]; no gain is claimed: the interval holds 0.")]
    [InlineData("auc", -.02, -.03, -.01, "Text on AUC of blend: -0.0200 [-0.0300, -0.0100]; no gain is claimed: it is worse with text.")]
    [InlineData("auc", -.000001, -.01, .01, "Text on AUC of blend: +0.0000 [-0.0100, +0.0100]; no gain is claimed: the interval holds 0.")]
    [InlineData("auc", 0, 0, 0, "Text on AUC of blend: +0.0000 [+0.0000, +0.0000]; no gain is claimed: its answers are the same without text.")]
    [InlineData("log_loss", -.02, -.03, -.01, "Text on Log loss of blend: -0.0200 [-0.0300, -0.0100] (lower is better); a gain is claimed.")]
    [InlineData("log_loss", .02, .01, .03, "Text on Log loss of blend: +0.0200 [+0.0100, +0.0300] (lower is better); no gain is claimed: it is worse with text.")]
    public void A_gain_is_claimed_where_the_whole_interval_is_on_the_better_side(string metric, double difference, double low, double high, string sentence) =>
        Assert.Equal([sentence], TextGainSummary.Sentences([Row(difference, low, high, metric)]));

    [Theory]
    [InlineData(.05, "Texts read perfectly could give +0.0500: 40 % of it was recovered.")]
    [InlineData(.012, "Texts read perfectly could give +0.0120: all of it was recovered, and more than the oracle can tell, whose own Monte Carlo error makes its figures worse.")]
    [InlineData(.004, "Texts read perfectly could give +0.0040, less than chance moves the difference.")]
    [InlineData(-.001, "Even texts read perfectly give nothing here (-0.0010).")]
    public void Where_the_truth_is_known_the_share_recovered_is_told(double oracle, string sentence) =>
        Assert.EndsWith(sentence, TextGainSummary.Sentences([Row(.02, .01, .03, oracle: oracle)]).Single(), StringComparison.Ordinal);

    [Fact]
    public void Nothing_recovered_is_told_in_words() =>
        Assert.EndsWith("could give -0.0300: nothing of it was recovered.", TextGainSummary.Sentences([Row(.01, -.01, .03, "log_loss", oracle: -.03)]).Single(), StringComparison.Ordinal);

    [Fact]
    public void Slices_say_where_to_look() => Assert.Equal(
        "By slice the interval tells of a gain in 2 of 3 figures: after the first order (AUC, Log loss). One in forty does by chance.",
        TextGainSummary.Sentences([Row(.02, .01, .03), Row(.02, .01, .03, slice: "first_order"), Row(-.02, -.03, -.01, "log_loss", "first_order"), Row(.02, -.01, .03, slice: "orders_2_4")]).Last());

    [Fact]
    public void The_table_has_a_row_for_every_figure_of_every_slice() => Assert.Equal(2, TextGainSummary.Gains([Row(.02, .01, .03, oracle: .05), Row(.02, .01, .03, slice: "first_order")]).Rows.Count);

    [Fact]
    public void By_orders_so_far_every_candidate_has_a_row_a_slice()
    {
        SliceResult Slice(string key) => new(key, 40, [new("a", new Dictionary<string, double> { ["auc"] = .8 }), new("b", new Dictionary<string, double> { ["gini"] = .7 })], []);
        Assert.Equal(4, TextGainSummary.ByOrders([Slice("no_order"), Slice("first_order")]).Rows.Count);
    }
}
