using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.LightGbm;

/// <summary>A fitted candidate that trees start from, on the scale of their raw scores.</summary>
public sealed class StartingCandidate
{
    private readonly IFittedCandidate _fitted;
    private readonly Func<Scores, double[]?> _answer;
    private readonly Func<double, double> _scale;
    private readonly string _name;

    private StartingCandidate(string name, IFittedCandidate fitted, Func<Scores, double[]?> answer, Func<double, double> scale) =>
        (_name, _fitted, _answer, _scale) = (name, fitted, answer, scale);

    /// <summary>Raw scores to start from.</summary>
    /// <returns>[rows]</returns>
    internal double[] Raw(FeatureTable customers) => [.. (_answer(_fitted.Predict(customers))
        ?? throw new InvalidOperationException($"'{_name}' has no answer to what the trees are to learn, so they can't start from it.")).Select(_scale)];

    /// <summary>Fits the candidate on the same data, through the context: it may be a candidate of its own as well.</summary>
    internal static StartingCandidate? Fit(
        ICandidate? start, TrainingData data, FitContext context, Func<Scores, double[]?> answer, Func<double, double> scale) =>
        start is null ? null : new(start.Name, context.Fit(start, data), answer, scale);

    internal static double[] Plus(StartingCandidate? start, double[] raw, FeatureTable customers) =>
        start is null ? raw : [.. start.Raw(customers).Zip(raw, (from, correction) => from + correction)];

    internal static Dictionary<string, string> Settings(ICandidate? start, Dictionary<string, string> own)
    {
        own["start"] = start?.Name ?? "none";
        if (start is not null)
            foreach (var (key, value) in start.Settings) own[$"start.{key}"] = value;
        return own;
    }
}
