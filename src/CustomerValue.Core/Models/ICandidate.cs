using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>A way to foresee value, churn or both, that an experiment compares with others. Baselines are candidates like any other.</summary>
public interface ICandidate
{
    /// <summary>Short name, unique in its experiment; names its column in the predictions.</summary>
    string Name { get; }

    /// <summary>Everything that decides the result besides data, seed and threads, as name and value; logged, and part of what a resumed run compares.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Learns from <paramref name="data"/>; with the same data and context it gives the same model.</summary>
    IFittedCandidate Fit(TrainingData data, FitContext context);
}

/// <summary>A fitted candidate: immutable, and free of the training data.</summary>
public interface IFittedCandidate
{
    /// <summary>Names of the columns that answers depend on: what a table must carry, and all that it need carry.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Foresees the horizon that it was fitted for, for every row of <paramref name="customers"/>.</summary>
    /// <param name="customers">Features at any cutoff; needs <see cref="Columns"/>.</param>
    Scores Predict(FeatureTable customers);
}

/// <summary>What a candidate foresees, row for row; null where it has no answer to that question.</summary>
/// <param name="Spend">[rows]: expected net spend over the horizon, in account currency, finite and not negative.</param>
/// <param name="Churn">[rows]: probability of no order over the horizon, in [0, 1].</param>
/// <param name="Purchases">[rows]: expected days with a purchase over the horizon.</param>
public sealed record Scores(double[]? Spend = null, double[]? Churn = null, double[]? Purchases = null)
{
    /// <summary>The answers for the customers at the given row numbers.</summary>
    public Scores At(IReadOnlyList<int> rows)
    {
        return new(Some(Spend), Some(Churn), Some(Purchases));

        double[]? Some(double[]? all) => all is null ? null : [.. rows.Select(row => all[row])];
    }
}
