using CustomerValue.Features;

namespace CustomerValue.Models.Baselines;

/// <summary>How spend of the past is brought to the length of the horizon.</summary>
public enum SpendScale
{
    /// <summary>As it stands: the past sum is the answer.</summary>
    AsItStands,

    /// <summary>One factor for all customers, so that past sums of the training rows add up to what followed.</summary>
    Factor,

    /// <summary>Horizon over the customer's age: the rate so far goes on. A customer younger than a horizon counts as one horizon old.</summary>
    Rate,
}

/// <summary>Customers will spend as they have spent so far.</summary>
/// <param name="scale">How the past sum is brought to the length of the horizon.</param>
/// <param name="column">Spend so far, in account currency; below 0 (more returned than bought here) counts as 0.</param>
/// <param name="ageColumn">Weeks from the first purchase to the cutoff; used by <see cref="SpendScale.Rate"/>.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class SpendSoFar(
    SpendScale scale = SpendScale.Factor, string column = "net_spend", string ageColumn = "age_weeks", string name = "spend-so-far") : ICandidate
{
    public string Name => name;

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["column"] = column,
        ["scale"] = scale.ToString(),
        ["age_column"] = scale == SpendScale.Rate ? ageColumn : "",
    };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A factor is asked for and there are no labelled rows.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context) => new FittedSpendSoFar(
        column, scale == SpendScale.Factor ? PastSpend.Factor(data, column, Name) : 1, scale == SpendScale.Rate ? ageColumn : null, data.HorizonWeeks);
}

/// <summary>The fitted baseline.</summary>
/// <param name="Column">Spend so far.</param>
/// <param name="Factor">What it is multiplied with.</param>
/// <param name="AgeColumn">Weeks since the first purchase, where the rate goes on; else null.</param>
/// <param name="HorizonWeeks">Length of the horizon, in weeks.</param>
public sealed record FittedSpendSoFar(string Column, double Factor, string? AgeColumn, double HorizonWeeks) : IFittedCandidate
{
    public IReadOnlyList<string> Columns => AgeColumn is null ? [Column] : [Column, AgeColumn];

    public Scores Predict(FeatureTable customers)
    {
        var spend = PastSpend.Times(customers[Column], Factor);
        if (AgeColumn is not null)
        {
            var age = customers[AgeColumn];
            for (var row = 0; row < spend.Length; row++) spend[row] *= HorizonWeeks / Math.Max(age[row], HorizonWeeks);
        }
        return new(spend);
    }
}

/// <summary>What the baselines of past spend share.</summary>
internal static class PastSpend
{
    internal static double[] Times(double[] past, double factor) => [.. past.Select(amount => Math.Max(amount, 0) * factor)];

    /// <summary>Spend of the training windows over past spend at their cutoffs; 1 where nothing was spent before.</summary>
    internal static double Factor(TrainingData data, string column, string candidate)
    {
        LabelledRows.Require(data, candidate, anyWindow: true);
        var (past, followed) = (0.0, 0.0);
        foreach (var (features, labels) in data.Cutoffs)
        {
            past += Times(features[column], 1).Sum();
            followed += labels.Spend.Sum() * data.HorizonDays / labels.HorizonDays;
        }
        return past > 0 ? followed / past : 1;
    }
}
