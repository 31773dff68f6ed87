using System.Globalization;
using System.Text;
using CustomerValue.Evaluation;

namespace CustomerValue.Packaging;

/// <summary>A package of texts in words, for the people who decide whether to use it; its <c>model-card.md</c>.</summary>
internal static class TextModelCard
{
    // Labels shown by themselves; of more, those that are told worst.
    private const int MostLabels = 12;

    public static string Write(TextManifest manifest, TextMetrics metrics, IReadOnlyDictionary<string, int> parts)
    {
        var (text, origin) = (new StringBuilder(), manifest.Origin);
        Line($"# {manifest.Name}");
        Line($"");
        Line($"## What for");
        Line($"");
        Line($"{origin.Question} Of every text it tells the probability of each of {metrics.Labels.Count} labels, by `{manifest.Label.Candidate}`, which is made of {string.Join(", ", parts.Select(p => p.Value == 1 ? p.Key : $"{p.Value} x {p.Key}"))}.");
        Line($"");
        Line($"## Trained on what");
        Line($"");
        Line($"Texts with the fingerprint `{origin.DataFingerprint}`: {origin.TrainTexts:#,0} to learn from and {origin.DevTexts:#,0} to choose on. Commit `{origin.Commit}`, seed {origin.Seed}, {origin.Threads} thread(s). Chosen by {origin.ChosenBy}.");
        Line($"");
        Line($"## How good");
        Line($"");
        Line($"Measured on {origin.TestTexts:#,0} other texts; 95 % intervals over resampled texts.");
        Line($"");
        Line($"| metric | figure | 95 % interval |");
        Line($"| --- | --- | --- |");
        foreach (var f in metrics.Label.Metrics) Line($"| {ClassMetric.All.FirstOrDefault(m => m.Figure.Key == f.Metric)?.Figure.Title ?? f.Metric} | {f.Figure:0.####} | {f.Low:0.####} to {f.High:0.####} |");
        Line($"");
        Line($"{(metrics.Labels.Count > MostLabels ? $"The {MostLabels} labels that are told worst:" : "By label:")}");
        Line($"");
        Line($"| label | texts | told so | rightly | share of the texts found | share of the told that is right |");
        Line($"| --- | --- | --- | --- | --- | --- |");
        foreach (var l in Shown(metrics.Labels)) Line($"| {Cell(l.Label)} | {l.Texts:#,0} | {l.Told:#,0} | {l.Right:#,0} | {Share(l.Right, l.Texts)} | {Share(l.Right, l.Told)} |");
        if (metrics.Calibration is { Count: > 1 } groups)
        {
            Line($"");
            Line($"The tenth of the texts that it is surest of: {groups[^1].Sure:0.000} sure on average, {groups[^1].Right:0.000} right; the tenth that it is least sure of: {groups[0].Sure:0.000} sure, {groups[0].Right:0.000} right. All groups stand in `metrics.json`.");
        }
        Line($"");
        Line($"## Where not to use it");
        Line($"");
        Line($"- On texts of another kind, language or source than it was trained on, or long after: how people write, and what about, changes. Measure it on some recent texts first.");
        Line($"- On texts that may be of none of its labels: it knows no 'something else', and only its probability tells that it isn't sure.");
        Line($"- As the only ground for a decision that harms one person.");
        if (parts.ContainsKey("n-grams")) Line($"- Where nobody may see what was written: it holds the words and runs of characters that several training texts share, a name that stands in two of them too.");
        Line($"- To say what a writer meant: it goes by words and their neighbours, and irony escapes it.");
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static IEnumerable<LabelScore> Shown(IReadOnlyList<LabelScore> labels) =>
        labels.Count <= MostLabels ? labels : labels.Where(l => l.Texts > 0).OrderBy(l => 2.0 * l.Right / (l.Texts + l.Told)).Take(MostLabels);

    private static string Cell(string label) => label.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static string Share(int part, int all) => all == 0 ? "-" : (100.0 * part / all).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
