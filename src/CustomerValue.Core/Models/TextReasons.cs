using System.Collections.Concurrent;
using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>What one text did to an answer: how it stands with all texts, less how it would stand had this one not been written.</summary>
/// <param name="Text">The text.</param>
/// <param name="Moved">What it adds (above 0) or takes, as a logit of churn or a logarithm of spend. One unit of currency keeps the logarithm of 0 finite.</param>
public sealed record TextReason(CustomerText Text, double Moved);

/// <summary>Which of their own texts moved customers' answers most: each is left out once, all others kept.</summary>
/// <remarks>Parts needn't add up to the whole: two texts that say the same are each of little effect, as the other stays. It tells what the model makes of the texts, not what made the customer leave.</remarks>
public sealed class TextReasons
{
    private readonly ConcurrentDictionary<string, (IReadOnlyList<TextReason> Spend, IReadOnlyList<TextReason> Churn)> _told = new(StringComparer.Ordinal);

    private TextReasons() { }

    /// <summary>The texts that moved a customer's answer, those that moved it most first; none where nothing was written, or the answer isn't given.</summary>
    public IReadOnlyList<TextReason> Of(string customerId, Answer answer) =>
        !_told.TryGetValue(customerId, out var told) ? [] : answer == Answer.Churn ? told.Churn : told.Spend;

    /// <summary>Leaves out each text of each customer, and asks anew.</summary>
    /// <param name="predict">Who answers, of any rows with the table's columns; called by several threads at once. Customers whom it refuses (<see cref="InvalidDataException"/>) have no reasons.</param>
    /// <param name="customers">The customers' rows: all columns that answers depend on, and no others need be there.</param>
    /// <param name="texts">What becomes of their columns.</param>
    /// <param name="strongest">How many texts to tell for each answer.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    public static TextReasons Find(Func<FeatureTable, Scores> predict, FeatureTable customers, ITextColumns texts, int strongest, CancellationToken cancellation = default)
    {
        var reasons = new TextReasons();
        var place = texts.Features.Select((f, c) => (f.Name, c)).Where(f => customers.Has(f.Name)).ToDictionary(f => f.Name, f => f.c, StringComparer.Ordinal);
        if (place.Count == 0) return reasons;
        var rowOf = customers.CustomerIds.Select((id, row) => (id, row)).ToDictionary(c => c.id, c => c.row, StringComparer.Ordinal);
        texts.LeaveOut(customers.Cutoff, left =>
        {
            var writers = Writers(left).Where(w => rowOf.ContainsKey(left.CustomerIds[w.First])).ToList();
            try { Ask(writers); }
            catch (InvalidDataException)
            {
                // Somebody is refused, with or without a text: each is asked alone, and who can't be answered has no reasons either.
                foreach (var writer in writers)
                    try { Ask([writer]); }
                    catch (InvalidDataException) { }
            }

            void Ask(IReadOnlyList<(int First, int Count)> some) => reasons.Add(left, some, predict(Rows(customers, place, left, some, rowOf)), strongest);
        }, cancellation);
        return reasons;
    }

    private static IEnumerable<(int First, int Count)> Writers(TextsLeftOut left)
    {
        for (var (first, t) = (0, 1); t <= left.Texts.Count; t++)
            if (t == left.Texts.Count || left.CustomerIds[t] != left.CustomerIds[first])
            {
                yield return (first, t - first);
                first = t;
            }
    }

    // Of each writer the row as it is, then one a text, without it: all are asked at once.
    private static FeatureTable Rows(FeatureTable customers, Dictionary<string, int> place, TextsLeftOut left, IReadOnlyList<(int First, int Count)> writers, Dictionary<string, int> rowOf)
    {
        (int Row, int Left)[] rows = [.. writers.SelectMany(w => Enumerable.Range(w.First - 1, w.Count + 1).Select(t => (rowOf[left.CustomerIds[w.First]], t < w.First ? -1 : t)))];
        return new(customers.Cutoff, [.. rows.Select((_, r) => r.ToString("D9", CultureInfo.InvariantCulture))], customers.Features,
            [.. customers.Features.Select((f, c) => place.TryGetValue(f.Name, out var at)
                ? Array.ConvertAll(rows, r => r.Left < 0 ? customers.Columns[c][r.Row] : left.Columns[at][r.Left])
                : Array.ConvertAll(rows, r => customers.Columns[c][r.Row]))]);
    }

    private void Add(TextsLeftOut left, IReadOnlyList<(int First, int Count)> writers, Scores scores, int strongest)
    {
        var own = 0;
        foreach (var (first, count) in writers)
        {
            _told[left.CustomerIds[first]] = (Strongest(scores.Spend, spend => Math.Log(spend + 1)), Strongest(scores.Churn, LogisticCurve.Logit));
            own += count + 1;

            IReadOnlyList<TextReason> Strongest(double[]? answers, Func<double, double> scale) => answers is null ? [] :
                [.. Enumerable.Range(0, count).Select(t => new TextReason(left.Texts[first + t], scale(answers[own]) - scale(answers[own + 1 + t])))
                    .Where(r => r.Moved != 0).OrderByDescending(r => Math.Abs(r.Moved)).Take(strongest)];
        }
    }
}
