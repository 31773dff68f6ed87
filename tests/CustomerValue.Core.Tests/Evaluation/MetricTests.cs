using System.Globalization;
using System.IO.Compression;
using CustomerValue.Evaluation;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Evaluation;

public class MetricTests
{
    // Spend 0, 10, 20, 70. Worked by hand: perfect order 70, 20, 10, 0.
    private static readonly double[] s_spend = [0, 10, 20, 70];

    [Fact]
    public void Gini_is_1_for_the_perfect_order_and_negative_for_its_reverse()
    {
        Assert.Equal(1, Metric.NormalizedGini.Of(s_spend, [1, 2, 3, 4]), 12);
        // Cumulative shares 0 .1 .3 1 (mean .35) against .7 .9 1 1 (mean .9).
        Assert.Equal(-0.15 / 0.4, Metric.NormalizedGini.Of(s_spend, [4, 3, 2, 1]), 12);
    }

    [Fact]
    public void Gini_of_one_swap_is_the_ratio_of_the_areas()
    {
        // Cumulative shares .2 .9 1 1 (mean .775) against .7 .9 1 1 (mean .9).
        Assert.Equal(0.275 / 0.4, Metric.NormalizedGini.Of(s_spend, [1, 2, 4, 3]), 12);
    }

    [Fact]
    public void Equal_predictions_keep_the_input_order()
    {
        Assert.Equal(-0.15 / 0.4, Metric.NormalizedGini.Of(s_spend, [5, 5, 5, 5]), 12);
        Assert.Equal(1, Metric.NormalizedGini.Of([70, 20, 10, 0], [5, 5, 5, 5]), 12);
    }

    [Fact]
    public void Spearman_gives_ties_their_average_rank()
    {
        // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5, variances 5 and 4.5.
        Assert.Equal(4.5 / Math.Sqrt(5 * 4.5), Metric.Spearman.Of(s_spend, [1, 2, 2, 3]), 12);
    }

    [Fact]
    public void Errors_are_in_the_currency_of_the_spend()
    {
        Assert.Equal(5, Metric.MeanAbsoluteError.Of(s_spend, [10, 10, 30, 70]), 12);
        Assert.Equal(Math.Sqrt(50), Metric.RootMeanSquaredError.Of(s_spend, [10, 10, 30, 70]), 12);
        Assert.Equal(0.2, Metric.Bias.Of(s_spend, [10, 10, 30, 70]), 12);
    }

    [Fact]
    public void Auc_counts_ties_half_and_average_precision_takes_them_as_one_threshold()
    {
        double[] churned = [1, 0, 1, 0];
        Assert.Equal(3.5 / 4, Metric.RocAuc.Of(churned, [0.9, 0.8, 0.8, 0.1]), 12);   // three pairs in order, one tied
        Assert.Equal(0.5 * 1 + 0.5 * (2.0 / 3), Metric.AveragePrecision.Of(churned, [0.9, 0.8, 0.8, 0.1]), 12);
    }

    [Fact]
    public void Log_loss_and_brier_of_known_probabilities()
    {
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.8)) / 2, Metric.LogLoss.Of([1, 0], [0.9, 0.2]), 12);
        Assert.Equal((0.01 + 0.04) / 2, Metric.Brier.Of([1, 0], [0.9, 0.2]), 12);
        Assert.True(double.IsFinite(Metric.LogLoss.Of([1, 0], [0, 1])));
    }

    [Fact]
    public void Calibration_error_is_0_when_every_bin_keeps_its_promise()
    {
        double[] predicted = [.. Enumerable.Range(0, 30).Select(i => i / 2 / 15.0)];
        Assert.Equal(0, Metric.CalibrationError.Of(predicted, predicted), 12);
        Assert.Equal(0.1, Metric.CalibrationError.Of(predicted, [.. predicted.Select(p => p + 0.1)]), 12);
    }

    [Fact]
    public void Figures_without_meaning_are_NaN_and_never_win()
    {
        Assert.True(double.IsNaN(Metric.RocAuc.Of([1, 1], [0.2, 0.3])));
        Assert.True(double.IsNaN(Metric.NormalizedGini.Of([0, 0], [1, 2])));
        Assert.False(Metric.RocAuc.IsBetter(double.NaN, 0.1));
        Assert.True(Metric.Bias.IsBetter(-0.1, 0.2));
    }

    [Fact]
    public void A_prediction_that_is_not_finite_is_refused_by_row()
    {
        var error = Assert.Throws<ArgumentException>(() => Metric.MeanAbsoluteError.Of([1, 2], [1, double.NaN]));
        Assert.Contains("row 1 is NaN", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Keys))]
    public void A_customer_drawn_twice_counts_as_two_neighbours(string key)
    {
        var metric = Metric.All.Single(m => m.Key == key);
        var random = new SplitMix64(3);
        double[] actual = [.. Enumerable.Range(0, 60).Select(_ => metric.Target == Target.Churn ? random.Below(2) : 1 + random.Below(50))];
        double[] predicted = [.. actual.Select(_ => (1 + random.Below(20)) / 25.0)];
        int[] times = [.. actual.Select(_ => random.Below(3))];
        var repeated = Enumerable.Range(0, 60).SelectMany(i => Enumerable.Repeat(i, times[i])).ToArray();

        var direct = metric.Of([.. repeated.Select(i => actual[i])], [.. repeated.Select(i => predicted[i])]);
        Assert.Equal(direct, metric.Prepare(actual, predicted)(times), 12);
    }

    public static TheoryData<string> Keys => [.. Metric.All.Select(m => m.Key)];

    [Fact]
    public void Spend_so_far_on_CDNOW_has_the_figures_of_the_measuring_protocol()
    {
        // Independent of the library's readers: whitespace-separated lines, second column the customer, cutoff 1997-10-01.
        using var lines = new StreamReader(new GZipStream(File.OpenRead(RealData.Need("cdnow/CDNOW_sample.txt.gz")), CompressionMode.Decompress));
        var rows = lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(f => (Customer: f[1], Future: string.CompareOrdinal(f[2], "19971001") >= 0, Spend: double.Parse(f[4], CultureInfo.InvariantCulture)))
            .GroupBy(r => r.Customer).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        double[] soFar = [.. rows.Select(g => g.Where(r => !r.Future).Sum(r => r.Spend))];
        double[] window = [.. rows.Select(g => g.Where(r => r.Future).Sum(r => r.Spend))];

        Assert.Equal(0.6802, Metric.NormalizedGini.Of(window, soFar), 0.00005);
        Assert.Equal(0.3929, Metric.Spearman.Of(window, soFar), 0.00005);
        Assert.Equal(61.65, Metric.MeanAbsoluteError.Of(window, soFar), 0.005);
        Assert.Equal(172.07, Metric.RootMeanSquaredError.Of(window, soFar), 0.005);
        Assert.Equal(1.439, Metric.Bias.Of(window, soFar), 0.0005);
        Assert.Equal(1.569, Metric.DecileError.Of(window, soFar), 0.0005);
        Assert.Equal(0.481, Metric.CaptureTop10.Of(window, soFar), 0.0005);
    }
}
