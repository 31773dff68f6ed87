using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Evaluation;

/// <summary>One candidate's figures.</summary>
/// <param name="Name">The candidate.</param>
/// <param name="Metrics">Figure by metric key; only metrics of targets it answers, and only where defined.</param>
public sealed record CandidateFigures(string Name, IReadOnlyDictionary<string, double> Metrics);

/// <summary>How candidates did on the same customers.</summary>
/// <param name="Candidates">Every candidate's figures, in the order given.</param>
public sealed record Scoreboard(IReadOnlyList<CandidateFigures> Candidates)
{
    /// <summary>Judges every candidate by every metric of the targets that it answers.</summary>
    /// <param name="labels">What the customers did.</param>
    /// <param name="candidates">What each candidate foresaw, row for row.</param>
    /// <param name="metrics">The figures wanted.</param>
    /// <exception cref="ArgumentException">A candidate's answer has another number of rows, or isn't finite.</exception>
    public static Scoreboard Of(Labels labels, IReadOnlyList<(string Name, Scores Scores)> candidates, IReadOnlyList<Metric> metrics) =>
        new([.. candidates.Select(candidate => new CandidateFigures(candidate.Name, Figures(labels, candidate.Scores, metrics)))]);

    /// <summary>Judges what candidates told of texts, by every figure that is defined.</summary>
    /// <param name="labels">[texts]: the right classes.</param>
    /// <param name="candidates">Probabilities [texts][classes] of each.</param>
    public static Scoreboard Of(IReadOnlyList<int> labels, params IReadOnlyList<(string Name, double[][] Probabilities)> candidates) =>
        new([.. candidates.Select(c => new CandidateFigures(c.Name, new SortedDictionary<string, double>(
            ClassMetric.All.Select(m => (m.Figure.Key, Figure: m.Of(labels, c.Probabilities))).Where(m => double.IsFinite(m.Figure)).ToDictionary(m => m.Key, m => m.Figure), StringComparer.Ordinal)))]);

    /// <summary>The best candidate by one metric; null when none answers. Of equals, the first.</summary>
    public string? Best(Metric metric)
    {
        CandidateFigures? best = null;
        foreach (var candidate in Candidates.Where(c => c.Metrics.ContainsKey(metric.Key)))
            if (best is null || metric.IsBetter(candidate.Metrics[metric.Key], best.Metrics[metric.Key])) best = candidate;
        return best?.Name;
    }

    /// <summary>One candidate against every other one that answers the same question, on each metric of it, with a paired bootstrap.</summary>
    /// <param name="target">The question.</param>
    /// <param name="reference">The candidate that the others are set against.</param>
    /// <param name="labels">What the customers did.</param>
    /// <param name="candidates">What each candidate foresaw.</param>
    /// <param name="metrics">The figures wanted.</param>
    /// <param name="bootstrap">The draws.</param>
    /// <param name="progress">Told after each candidate.</param>
    /// <param name="cancellation">Stops between draws.</param>
    public static IReadOnlyList<ModelComparison> Compare(Target target, string reference, Labels labels,
        IReadOnlyList<(string Name, Scores Scores)> candidates, IReadOnlyList<Metric> metrics, PairedBootstrap bootstrap,
        IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        var actual = Actual(labels, target);
        var answers = candidates.Where(c => Answer(c.Scores, target) is not null)
            .Select(c => (c.Name, Predicted: Answer(c.Scores, target)!)).OrderBy(c => c.Name == reference ? 0 : 1).ToList();
        if (answers.Count == 0 || answers[0].Name != reference)
            throw new ArgumentException($"'{reference}' isn't among the candidates that answer {target}.", nameof(reference));

        var own = metrics.Where(m => m.Target == target).ToList();
        var comparisons = new List<ModelComparison>();
        var drawn = new Dictionary<string, (string, double, double[])>(StringComparer.Ordinal);
        foreach (var (name, predicted) in answers)
        {
            foreach (var metric in own)
            {
                var figures = (name, metric.Of(actual, predicted), bootstrap.Figures(metric, actual, predicted, cancellation));
                if (name == reference) drawn[metric.Key] = figures;
                else if (PairedBootstrap.Compare(metric, drawn[metric.Key], figures) is var comparison && double.IsFinite(comparison.Difference)) comparisons.Add(comparison);
            }
            progress?.Report(new($"comparing {target.ToString().ToLowerInvariant()}", answers.FindIndex(a => a.Name == name) + 1, answers.Count, "candidates"));
        }
        return comparisons;
    }

    /// <summary>The column of a candidate's answer to a question; null when it has none.</summary>
    public static double[]? Answer(Scores scores, Target target) => target == Target.Value ? scores.Spend : scores.Churn;

    /// <summary>What happened, as the metrics take it: spend, or 1 for churned and 0 for stayed.</summary>
    public static double[] Actual(Labels labels, Target target) =>
        target == Target.Value ? labels.Spend : [.. labels.Churned.Select(churned => churned ? 1.0 : 0.0)];

    private static SortedDictionary<string, double> Figures(Labels labels, Scores scores, IReadOnlyList<Metric> metrics)
    {
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var metric in metrics)
            if (Answer(scores, metric.Target) is { } predicted && metric.Of(Actual(labels, metric.Target), predicted) is var figure && double.IsFinite(figure))
                figures[metric.Key] = figure;
        return figures;
    }
}
