using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models;

namespace CustomerValue.Charts.Tests;

/// <summary>Charts that have something else to say than those of <see cref="SampleCharts"/>: of nobody, of one customer, of many groups, of figures with a unit.</summary>
internal static class RareCharts
{
    private static readonly Labels s_nobody = Sample.Of(_ => 0, rows: 0), s_one = Sample.Of(_ => 5, rows: 1), s_nothing = Sample.Of(_ => 0);
    private static readonly FeatureTable s_empty = new(SampleCharts.Cutoff, [], SampleCharts.Customers.Features, [[], [], []]);
    private static readonly FeatureTable s_many = new(SampleCharts.Cutoff, [.. Enumerable.Range(0, 1000).Select(c => $"c{c:D4}")], [new("orders_90", "orders", "", ""), new("spend_365", "currency", "", ""), new("returned_spend_share", "share", "", ""), new("age_weeks", "weeks", "", "")],
        [Sample.Column(c => c % 5, 1000), Sample.Column(c => c * 7 % 400, 1000), Sample.Column(c => c % 3 / 3.0, 1000), Sample.Column(c => c % 90, 1000)]);

    private static readonly (string Name, double[][] Probabilities)[] s_three = [("words", SampleCharts.Told.Probabilities), ("letters", SampleCharts.Told.Probabilities), ("blend", SampleCharts.Told.Probabilities)];

    public static IReadOnlyList<Chart> Every { get; } =
    [
        .. Nobody(), .. Experiments(), .. Shops(), .. Texts(),
    ];

    private static IEnumerable<Chart> Nobody() =>
    [
        DecileCalibrationChart.Of(s_nobody, new Scores(Spend: [])), ReliabilityChart.Of(s_nobody, new Scores(Churn: [])),
        GainsChart.Of(s_nothing, Sample.Candidates, "blend"), LiftChart.Of(s_nothing, Sample.Candidates, "blend"),
        RetentionChart.Of([], SampleCharts.Cutoff), TrackingChart.Of([], SampleCharts.Model, new(new(2024, 3, 1), 8)), IntervalCoverageChart.Of(Sample.Labels, []),
        ValueDistributionChart.Of([0, 0]), ConcentrationChart.Of([0, 0]), SegmentMapChart.Of(s_empty, []), BeeswarmChart.Of(SampleCharts.Customers, Contributions.None, Answer.Spend),
        TextGainChart.Of(Metric.RocAuc, "blend", []), TrainingChart.Of(SampleCharts.Training, ["accuracy"], "share"), EmbeddingMapChart.Of([], []),
        SurenessChart.Of([], [("blend", [])], "blend"), AnsweredChart.Of([], [("blend", [])], "blend"), ConfusionsChart.Of(["a", "b"], [], ("blend", [])), ConfusionMatrixChart.Of(["a", "b"], [], ("blend", [])),
        AliveChart.Of(SampleCharts.Model, [], SampleCharts.Cutoff), CandidatesChart.Of(Metric.NormalizedGini, "blend", [], []), CandidatesChart.Of(ClassMetric.Accuracy, "blend", [], []),
    ];

    private static IEnumerable<Chart> Experiments() =>
    [
        DecileCalibrationChart.Of(s_one, new Scores(Spend: [4])), DecileCalibrationChart.Of(Sample.Labels, [Sample.Candidates[0], Sample.Candidates[2]], "blend"),
        ReliabilityChart.Of(Sample.Labels, Sample.Candidates[2].Scores), GainsChart.Of(Sample.Labels, Sample.Candidates[2].Scores), LiftChart.Of(Sample.Labels, Sample.Candidates[2].Scores), LiftChart.Of(Sample.Labels, [Sample.Candidates[0], Sample.Candidates[2]], "blend"),
        IntervalCoverageChart.Of(Sample.Labels, SampleCharts.Intervals),
        .. Metric.All.Select(metric => Judged(metric)), .. ClassMetric.All.Select(Judged),
        .. TextGain.Metrics.Select(metric => TextGainChart.Of(metric, "blend", [.. ((string[])[OrderSlices.All, OrderSlices.NoOrder, OrderSlices.FirstOrder, OrderSlices.Few, OrderSlices.Many]).Select(slice => new TextGainRow(slice, metric.Key, 0.70, 0.74, 0.04, 0.01, 0.07, 0.0, -0.02, 0.02, null, "blend", 203))])),
    ];

