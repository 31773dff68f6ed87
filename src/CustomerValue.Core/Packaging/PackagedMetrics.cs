using CustomerValue.Evaluation;
using CustomerValue.Features;

namespace CustomerValue.Packaging;

/// <summary>How good a package is, measured on rows that no choice was made on; <c>metrics.json</c>.</summary>
/// <param name="TrainRows">Labelled rows learned from.</param>
/// <param name="TestRows">Rows measured on.</param>
/// <param name="ChurnRate">Share of the test customers without an order in the window.</param>
/// <param name="SpendMean">Mean net spend of a test customer, in account currency.</param>
/// <param name="Value">Who answers value, and how well.</param>
/// <param name="Churn">Who answers churn, and how well.</param>
/// <param name="Comparisons">The winners against every other candidate, on the test rows.</param>
/// <param name="Tiers">The same customers in groups.</param>
public sealed record PackagedMetrics(int TrainRows, int TestRows, double ChurnRate, double SpendMean,
    AnswerFigures? Value, AnswerFigures? Churn, IReadOnlyList<ModelComparison> Comparisons, IReadOnlyList<TierFigures> Tiers);

/// <summary>How well one question is answered.</summary>
/// <param name="Candidate">Who answers.</param>
/// <param name="Metrics">Figures on the test rows.</param>
/// <param name="Validation">Figures on the latest training cutoff, which the winner was chosen by.</param>
public sealed record AnswerFigures(string Candidate, IReadOnlyList<FigureWithInterval> Metrics, IReadOnlyDictionary<string, double> Validation);

/// <summary>A figure with its 95 % interval over resampled customers.</summary>
/// <param name="Metric">Key of the metric.</param>
/// <param name="Figure">On all customers.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public sealed record FigureWithInterval(string Metric, double Figure, double Low, double High);

/// <summary>One group of the test customers.</summary>
/// <param name="By">What forms the groups: value (as foreseen) or history (as known at the cutoff).</param>
/// <param name="Tier">The group.</param>
/// <param name="Customers">How many.</param>
/// <param name="SpendPredicted">Mean foreseen, in account currency; null where value isn't answered.</param>
/// <param name="SpendActual">Mean net spend.</param>
/// <param name="ChurnPredicted">Mean probability; null where churn isn't answered.</param>
/// <param name="ChurnActual">Share without an order.</param>
/// <param name="Metrics">Figures within the group, where defined.</param>
public sealed record TierFigures(string By, string Tier, int Customers, double? SpendPredicted, double SpendActual, double? ChurnPredicted, double ChurnActual,
    IReadOnlyDictionary<string, double> Metrics)
{
    private const double NewWeeks = 4;

    // Too few for a figure that means anything.
    private const int Fewest = 20;

    /// <summary>Test customers by foreseen value, and by how much is known of them.</summary>
    internal static IReadOnlyList<TierFigures> Of(LabelledTable test, double[]? value, double[]? churn)
    {
        var tiers = new List<TierFigures>();
        var rows = Enumerable.Range(0, test.Features.Rows).ToArray();
        if (value is not null)
        {
            var order = rows.OrderByDescending(r => value[r]).ToArray();
            var (tenth, half) = ((rows.Length + 9) / 10, rows.Length / 2);
            Add("value", "top 10 %", order[..tenth]);
            Add("value", "next 40 %", order[tenth..half]);
            Add("value", "lower half", order[half..]);
        }
        if (test.Features.Has("frequency") && test.Features.Has("age_weeks"))
        {
            var (frequency, age) = (test.Features["frequency"], test.Features["age_weeks"]);
            string[] names = ["new: first order in the last 4 weeks", "one order, older", "repeat"];
            foreach (var group in rows.GroupBy(r => age[r] < NewWeeks ? 0 : frequency[r] == 0 ? 1 : 2).OrderBy(g => g.Key)) Add("history", names[group.Key], [.. group]);
        }
        return tiers;

        void Add(string by, string name, int[] group)
        {
            if (group.Length == 0) return;
            var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
            var labels = test.Labels.At(group);
            double[]? spend = value is null ? null : [.. group.Select(r => value[r])], gone = churn is null ? null : [.. group.Select(r => churn[r])];
            if (group.Length >= Fewest)
                foreach (var metric in (ReadOnlySpan<Metric>)[Metric.NormalizedGini, Metric.MeanAbsoluteError, Metric.Bias, Metric.RocAuc, Metric.LogLoss])
                    if ((metric.Target == Target.Value ? spend : gone) is { } predicted && metric.Of(Scoreboard.Actual(labels, metric.Target), predicted) is var figure && double.IsFinite(figure))
                        figures[metric.Key] = figure;
            tiers.Add(new(by, name, group.Length, spend?.Average(), labels.Spend.Average(), gone?.Average(), labels.Churned.Average(c => c ? 1.0 : 0), figures));
        }
    }
}

/// <summary>What was foreseen beside what happened, in groups of equal count; <c>calibration.json</c>.</summary>
/// <param name="DecileError">Ten groups by foreseen value; <see cref="Metric.DecileError"/> sums them up.</param>
/// <param name="Ece">Fifteen groups by probability of churn; <see cref="Metric.CalibrationError"/> sums them up.</param>
public sealed record PackagedCalibration(IReadOnlyList<CalibrationGroup>? DecileError, IReadOnlyList<CalibrationGroup>? Ece);
