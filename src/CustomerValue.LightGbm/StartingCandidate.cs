using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.LightGbm;

/// <summary>A candidate that trees start from, fitted, on the scale of their raw scores.</summary>
/// <remarks>Where label windows are shorter than the horizon, trees learn what to correct in the candidate's answer over the window of the labels, and the correction is
/// then applied to its answer over the horizon: how far behaviour carries is left to the candidate, which knows how customers leave.</remarks>
/// <param name="name">The candidate's name.</param>
/// <param name="fitted">Its fit over the horizon.</param>
/// <param name="scale">Which of its answers, on which scale.</param>
public sealed class StartingCandidate(string name, IFittedCandidate fitted, StartingScale scale)
{
    private readonly Dictionary<int, IFittedCandidate> _byWindow = [];

    /// <summary>The candidate's name.</summary>
    public string Name => name;

    /// <summary>Its fit over the horizon.</summary>
    public IFittedCandidate Fitted => fitted;

    /// <summary>Which of its answers, on which scale.</summary>
    public StartingScale Scale => scale;

    /// <summary>Fits the candidate on the same data, through the context: it may be a candidate of its own as well.</summary>
    internal static StartingCandidate? Fit(ICandidate? start, TrainingData data, FitContext context, StartingScale scale)
    {
        if (start is null) return null;
        var fitted = context.Fit(start, data);
        var starting = new StartingCandidate(start.Name, fitted, scale);
        foreach (var days in data.Cutoffs.Select(c => c.Labels.HorizonDays).Distinct())
            starting._byWindow[days] = days == data.HorizonDays ? fitted : context.Fit(start, data with { HorizonDays = days });
        return starting;
    }

    /// <summary>Raw scores to start from, over the horizon.</summary>
    /// <returns>[rows]</returns>
    internal double[] Raw(FeatureTable customers) => Raw(fitted, customers);

    /// <summary>Raw scores to start from, over the window of the labels.</summary>
    /// <returns>[rows]</returns>
    internal double[] Raw(LabelledTable table) => Raw(_byWindow[table.Labels.HorizonDays], table.Features);

    internal static double[] Plus(StartingCandidate? start, double[] raw, FeatureTable customers) =>
        start is null ? raw : [.. start.Raw(customers).Zip(raw, (from, correction) => from + correction)];

    internal static Dictionary<string, string> Settings(ICandidate? start, Dictionary<string, string> own)
    {
        own["start"] = start?.Name ?? "none";
        if (start is not null)
            foreach (var (key, value) in start.Settings) own[$"start.{key}"] = value;
        return own;
    }

    /// <summary>The columns that trees and their start read.</summary>
    internal static string[] Columns(StartingCandidate? start, BoosterAverage boosters) =>
        [.. boosters.UsedColumns.Union(start?.Fitted.Columns ?? [], StringComparer.Ordinal)];

    /// <summary>What the trees add, column by column, and what their start says of itself.</summary>
    internal static Contributions Reasons(StartingCandidate? start, BoosterAverage boosters, FeatureTable customers, int threads, Answer answer)
    {
        var trees = TreeShap.Explain(boosters, customers, threads).ByColumn();
        return start?.Fitted is IHasReasons reasons ? Contributions.Sum([(1, trees), (1, reasons.Reasons(customers, answer))]) : trees;
    }

    private double[] Raw(IFittedCandidate asked, FeatureTable customers)
    {
        var scores = asked.Predict(customers);
        var answer = (scale == StartingScale.ChurnLogit ? scores.Churn : scores.Spend)
            ?? throw new InvalidOperationException($"'{name}' has no answer to what the trees are to learn, so they can't start from it.");
        // An amount of one unit of currency is as good as none, and its logarithm is finite.
        return [.. scale == StartingScale.ChurnLogit ? answer.Select(LogisticCurve.Logit) : answer.Select(spend => Math.Log(spend + 1))];
    }
}

/// <summary>Which answer of a candidate trees start from, and on which scale.</summary>
public enum StartingScale
{
    /// <summary>The logit of churn.</summary>
    ChurnLogit,

    /// <summary>log(1 + spend), spend in account currency.</summary>
    SpendLog,
}
