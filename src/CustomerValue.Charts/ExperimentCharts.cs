using System.Globalization;
using System.Text;
using CustomerValue.Evaluation;
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
        if (result.TextGain is { } gains)
            foreach (var metric in TextGain.Metrics)
                if ((metric.Target == Target.Value ? result.Winners.Value : result.Winners.Churn) is { } winner && gains.FirstOrDefault(g => g.Metric == metric.Key) is { } first)
                    charts.Add(TextGainChart.Of(metric, gains.Any(g => g.Metric == metric.Key && g.Candidate == winner) ? winner : first.Candidate, gains));
        var cutoff = result.Split.TestCutoff.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return [.. charts.Select(chart => chart with { Words = chart.Words with { Subtitle = $"{result.Experiment} at {cutoff}: {chart.Words.Subtitle}" } })];
    }

    /// <summary>A chart for each question that can be asked of a run on texts; none where no candidate was chosen.</summary>
    public static IReadOnlyList<Chart> Of(TextFindings found)
    {
        var (experiment, result, test, answers) = found;
        if (result.Winner is not { } winner) return [];
        Chart[] charts =
        [
            CandidatesChart.Of(experiment.ChosenBy, winner.Name, result.Candidates, result.Comparisons),
            SurenessChart.Of(test.Labels, answers, winner.Name),
            AnsweredChart.Of(test.Labels, answers, winner.Name),
            ConfusionsChart.Of(test.Classes, test.Labels, answers.Single(a => a.Name == winner.Name)),
        ];
        return [.. charts.Select(chart => chart with { Words = chart.Words with { Subtitle = $"{result.Experiment}: {chart.Words.Subtitle}" } })];
    }

    /// <summary>The same as pictures, by file name: what <see cref="RunOptions.Plots"/> takes.</summary>
    public static IReadOnlyDictionary<string, byte[]> Draw(RunFindings found) => Pictures(Of(found));

    /// <summary>The charts of a run on texts as pictures, by file name: what <see cref="RunOptions.TextPlots"/> takes.</summary>
    public static IReadOnlyDictionary<string, byte[]> Draw(TextFindings found) => Pictures(Of(found));

    private static Dictionary<string, byte[]> Pictures(IReadOnlyList<Chart> charts) =>
        charts.ToDictionary(chart => chart.Name + ".svg", chart => Encoding.UTF8.GetBytes(chart.ToSvg()), StringComparer.Ordinal);
}
