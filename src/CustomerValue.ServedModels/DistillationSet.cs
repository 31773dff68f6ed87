using CustomerValue.Models.Text;

namespace CustomerValue.ServedModels;

/// <summary>A text with what the large model said of it, for a small one to learn.</summary>
/// <param name="Text">The text.</param>
/// <param name="Label">What most of its samples said; the first label of the question's order where two are level.</param>
/// <param name="Agreement">Share of its samples that said so.</param>
public sealed record DistilledText(string Text, string Label, double Agreement);

/// <summary>Labels that a served model gave, as rows that a small encoder is fine-tuned on.</summary>
public static class DistillationSet
{
    /// <summary>Rows for one question that takes one label. Texts without a label are left out: count them in <see cref="LabelRun.Failed"/> and <see cref="LabelRun.Left"/>.</summary>
    public static IReadOnlyList<DistilledText> Rows(IReadOnlyList<string> texts, LabelRun run, LabelQuestion question)
    {
        if (question.Several) throw new ArgumentException($"'{question.Name}' takes several labels; a row has one. Ask for a question that takes one.", nameof(question));
        return [.. run.Labels.GroupBy(l => l.Text).OrderBy(g => g.Key).Select(samples =>
        {
            var votes = question.Labels.Select(label => (Label: label, Count: samples.Count(s => s.Labels[question.Name][0] == label))).MaxBy(v => v.Count);
            return new DistilledText(texts[samples.Key], votes.Label, votes.Count / (double)samples.Count());
        })];
    }

    /// <summary>The rows whose samples agree at least so far, as a candidate learns from them.</summary>
    public static LabelledTexts Labelled(IEnumerable<DistilledText> rows, LabelQuestion question, double agreement = 0)
    {
        var kept = rows.Where(r => r.Agreement >= agreement).ToList();
        return new([.. kept.Select(r => r.Text)], [.. kept.Select(r => question.Labels.ToList().IndexOf(r.Label))], question.Labels);
    }
}
