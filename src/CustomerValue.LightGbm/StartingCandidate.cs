using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.LightGbm;

/// <summary>A candidate that trees start from, fitted, on the scale of their raw scores.</summary>
/// <remarks>Where label windows are shorter than the horizon, trees learn what to correct in the candidate's answer over the window of the labels, and the correction is
/// then applied to its answer over the horizon: how far behaviour carries is left to the candidate, which knows how customers leave.</remarks>
public sealed class StartingCandidate
{
    private readonly string _name;
    private readonly IFittedCandidate _fitted;
    private readonly Func<Scores, double[]?> _answer;
    private readonly Func<double, double> _scale;
    private readonly Dictionary<int, IFittedCandidate> _byWindow;

    private StartingCandidate(
        string name, IFittedCandidate fitted, Func<Scores, double[]?> answer, Func<double, double> scale, Dictionary<int, IFittedCandidate> byWindow) =>
        (_name, _fitted, _answer, _scale, _byWindow) = (name, fitted, answer, scale, byWindow);

    /// <summary>Fits the candidate on the same data, through the context: it may be a candidate of its own as well.</summary>
    internal static StartingCandidate? Fit(
        ICandidate? start, TrainingData data, FitContext context, Func<Scores, double[]?> answer, Func<double, double> scale)
    {
        if (start is null) return null;
        var fitted = context.Fit(start, data);
        var byWindow = data.Cutoffs.Select(c => c.Labels.HorizonDays).Distinct().ToDictionary(
            days => days, days => days == data.HorizonDays ? fitted : context.Fit(start, data with { HorizonDays = days }));
        return new(start.Name, fitted, answer, scale, byWindow);
    }

    /// <summary>Raw scores to start from, over the horizon.</summary>
    /// <returns>[rows]</returns>
    internal double[] Raw(FeatureTable customers) => Raw(_fitted, customers);

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

    private double[] Raw(IFittedCandidate fitted, FeatureTable customers) => [.. (_answer(fitted.Predict(customers))
        ?? throw new InvalidOperationException($"'{_name}' has no answer to what the trees are to learn, so they can't start from it.")).Select(_scale)];
}
