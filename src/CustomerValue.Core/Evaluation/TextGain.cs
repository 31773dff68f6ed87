using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Evaluation;

/// <summary>What a candidate foresaw for the same customers from three kinds of tables.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="With">From the tables as they are.</param>
/// <param name="Without">From tables whose text columns tell nothing.</param>
/// <param name="Shuffled">From tables whose text columns were shuffled between customers.</param>
/// <param name="Targets">The questions that it is judged on; those of them that it has no answer to are left out.</param>
public sealed record TextAnswered(string Candidate, Scores With, Scores Without, Scores Shuffled, IReadOnlyList<Target> Targets);

/// <summary>What text bought: a candidate's figures with text columns beside its figures without, and with those of other customers.</summary>
public static class TextGain
{
    /// <summary>The figures that gains are told in.</summary>
    public static IReadOnlyList<Metric> Metrics { get; } = [Metric.RocAuc, Metric.NormalizedGini, Metric.LogLoss];

    /// <summary>The gains by slice, figure and candidate. Slices in which all customers left, or none, aren't told of, nor are figures that aren't defined.</summary>
    /// <param name="test">The customers, with what they did.</param>
    /// <param name="answered">What the candidates foresaw, row for row.</param>
    /// <param name="seed">Of the bootstrap over customers: 2,000 draws, the same for both sides of a difference.</param>
    /// <param name="best">What could be foreseen of the same customers at best; null where that isn't known.</param>
    /// <param name="progress">Told after each slice.</param>
    /// <param name="cancellation">Stops between draws.</param>
    public static IReadOnlyList<TextGainRow> Of(LabelledTable test, IReadOnlyList<TextAnswered> answered, int seed, Foreseeable? best = null,
        IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        var slices = Told(test);
        var gains = new List<TextGainRow>();
        foreach (var (slice, number) in slices.Select((s, i) => (s, i)))
        {
            progress?.Report(new("what text bought", number, slices.Count, "slices"));
            var (labels, bootstrap) = (test.Labels.At(slice.Rows), new PairedBootstrap(slice.Rows.Count, seed));
            foreach (var metric in Metrics)
            {
                var actual = Scoreboard.Actual(labels, metric.Target);
                foreach (var candidate in answered.Where(a => a.Targets.Contains(metric.Target)))
                    if (Row(slice, metric, actual, candidate, bootstrap, best is null ? null : OfText(best, slice, metric, test.Labels), cancellation) is { } row) gains.Add(row);
            }
        }
        progress?.Report(new("what text bought", slices.Count, slices.Count, "slices"));
        return gains;
    }

    /// <summary>A sentence for every figure that was better with the texts of other customers than without any; one interval in forty is so by chance.</summary>
    public static IReadOnlyList<string> Warnings(IReadOnlyList<TextGainRow> gains) =>
    [
        .. gains.Where(g => g.IsLeak).Select(g => FormattableString.Invariant(
            $"Texts of other customers help: {Metric.All.Single(m => m.Key == g.Metric).Title} of {g.Candidate}, {OrderSlices.Title(g.Slice)}, differs by {g.Shuffled:+0.0000;-0.0000} [{g.ShuffledLow:+0.0000;-0.0000}, {g.ShuffledHigh:+0.0000;-0.0000}] from that without text once text columns are shuffled between customers. ")
            + FormattableString.Invariant($"Unless that is chance (of {gains.Count} such intervals {gains.Count / 40.0:0.0} are expected to look so) something leaks: look for what comes with the columns besides their customer's own words, such as the order of the rows.")),
    ];

    /// <summary>The slices that figures are told of: those in which some left and some stayed.</summary>
    internal static IReadOnlyList<CustomerSlice> Told(LabelledTable test) =>
        [.. OrderSlices.Of(test.Features).Where(slice => slice.Rows.Any(row => test.Labels.Churned[row]) && slice.Rows.Any(row => !test.Labels.Churned[row]))];

    private static TextGainRow? Row(CustomerSlice slice, Metric metric, double[] actual, TextAnswered candidate, PairedBootstrap bootstrap, double? oracle, CancellationToken cancellation)
    {
        if (Judged(candidate.With) is not { } with || Judged(candidate.Without) is not { } without || Judged(candidate.Shuffled) is not { } shuffled) return null;
        var (own, others) = (PairedBootstrap.Compare(metric, with, without), PairedBootstrap.Compare(metric, shuffled, without));
        if (!double.IsFinite(own.Difference) || !double.IsFinite(others.Difference)) return null;
        return new(slice.Key, metric.Key, without.Figure, with.Figure, own.Difference, own.Low, own.High, others.Difference, others.Low, others.High, oracle, candidate.Candidate, slice.Rows.Count);

        (string Name, double Figure, double[] Draws)? Judged(Scores scores)
        {
            if (Scoreboard.Answer(scores, metric.Target) is not { } answer) return null;
            double[] predicted = [.. slice.Rows.Select(row => answer[row])];
            return (candidate.Candidate, metric.Of(actual, predicted), bootstrap.Figures(metric, actual, predicted, cancellation));
        }
    }

    // What reading adds to the best predictions, on those of the slice whom the truth knows.
    private static double? OfText(Foreseeable best, CustomerSlice slice, Metric metric, Labels labels) =>
        BestFigure.Of(best.Read, best, slice, metric, labels) - BestFigure.Of(best.History, best, slice, metric, labels);
}
