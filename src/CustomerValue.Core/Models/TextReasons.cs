using System.Globalization;
using CustomerValue.Features;
using CustomerValue.Text;

namespace CustomerValue.Models;

/// <summary>What one text did to a customer's answers: how they stand with it, less how they would stand without, all other texts kept.</summary>
/// <param name="Text">The text.</param>
/// <param name="Churn">What it adds (above 0) or takes, as a logit of churn; null where the candidate has no answer to churn.</param>
/// <param name="Spend">What it adds or takes of expected net spend, in account currency; null where the candidate has no answer to it.</param>
/// <param name="Sentences">The same of each of its sentences, in their order; empty where they weren't asked about, or there is only one.</param>
public sealed record TextReason(WrittenText Text, double? Churn, double? Spend, IReadOnlyList<SentenceReason> Sentences);

/// <summary>What one sentence of a text did, all else kept.</summary>
/// <param name="Sentence">The sentence, as written.</param>
/// <param name="Churn">As for the text.</param>
/// <param name="Spend">As for the text.</param>
public sealed record SentenceReason(string Sentence, double? Churn, double? Spend);

/// <summary>Which of a customer's texts moved the answer: each is left out once, and then each sentence of those that moved it most.</summary>
/// <remarks>Parts needn't add up to the whole: two texts that say the same are each of little effect, as the other stays. It tells what the model makes of the texts, not what made the customer leave.</remarks>
public static class TextReasons
{
    // Columns built here and columns of the table are the same arithmetic; an encoder's last bits may differ by batch.
    private const double Tolerance = 1e-4;

    /// <summary>The texts, those that moved the answer most first: by churn, or by spend where churn isn't answered.</summary>
    /// <param name="fitted">Who answers.</param>
    /// <param name="customer">The customer's row: a table of one.</param>
    /// <param name="columns">The customer's texts, and what becomes of its columns when some are left out.</param>
    /// <param name="strongest">Of how many texts each sentence is asked about.</param>
    /// <param name="cancellation">Stops between texts.</param>
    /// <exception cref="ArgumentException">The table isn't of one customer, lacks a column, or its text columns aren't those of the customer's texts.</exception>
    public static IReadOnlyList<TextReason> Of(IFittedCandidate fitted, FeatureTable customer, ITextColumns columns, int strongest = 3, CancellationToken cancellation = default)
    {
        if (customer.Rows != 1) throw new ArgumentException($"Texts are left out for one customer at a time; the table has {customer.Rows} rows.", nameof(customer));
        if (columns.Texts.Count == 0) return [];
        KeptText[] all = [.. columns.Texts.Select((t, i) => new KeptText(i, t.Text))];
        var whole = columns.Columns(all, cancellation);
        Require(customer, columns.Names, whole);

        var without = all.Select(left => columns.Columns([.. all.Where(t => t.Index != left.Index)], cancellation)).ToList();
        var reasons = Answers(whole, without).Select((a, i) => new TextReason(columns.Texts[i], a.Churn, a.Spend, [])).ToList();
        int[] order = [.. Enumerable.Range(0, all.Length).OrderByDescending(i => Math.Abs(reasons[i].Churn ?? reasons[i].Spend ?? 0)).ThenBy(i => i)];
        foreach (var index in order.Take(strongest))
        {
            var sentences = Sentences.Of(all[index].Text);
            if (sentences.Count < 2) continue;
            var shorter = sentences.Select((_, left) => columns.Columns(
                [.. all.Select(t => t.Index != index ? t : t with { Text = string.Concat(sentences.Where((_, s) => s != left)).Trim() })], cancellation)).ToList();
            reasons[index] = reasons[index] with { Sentences = [.. Answers(whole, shorter).Select((a, s) => new SentenceReason(sentences[s].Trim(), a.Churn, a.Spend))] };
        }
        return [.. order.Select(i => reasons[i])];

        // The row as it is, then the row with each of the other columns, asked at once.
        IEnumerable<(double? Churn, double? Spend)> Answers(double[] kept, IReadOnlyList<double[]> changed)
        {
            cancellation.ThrowIfCancellationRequested();
            double[][] rows = [kept, .. changed];
            var place = columns.Names.Select((name, c) => (name, c)).ToDictionary(p => p.name, p => p.c, StringComparer.Ordinal);
            var scores = fitted.Predict(new(customer.Cutoff, [.. rows.Select((_, row) => row.ToString("D9", CultureInfo.InvariantCulture))], customer.Features,
                [.. customer.Features.Select((f, c) => place.TryGetValue(f.Name, out var at) ? [.. rows.Select(r => r[at])] : rows.Select(_ => customer.Columns[c][0]).ToArray())]));
            return Enumerable.Range(1, changed.Count).Select(row => (
                scores.Churn is { } churn ? LogisticCurve.Logit(churn[0]) - LogisticCurve.Logit(churn[row]) : (double?)null,
                scores.Spend is { } spend ? spend[0] - spend[row] : (double?)null));
        }
    }

    private static void Require(FeatureTable customer, IReadOnlyList<string> names, double[] built)
    {
        Check.SameLength(names.Count, built.Length, nameof(ITextColumns));
        for (var c = 0; c < names.Count; c++)
        {
            if (!customer.Has(names[c])) throw new ArgumentException($"The table has no column '{names[c]}', which comes of the customer's texts. It has: {string.Join(", ", customer.Features.Select(f => f.Name))}.", nameof(customer));
            var found = customer[names[c]][0];
            if (!(Math.Abs(found - built[c]) <= Tolerance * Math.Max(1, Math.Abs(found))))
                throw new ArgumentException(FormattableString.Invariant(
                    $"Column '{names[c]}' of customer {customer.CustomerIds[0]} is {found}, and its texts make it {built[c]}. Build both from the same records, cutoff and encoder, and from all of the customer's texts."), nameof(customer));
        }
    }
}
