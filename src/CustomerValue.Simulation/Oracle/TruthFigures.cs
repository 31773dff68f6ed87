using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Simulation.Oracle;

/// <summary>A candidate beside what could be foreseen at best of the same customers.</summary>
/// <param name="Name">The candidate; or what the oracle knew.</param>
/// <param name="Auc">Of churn; null where it isn't answered.</param>
/// <param name="AucRegret">How far below the oracle that read the texts; below 0 where chance favoured the candidate.</param>
/// <param name="AucRecovered">Share of what reading gave the oracle that the candidate is ahead of the one without texts; null where none was named.</param>
/// <param name="LogLoss">Of churn, in nats.</param>
/// <param name="LogLossRegret">How far above the oracle's that read.</param>
/// <param name="Calibration">Ten equal groups by prediction: mean of |mean predicted - mean of the oracle's probability|.</param>
/// <param name="Gini">Of spend; null where it isn't answered.</param>
/// <param name="GiniRegret">How far below the oracle's that read.</param>
/// <param name="GiniRecovered">As for the AUC.</param>
public sealed record TruthFigures(
    string Name, double? Auc, double? AucRegret, double? AucRecovered, double? LogLoss, double? LogLossRegret, double? Calibration, double? Gini, double? GiniRegret, double? GiniRecovered)
{
    /// <summary>What the oracle's rows are called.</summary>
    public const string History = "oracle: purchases, browsing, campaigns", Read = "oracle: and texts, read perfectly", Everything = "oracle: all but chance to come";

    private const int Groups = 10;

    /// <summary>Judges candidates, and the oracle as if it were three of them.</summary>
    /// <param name="customers">[rows]: who they are.</param>
    /// <param name="labels">What they did.</param>
    /// <param name="candidates">What each candidate foresaw, row for row.</param>
    /// <param name="answers">The oracle's answers at the cutoff and horizon of the labels.</param>
    /// <param name="without">The candidate without texts, against which gains are counted; null for none.</param>
    /// <exception cref="ArgumentException">The oracle says nothing of a customer, or there is no such candidate.</exception>
    public static IReadOnlyList<TruthFigures> Of(IReadOnlyList<string> customers, Labels labels, IReadOnlyList<(string Name, Scores Scores)> candidates, IReadOnlyList<OracleAnswer> answers, string? without)
    {
        var known = answers.ToDictionary(a => a.CustomerId, StringComparer.Ordinal);
        if (customers.FirstOrDefault(c => !known.ContainsKey(c)) is { } unknown)
            throw new ArgumentException($"The oracle says nothing of customer {unknown}; it knows {known.Count:#,0}, such as {known.Keys.FirstOrDefault()}. Give the truth of the shop, and of the cutoff, that the predictions are of.", nameof(answers));
        if (without is not null && candidates.All(c => c.Name != without)) throw new ArgumentException($"There is no candidate '{without}'. There are: {string.Join(", ", candidates.Select(c => c.Name))}.", nameof(without));
        OracleAnswer[] rows = [.. customers.Select(c => known[c])];
        Scores Oracle(Func<OracleAnswer, Expectation> told) => new([.. rows.Select(r => told(r).Spend)], [.. rows.Select(r => 1 - told(r).Buys)]);
        (string Name, Scores Scores)[] oracle = [(History, Oracle(r => r.History)), (Read, Oracle(r => r.Read)), (Everything, Oracle(r => r.Everything))];
        var board = Scoreboard.Of(labels, [.. candidates, .. oracle], [Metric.RocAuc, Metric.LogLoss, Metric.NormalizedGini]).Candidates.ToDictionary(c => c.Name, c => c.Metrics);
        double? Figure(string name, Metric metric) => board[name].TryGetValue(metric.Key, out var figure) ? figure : null;
        double? Recovered(string name, Metric metric) => without is null ? null : (Figure(name, metric) - Figure(without, metric)) / (Figure(Read, metric) - Figure(History, metric));
        return
        [
            .. candidates.Concat(oracle).Select(c => new TruthFigures(c.Name,
                Figure(c.Name, Metric.RocAuc), Figure(Read, Metric.RocAuc) - Figure(c.Name, Metric.RocAuc), Recovered(c.Name, Metric.RocAuc),
                Figure(c.Name, Metric.LogLoss), Figure(c.Name, Metric.LogLoss) - Figure(Read, Metric.LogLoss), c.Scores.Churn is { } churn ? Off(churn, [.. rows.Select(r => 1 - r.Read.Buys)]) : null,
                Figure(c.Name, Metric.NormalizedGini), Figure(Read, Metric.NormalizedGini) - Figure(c.Name, Metric.NormalizedGini), Recovered(c.Name, Metric.NormalizedGini))),
        ];
    }

    private static double Off(double[] predicted, double[] expected)
    {
        int[] order = [.. Enumerable.Range(0, predicted.Length).OrderBy(row => predicted[row])];
        return Enumerable.Range(0, Groups).Select(g => order[(int)((long)order.Length * g / Groups)..(int)((long)order.Length * (g + 1) / Groups)]).Where(rows => rows.Length > 0)
            .Average(rows => Math.Abs(rows.Average(row => predicted[row]) - rows.Average(row => expected[row])));
    }
}
