using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models;
using CustomerValue.Models.Btyd;
using CustomerValue.Tracking;

namespace CustomerValue.Charts.Tests;

/// <summary>Every chart once, of made-up customers; where a name comes from data, a hostile one is among them.</summary>
internal static class SampleCharts
{
    public static readonly BgNbdModel Model = new(0.243, 4.414, 0.793, 2.426);
    public static readonly DateOnly Cutoff = new(2024, 5, 1);

    /// <summary>Forty customers who came in the first two months of 2024; the first has the hostile name.</summary>
    public static readonly IReadOnlyList<Purchase> Purchases = [.. Enumerable.Range(0, 40).SelectMany(c => Enumerable.Range(0, 1 + c * 7 % 6).Select(n => Line(c == 0 ? Sample.Hostile : $"c{c:D2}", c * 3 % 58 + n * (9 + c * 11 % 23))))];

    public static readonly FeatureTable Customers = new(Cutoff, [.. Enumerable.Range(0, 60).Select(c => $"c{c:D2}")],
        [new("days_since_last_purchase", "days", "Silence.", "rfm"), new("mean_spend", "currency", "Basket.", "rfm"), new(Sample.Hostile, "count", "Odd.", "rfm")],
        [Sample.Column(c => c * 37 % 101, 60), Sample.Column(c => 20 + c * 53 % 211, 60), Sample.Column(c => c % 4, 60)]);

    public static readonly string[] Segments = [.. Enumerable.Range(0, 60).Select(c => c % 6 == 0 ? Sample.Hostile : c % 3 == 0 ? "champions" : c % 2 == 0 ? "at risk" : "hibernating")];

    public static readonly Contributions Reasons = new(["days_since_last_purchase", Sample.Hostile], [Sample.Column(c => (c * 37 % 101 - 50) / 50.0, 60), Sample.Column(c => (c % 4 - 1.5) / 9, 60)]);

    public static readonly SpendIntervals[] Intervals = [.. ((double[])[0.5, 0.8, 0.95]).Select(level => new SpendIntervals(Sample.Column(row => Sample.Labels.Spend[row] * (row % 10 < 10 * level ? 0.5 : 1.1)), Sample.Column(row => 1 + Sample.Labels.Spend[row] * 1.6), level))];

    public static readonly MetricPoint[] Training = [.. Enumerable.Range(1, 80).Select(step => new MetricPoint("loss", 3 - 2.0 * step / (step + 9), step)), .. Enumerable.Range(1, 8).Select(n => new MetricPoint("eval/loss", 3.1 - 1.9 * n / (n + 1), 10 * n))];

    public static readonly float[][] Vectors = [.. Enumerable.Range(0, 60).Select(i => (float[])[i % 3 == 0 ? 5 : -1 + i * 29 % 17 / 10f, i % 2 - 0.5f, i * 13 % 7 / 20f])];

    public static readonly string[] Classes = ["refund", "where is my order", Sample.Hostile];

    public static readonly (int[] Labels, double[][] Probabilities) Told = ([.. Enumerable.Range(0, 90).Select(i => i % 3)],
        [.. Enumerable.Range(0, 90).Select(i => i % 7 == 0 ? (double[])[0.2, 0.2, 0.6] : i % 3 == 0 ? [0.7, 0.2, 0.1] : i % 3 == 1 ? [0.1, 0.8, 0.1] : [0.3, 0.3, 0.4])]);

    public static readonly TextGainRow[] Gains = [new("all", "auc", 0.70, 0.74, 0.04, 0.01, 0.07, 0.0, -0.02, 0.02, 0.06, Sample.Hostile, 203), new("first_order", "auc", 0.60, 0.68, 0.08, -0.02, 0.18, -0.01, -0.05, 0.03, null, Sample.Hostile, 61)];

    public static IReadOnlyList<Chart> Every { get; } = Make();

    /// <summary>The same, made anew.</summary>
    public static IReadOnlyList<Chart> Make() =>
    [
        .. ExperimentCharts.Of(Sample.Findings(Sample.Labels, Sample.Candidates)),
        LiftChart.Of(Sample.Labels, Sample.Candidates, Sample.Hostile),
        RetentionChart.Of(Purchases, Cutoff),
        HistoryMatrixChart.Alive(Model, 39, 12), HistoryMatrixChart.Expected(Model, 26, 39, 12),
        TrackingChart.Of(Purchases, Model, new(new(2024, 3, 1), 8), Sample.Hostile),
        IntervalCoverageChart.Of(Sample.Labels, Intervals, Sample.Hostile),
        ValueDistributionChart.Of(Sample.Labels.Spend), ConcentrationChart.Of(Sample.Labels.Spend),
        SegmentMapChart.Of(Customers, Segments),
        BeeswarmChart.Of(Customers, Reasons, Answer.Churn),
        TextGainChart.Of(Metric.RocAuc, Sample.Hostile, Gains),
        TrainingChart.Of(Training, ["loss", "eval/loss"]),
        EmbeddingMapChart.Of(Vectors, Segments, Segments),
        SurenessChart.Of(Told.Labels, [(Sample.Hostile, Told.Probabilities)], Sample.Hostile), AnsweredChart.Of(Told.Labels, [(Sample.Hostile, Told.Probabilities)], Sample.Hostile),
        ConfusionsChart.Of(Classes, Told.Labels, (Sample.Hostile, Told.Probabilities)),
        ConfusionMatrixChart.Of(Classes, Told.Labels, (Sample.Hostile, Told.Probabilities)),
        AliveChart.Of(Model, Purchases.Where(p => p.CustomerId == Purchases[^1].CustomerId), Cutoff),
    ];

    private static Purchase Line(string customer, int day) => new(customer, $"{customer}-{day}", new DateTime(2024, 1, 1).AddDays(day), "p", "", "", 1, 10, "EUR", false);
}
