using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>One candidate for customers who have ordered, another for those who haven't yet.</summary>
/// <remarks>Of someone without an order a model of purchase histories has nothing to go by: it takes the empty history for a first order placed at the cutoff, or refuses it
/// (<see cref="Baselines.RecencyRule"/>). And a learner on all rows at once spends its effort on telling the two kinds apart. So each kind is learned from its own rows, and
/// each row is answered by its own model.</remarks>
/// <param name="bought">For customers with an order.</param>
/// <param name="unknown">For customers without one.</param>
/// <param name="name">Short name, unique in its experiment.</param>
/// <param name="column">Orders so far: above 0 for a customer with an order.</param>
public sealed class ByHistory(ICandidate bought, ICandidate unknown, string name = "by-history", string column = "orders") : ICandidate
{
    public string Name => name;

    public IReadOnlyDictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["column"] = column, ["bought"] = bought.Name, ["unknown"] = unknown.Name };
            foreach (var (part, of) in new[] { ("bought", bought), ("unknown", unknown) })
                foreach (var (key, value) in of.Settings) settings[string.Create(CultureInfo.InvariantCulture, $"{part}.{key}")] = value;
            return settings;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Where the training rows and the table to be scored hold one kind of customer only, the other candidate isn't fitted, and the fitted candidate refuses that kind.</remarks>
    /// <exception cref="KeyNotFoundException">A table lacks the column.</exception>
    /// <exception cref="InvalidOperationException">There are no customers, or the two candidates answer no common question.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        var known = Part(data, ordered: true) is { } with ? (Fitted: context.Fit(bought, with), Data: with) : default;
        var others = Part(data, ordered: false) is { } without ? (Fitted: context.Fit(unknown, without), Data: without) : default;
        if (known.Fitted is null && others.Fitted is null) throw new InvalidOperationException($"'{name}' has no customers to learn from.");
        Scores[] asked = [.. new[] { known, others }.Where(part => part.Fitted is not null).Select(part => part.Fitted.Predict(OneRow(part.Data)))];
        var (spend, churn, purchases) = (asked.All(s => s.Spend is not null), asked.All(s => s.Churn is not null), asked.All(s => s.Purchases is not null));
        return spend || churn ? new FittedByHistory(column, known.Fitted, others.Fitted, spend, churn, purchases)
            : throw new InvalidOperationException($"'{name}' is made of '{bought.Name}' and '{unknown.Name}', of which one answers value and the other churn. Give it two that answer the same question.");
    }

    private TrainingData? Part(TrainingData data, bool ordered)
    {
        LabelledTable[] cutoffs = [.. data.Cutoffs.Select(c => c.At(FittedByHistory.Rows(c.Features, column, ordered))).Where(c => c.Features.Rows > 0)];
        var current = data.Current.At(FittedByHistory.Rows(data.Current, column, ordered));
        return cutoffs.Length == 0 && current.Rows == 0 ? null : data with { Cutoffs = cutoffs, Current = current };
    }

    private static FeatureTable OneRow(TrainingData data) => (data.Current.Rows > 0 ? data.Current : data.Cutoffs[0].Features).At([0]);
}

/// <summary>The fitted candidates.</summary>
/// <param name="Column">Orders so far: above 0 for a customer with an order.</param>
/// <param name="Bought">Answers for customers with an order; null where there were none.</param>
/// <param name="Unknown">Answers for customers without one; null where there were none.</param>
/// <param name="Spend">Whether spend is answered.</param>
/// <param name="Churn">Whether churn is answered.</param>
/// <param name="Purchases">Whether purchases are answered.</param>
public sealed record FittedByHistory(string Column, IFittedCandidate? Bought, IFittedCandidate? Unknown, bool Spend, bool Churn, bool Purchases) : IHasReasons
{
    public IReadOnlyList<string> Columns { get; } = [.. new[] { Column }.Concat(Bought?.Columns ?? []).Concat(Unknown?.Columns ?? []).Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A customer is of a kind that there was none of to learn from.</exception>
    public Scores Predict(FeatureTable customers)
    {
        var (spend, churn, purchases) = (Room(Spend), Room(Churn), Room(Purchases));
        foreach (var (part, rows) in Parts(customers))
        {
            var scores = part.Predict(customers.At(rows));
            Fill(spend, scores.Spend, rows);
            Fill(churn, scores.Churn, rows);
            Fill(purchases, scores.Purchases, rows);
        }
        return new(spend, churn, purchases);

        double[]? Room(bool answered) => answered ? new double[customers.Rows] : null;
    }

    /// <summary>Each row's reasons are those of the candidate that answers it, where it has any; another's columns add nothing.</summary>
    public Contributions Reasons(FeatureTable customers, Answer answer)
    {
        if (!(answer == Answer.Spend ? Spend : Churn)) return Contributions.None;
        var parts = new List<(double, Contributions)>();
        foreach (var (part, rows) in Parts(customers))
        {
            if (part is not IHasReasons tells) continue;
            var own = tells.Reasons(customers.At(rows), answer);
            double[][] spread = [.. own.Values.Select(values =>
            {
                var all = new double[customers.Rows];
                Fill(all, values, rows);
                return all;
            })];
            parts.Add((1, new(own.Columns, spread)));
        }
        return Contributions.Sum(parts);
    }

    internal static int[] Rows(FeatureTable table, string column, bool ordered)
    {
        var orders = table[column];
        return [.. Enumerable.Range(0, table.Rows).Where(row => orders[row] > 0 == ordered)];
    }

    private IEnumerable<(IFittedCandidate Part, int[] Rows)> Parts(FeatureTable customers)
    {
        foreach (var (part, ordered) in new[] { (Bought, true), (Unknown, false) })
        {
            var rows = Rows(customers, Column, ordered);
            if (rows.Length == 0) continue;
            yield return (part ?? throw new InvalidDataException(
                $"Customer '{customers.CustomerIds[rows[0]]}' and {rows.Length - 1} more have {(ordered ? "an order" : "no order")} (column '{Column}'), and there was nobody like them to learn from. " +
                "Learn from a table with such customers, or leave them out."), rows);
        }
    }

    private static void Fill(double[]? all, double[]? some, int[] rows)
    {
        if (all is null) return;
        for (var i = 0; i < rows.Length; i++) all[rows[i]] = some![i];
    }
}
