using CustomerValue.Features;

namespace CustomerValue.Models.Baselines;

/// <summary>Everyone is the average customer of the training rows: the least that a model has to beat in error, with no order at all.</summary>
public sealed class MeanCustomer(string name = "mean") : ICandidate
{
    public string Name => name;

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There are no labelled rows, or their window isn't the one to foresee.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        LabelledRows.Require(data, Name);
        var (rows, spend, churn, purchases) = (0, 0.0, 0.0, 0.0);
        foreach (var (_, labels) in data.Cutoffs)
        {
            rows += labels.Rows;
            spend += labels.Spend.Sum();
            churn += labels.Churned.Count(c => c);
            purchases += labels.Purchases.Sum();
        }
        return new FittedMean(spend / rows, churn / rows, purchases / rows);
    }
}

/// <summary>The average of the training rows.</summary>
/// <param name="Spend">Mean spend over the horizon, in account currency.</param>
/// <param name="Churn">Share without an order.</param>
/// <param name="Purchases">Mean days with a purchase.</param>
public sealed record FittedMean(double Spend, double Churn, double Purchases) : IFittedCandidate
{
    public IReadOnlyList<string> Columns => [];

    public Scores Predict(FeatureTable customers)
    {
        var (spend, churn, purchases) = (new double[customers.Rows], new double[customers.Rows], new double[customers.Rows]);
        Array.Fill(spend, Spend);
        Array.Fill(churn, Churn);
        Array.Fill(purchases, Purchases);
        return new(spend, churn, purchases);
    }
}
