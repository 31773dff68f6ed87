using CustomerValue.Evaluation;

namespace CustomerValue.Tests.Evaluation;

public class ClassMetricTests
{
    // Two classes, six rows; worked by hand. Likeliest: 1 1 0 1 0 0.
    private static readonly int[] s_two = [1, 1, 1, 0, 0, 0];
    private static readonly double[][] s_sure = [[.1, .9], [.4, .6], [.7, .3], [.2, .8], [.8, .2], [.9, .1]];

    // Three classes, four rows. Likeliest: 0 1 1 2.
    private static readonly int[] s_three = [0, 1, 2, 2];
    private static readonly double[][] s_shared = [[.6, .3, .1], [.2, .5, .3], [.1, .6, .3], [.2, .3, .5]];

    [Fact]
    public void Accuracy_is_the_share_told_rightly()
    {
        Assert.Equal(4 / 6.0, ClassMetric.Accuracy.Of(s_two, s_sure), 12);
        Assert.Equal(3 / 4.0, ClassMetric.Accuracy.Of(s_three, s_shared), 12);
    }

    [Fact]
    public void F1_is_of_the_second_of_two_classes_and_of_all_decisions_of_more()
    {
        Assert.Equal(2 * 2 / (3.0 + 3), ClassMetric.F1.Of(s_two, s_sure), 12);          // 2 hits, 3 actual, 3 told
        Assert.Equal(3 / 4.0, ClassMetric.F1.Of(s_three, s_shared), 12);
    }

    [Fact]
    public void Macro_F1_is_the_mean_over_classes()
    {
        Assert.Equal(2 / 3.0, ClassMetric.MacroF1.Of(s_two, s_sure), 12);
        Assert.Equal((1 + 2 / 3.0 + 2 / 3.0) / 3, ClassMetric.MacroF1.Of(s_three, s_shared), 12);
        Assert.Equal((1 + 0) / 2.0, ClassMetric.MacroF1.Of([0, 0], [[.9, .1, 0], [.9, .1, 0]]) + ClassMetric.MacroF1.Of([1, 1], [[.9, .1, 0], [.9, .1, 0]]) - 0.5, 12);      // a class that is nowhere doesn't count
    }

    [Fact]
    public void Average_precision_is_of_the_second_of_two_classes_and_the_mean_over_more()
    {
        // By descending probability: hit, miss, hit, hit: precision 1, 2/3, 3/4.
        Assert.Equal((1 + 2 / 3.0 + 3 / 4.0) / 3, ClassMetric.AveragePrecision.Of(s_two, s_sure), 12);
        // Class 0: first. Class 1: second behind a miss. Class 2: first, then second with one other (tied at .3): 2 of 3.
        Assert.Equal((1 + 1 / 2.0 + (1 + 2 / 3.0) / 2) / 3, ClassMetric.AveragePrecision.Of(s_three, s_shared), 12);
    }

    [Fact]
    public void Log_loss_is_the_mean_surprise() =>
        Assert.Equal(-(Math.Log(.6) + Math.Log(.5) + Math.Log(.3) + Math.Log(.5)) / 4, ClassMetric.LogLoss.Of(s_three, s_shared), 12);

    [Fact]
    public void A_row_drawn_twice_counts_as_two()
    {
        int[] times = [2, 0, 3, 1];
        int[] drawn = [0, 0, 2, 2, 2, 3];
        foreach (var metric in ClassMetric.All)
            Assert.Equal(metric.Of([.. drawn.Select(i => s_three[i])], [.. drawn.Select(i => s_shared[i])]), metric.Prepare(s_three, s_shared)(times), 12);
    }

    [Fact]
    public void What_cant_be_judged_is_refused()
    {
        Assert.Contains("at least one row", Assert.Throws<ArgumentException>(() => ClassMetric.Accuracy.Of([], [])).Message, StringComparison.Ordinal);
        Assert.Contains("1 rows of probabilities for 2 labels", Assert.Throws<ArgumentException>(() => ClassMetric.Accuracy.Of([0, 1], [[1, 0]])).Message, StringComparison.Ordinal);
        Assert.Contains("Row 0 has the class 2", Assert.Throws<ArgumentException>(() => ClassMetric.Accuracy.Of([2], [[1, 0]])).Message, StringComparison.Ordinal);
        Assert.Contains("row 0 isn't finite", Assert.Throws<ArgumentException>(() => ClassMetric.Accuracy.Of([1], [[1, double.NaN]])).Message, StringComparison.Ordinal);
    }
}