    private static IEnumerable<Chart> Shops() =>
    [
        TrackingChart.Of(SampleCharts.Purchases, SampleCharts.Model, new(new(2024, 3, 1), 30)),
        RetentionChart.Of([Order("a", 2024, 3, 4)], new(2024, 4, 1)), RetentionChart.Of([.. Enumerable.Range(1, 9).Select(month => Order("a", 2024, month, 4)), Order("b", 2024, 2, 9)], new(2024, 11, 1)),
        BeeswarmChart.Of(s_many, new(["orders_90", "spend_365", "returned_spend_share", "age_weeks", "history"], [.. Enumerable.Range(0, 5).Select(k => Sample.Column(c => (c * (k + 3) % 17 - 8) / (9.0 + k), 1000))]), Answer.Spend),
        BeeswarmChart.Of(s_many, new(["history"], [Sample.Column(c => c % 7, 1000)]), Answer.Spend),
        SegmentMapChart.Of(s_many, [.. Enumerable.Range(0, 1000).Select(c => $"g{c % 4}")], "orders_90", "spend_365"), SegmentMapChart.Of(s_many, [.. Enumerable.Range(0, 1000).Select(c => $"g{c % 4}")], "returned_spend_share", "age_weeks"),
    ];

    private static IEnumerable<Chart> Texts() =>
    [
        EmbeddingMapChart.Of([.. Enumerable.Range(0, 2100).Select(i => SampleCharts.Vectors[i % 60])], [.. Enumerable.Range(0, 2100).Select(i => $"g{i % 10}")]),
        SurenessChart.Of(SampleCharts.Told.Labels, s_three, "blend"), AnsweredChart.Of(SampleCharts.Told.Labels, s_three, "blend"), AnsweredChart.Of(SampleCharts.Told.Labels, s_three[1..], "blend"),
        ConfusionMatrixChart.Of(SampleCharts.Classes, SampleCharts.Told.Labels, s_three[2], most: 2),
        ConfusionMatrixChart.Of(["a", "b"], [0], ("blend", [[0.9, 0.1]])),
        ConfusionsChart.Of(["a", "b"], [0], ("blend", [[0.1, 0.9]])),
    ];

    private static Chart Judged(Metric metric) => CandidatesChart.Of(metric, "blend", Figures(metric.Key), Against(metric.Key));

    private static Chart Judged(ClassMetric metric) => CandidatesChart.Of(metric, "blend", Figures(metric.Figure.Key), Against(metric.Figure.Key));

    // One that lies much farther off than the others, so that its bar leaves the axis.
    private static CandidateResult[] Figures(string metric) => [.. (((string, double)[])[("blend", 0.5), ("trees", 0.49), ("words", 0.6), ("rule", 0.45), ("far", 0.1)]).Select(c => new CandidateResult(c.Item1, 0, 0, new Dictionary<string, double> { [metric] = c.Item2 }, new Dictionary<string, double>(), new Dictionary<string, string>()))];

    private static ModelComparison[] Against(string metric) => [new(metric, "blend", "trees", 0.01, -0.01, 0.02), new(metric, "blend", "words", -0.1, -0.12, -0.08), new(metric, "blend", "rule", 0.05, 0.03, 0.07), new(metric, "blend", "far", 0.4, -9, 9)];

    private static Purchase Order(string customer, int year, int month, int day) => new(customer, $"{customer}-{month}", new DateTime(year, month, day), "p", "", "", 1, 10, "EUR", false);
}
