using System.Globalization;
using System.Text;
using CustomerValue.Experiments;

namespace CustomerValue.Charts;

/// <summary>The charts of a finished experiment.</summary>
public static class ExperimentCharts
{
    /// <summary>A chart for each question that can be asked of the run; none for what no candidate answers.</summary>
    public static IReadOnlyList<Chart> Of(RunFindings found)
    {
        var (experiment, result, labels, scores) = found;
        var charts = new List<Chart>();
        if (result.Winners.Value is { } value)
        {
            charts.Add(DecileCalibrationChart.Of(labels, scores, value));
            charts.Add(GainsChart.Of(labels, scores, value));
            charts.Add(CandidatesChart.Of(experiment.ValueMetric, value, result.Candidates, result.Comparisons));
        }
        if (result.Winners.Churn is { } churn)
        {
            charts.Add(ReliabilityChart.Of(labels, scores, churn));
            charts.Add(CandidatesChart.Of(experiment.ChurnMetric, churn, result.Candidates, result.Comparisons));
        }
        var of = string.Create(CultureInfo.InvariantCulture, $"{result.Experiment} at {result.Split.TestCutoff:yyyy-MM-dd}: ");
        return [.. charts.Select(chart => chart with { Subtitle = of + chart.Subtitle })];
    }

    /// <summary>The same as pictures, by file name: what <see cref="RunOptions.Plots"/> takes.</summary>
    public static IReadOnlyDictionary<string, byte[]> Draw(RunFindings found) =>
        Of(found).ToDictionary(chart => chart.Name + ".svg", chart => Encoding.UTF8.GetBytes(chart.ToSvg()), StringComparer.Ordinal);
}
