using CustomerValue.Features;

namespace CustomerValue.Decisions;

/// <summary>A customer whom a shop may want to win back.</summary>
/// <param name="CustomerId">Who.</param>
/// <param name="Spent">Spent over the time that worth is judged by, in account currency.</param>
/// <param name="Churn">Probability of no order over the horizon.</param>
/// <param name="Foreseen">Spend foreseen over the horizon, in account currency.</param>
/// <param name="AtRisk">Spent, weighed by the probability: what goes in the mean if they leave as foreseen and would else have gone on as they did.</param>
public sealed record CustomerAtRisk(string CustomerId, double Spent, double Churn, double Foreseen, double AtRisk);

/// <summary>Whose leaving would cost most: customers by what they spent times the probability that they don't order again.</summary>
/// <remarks>An order of urgency, not a gain: what an offer would change isn't in it, which only a campaign with customers held out can tell.</remarks>
public static class SpendAtRisk
{
    /// <summary>The customers with most at risk, the most first; of equals in the order of rows.</summary>
    /// <param name="customerIds">[customers]</param>
    /// <param name="spent">[customers]: spent so far, over the time that worth is judged by, in account currency; what was given back beyond that counts as nothing.</param>
    /// <param name="churn">[customers]: probability of no order over the horizon.</param>
    /// <param name="foreseen">[customers]: spend foreseen over the horizon, in account currency.</param>
    /// <param name="most">How many to name.</param>
    /// <exception cref="ArgumentException">They differ in length.</exception>
    public static IReadOnlyList<CustomerAtRisk> Of(IReadOnlyList<string> customerIds, IReadOnlyList<double> spent, IReadOnlyList<double> churn, IReadOnlyList<double> foreseen, int most)
    {
        Check.SameLength(customerIds.Count, spent.Count, nameof(spent));
        Check.SameLength(customerIds.Count, churn.Count, nameof(churn));
        Check.SameLength(customerIds.Count, foreseen.Count, nameof(foreseen));
        return [.. Enumerable.Range(0, customerIds.Count).Select(row => new CustomerAtRisk(customerIds[row], spent[row], churn[row], foreseen[row], Math.Max(0, spent[row]) * churn[row]))
            .OrderByDescending(c => c.AtRisk).Take(most)];
    }

    /// <summary>How a list of customers at risk came out, once the window is over.</summary>
    /// <param name="named">The list.</param>
    /// <param name="customers">All customers, with what they did.</param>
    /// <exception cref="KeyNotFoundException">Somebody on the list isn't among them.</exception>
    public static RiskOutcome Outcome(IReadOnlyList<CustomerAtRisk> named, LabelledTable customers)
    {
        var rowOf = customers.Features.CustomerIds.Select((id, row) => (id, row)).ToDictionary(c => c.id, c => c.row, StringComparer.Ordinal);
        var rows = named.Select(c => rowOf.TryGetValue(c.CustomerId, out var row) ? row : throw new KeyNotFoundException($"The list names '{c.CustomerId}', who isn't among the {rowOf.Count} customers of the table.")).ToList();
        return new(rows.Count, rows.Count(row => customers.Labels.Churned[row]), named.Sum(c => c.Churn), customers.Labels.Churned.Average(gone => gone ? 1.0 : 0));
    }
}

/// <summary>How a list of customers at risk came out.</summary>
/// <param name="Named">Customers on the list.</param>
/// <param name="Left">Those of them who didn't order.</param>
/// <param name="Expected">How many the probabilities let one expect.</param>
/// <param name="ChurnRate">Share of all customers who didn't order.</param>
public sealed record RiskOutcome(int Named, int Left, double Expected, double ChurnRate);
