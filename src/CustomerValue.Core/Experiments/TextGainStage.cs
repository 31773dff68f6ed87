using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Tracking;

namespace CustomerValue.Experiments;

/// <summary>Fits the winners twice more, on tables whose text columns tell nothing and on tables whose text columns belong to other customers, so that a run tells what text bought.</summary>
/// <param name="experiment">What is asked.</param>
/// <param name="options">How it runs.</param>
/// <param name="stages">Where fits are kept.</param>
internal sealed class TextGainStage(Experiment experiment, RunOptions options, StageStore stages)
{
    /// <summary>What the winners answer from three kinds of tables; empty where no feature comes of texts, or nobody won.</summary>
    /// <param name="data">The tables as they are.</param>
    /// <param name="with">What every candidate answered from them, in the experiment's order.</param>
    /// <param name="winners">Who is asked, each about what it won.</param>
    /// <param name="context">Seed, threads, and the fits made so far.</param>
    /// <param name="key">All that decides a fit besides the candidate.</param>
    /// <exception cref="InvalidOperationException">A winner can't be fitted on texts that tell nothing, or on those of others.</exception>
    public IReadOnlyList<TextAnswered> Answers(TrainingData data, IReadOnlyList<TimedScores> with, Winners winners, FitContext context, string[] key)
    {
        var asked = Asked(winners);
        if (!TextTables.HasText(data.Current) || asked.Count == 0) return [];
        var (without, shuffled) = (Each(data, TextTables.Blank), Each(data, table => TextTables.Shuffled(table, experiment.Seed)));
        var answered = new List<TextAnswered>();
        foreach (var (candidate, targets) in asked)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            options.Progress?.Report(new("fitting without text", answered.Count, asked.Count, "candidates"));
            var own = with.Single(w => w.Name == candidate.Name).Scores;
            answered.Add(new(candidate.Name, own, Fit(candidate, without, "without text", context, key), Fit(candidate, shuffled, "with text shuffled", context, key), targets));
        }
        options.Progress?.Report(new("fitting without text", asked.Count, asked.Count, "candidates"));
        return answered;
    }

    /// <summary>How the two comparisons were made, in words: what a run logs.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Settings(int seed) =>
    [
        new("text_gain.without", "text columns 0 for everybody, at training cutoffs and the test cutoff alike; in records one and the same text"),
        new("text_gain.shuffle", FormattableString.Invariant(
            $"all text columns together, between the customers of a cutoff, at training cutoffs and the test cutoff alike; Fisher-Yates by SplitMix64, seed {seed}, stream: day number of the cutoff")),
    ];

    /// <summary>The gains as figures of the run, under slice and figure.</summary>
    public static IEnumerable<MetricPoint> Points(IReadOnlyList<TextGainRow> gains)
    {
        foreach (var gain in gains)
        {
            var name = $"text_gain.{gain.Slice}.{gain.Metric}";
            yield return new($"{name}.difference", gain.Difference);
            yield return new($"{name}.low", gain.Low);
            yield return new($"{name}.high", gain.High);
            yield return new($"{name}.shuffled", gain.Shuffled);
            if (gain.Oracle is { } oracle) yield return new($"{name}.oracle", oracle);
        }
    }

    private IReadOnlyList<(ICandidate Candidate, IReadOnlyList<Target> Targets)> Asked(Winners winners)
    {
        (string? Name, Target Target)[] won = [(winners.Churn, Target.Churn), (winners.Value, Target.Value)];
        return [.. won.Where(w => w.Name is not null).GroupBy(w => w.Name, w => w.Target, StringComparer.Ordinal)
            .Select(g => (experiment.Candidates.Single(c => c.Name == g.Key), (IReadOnlyList<Target>)[.. g]))];
    }

    private static TrainingData Each(TrainingData data, Func<FeatureTable, FeatureTable> change) =>
        new([.. data.Cutoffs.Select(c => c with { Features = change(c.Features) })], change(data.Current), data.HorizonDays);

    private Scores Fit(ICandidate candidate, TrainingData data, string how, FitContext context, string[] key) => stages.Run(
        $"fit {candidate.Name} {how}", [.. key, .. RunRecorder.Pairs(candidate.Settings), how],
        () =>
        {
            try
            {
                return context.Fit(candidate, data).Predict(data.Current);
            }
            catch (Exception error) when (error is KeyNotFoundException or ArgumentException or InvalidOperationException)
            {
                throw new InvalidOperationException(
                    $"'{candidate.Name}' answers from tables with text columns, and not from the same tables {how}: {error.Message} "
                    + "Every run whose features come of texts tells what text bought, so a winner must be able to learn from text columns that are 0 for everybody, and from those of other customers.", error);
            }
        },
        ScoresFile.Write, ScoresFile.Read);
}
