using CustomerValue.Features;

namespace CustomerValue.Models.Blends;

/// <summary>Churn as the weighted mean of its members' logits: members that are wrong in different ways correct one another, and none can be outvoted to 0 or 1.</summary>
/// <param name="members">At least two candidates that answer churn.</param>
/// <param name="weights">Where the weights come from; learned ones have the least log loss at the latest training cutoff.</param>
/// <param name="recalibrate">Whether to pass the blend through a logistic curve fitted at the last training cutoff. Off: churn rates of a shop that has just
/// begun to be recorded differ from those at later cutoffs, and a curve learned there would carry the difference on.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class LogitBlend(
    IReadOnlyList<ICandidate> members, BlendWeights weights = BlendWeights.Equal, bool recalibrate = false, string name = "logit-blend") : ICandidate
{
    private readonly IReadOnlyList<ICandidate> _members = BlendMembers.Checked(members, name);

    public string Name => name;

    public IReadOnlyDictionary<string, string> Settings => BlendMembers.Settings(_members, new()
    {
        ["weights"] = weights.ToString(),
        ["recalibrate"] = recalibrate ? "yes" : "no",
    });

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A member has no answer to churn.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        var (shares, curve) = (WeightGrid.Equal(_members.Count), new LogisticCurve(0, 1));
        if (weights == BlendWeights.FromBacktest || recalibrate)
        {
            var backtest = Backtest.At(data);
            double[][] logits = [.. _members.Select(m => ChurnOf(m.Name, backtest.Answers(m, context)).Select(LogisticCurve.Logit).ToArray())];
            double[] actual = [.. backtest.Labels.Churned.Select(c => c ? 1.0 : 0.0)];
            if (weights == BlendWeights.FromBacktest)
                shares = WeightGrid.Best(_members.Count, w => Loss.Log([.. BlendMembers.Sum(logits, w).Select(LogisticCurve.Sigmoid)], actual));
            if (recalibrate) curve = LogisticCurve.Fit(BlendMembers.Sum(logits, shares), backtest.Labels.Churned);
        }
        return new FittedLogitBlend([.. _members.Select(m => m.Name)], [.. _members.Select(m => context.Fit(m, data))], shares, curve);
    }

    internal static double[] ChurnOf(string member, Scores scores) => scores.Churn
        ?? throw new InvalidOperationException($"'{member}' has no answer to churn, so it can't be a member of a churn blend.");
}

/// <summary>The fitted blend.</summary>
/// <param name="Names">[members]</param>
/// <param name="Members">[members], fitted.</param>
/// <param name="Weights">[members]: add up to 1.</param>
/// <param name="Curve">Over the blended logit; intercept 0 and slope 1 where nothing was recalibrated.</param>
public sealed record FittedLogitBlend(
    IReadOnlyList<string> Names, IReadOnlyList<IFittedCandidate> Members, IReadOnlyList<double> Weights, LogisticCurve Curve) : IHasReasons
{
    public IReadOnlyList<string> Columns { get; } = BlendMembers.Columns(Members);

    public Scores Predict(FeatureTable customers)
    {
        double[][] logits = [.. Names.Zip(Members, (name, member) =>
            LogitBlend.ChurnOf(name, member.Predict(customers)).Select(LogisticCurve.Logit).ToArray())];
        return new(Churn: [.. BlendMembers.Sum(logits, Weights).Select(Curve.At)]);
    }

    /// <summary>The members' reasons, each times its weight; the blend's logit is the weighted sum of theirs.</summary>
    public Contributions Reasons(FeatureTable customers, Answer answer) =>
        answer == Answer.Churn ? BlendMembers.Reasons(Members, Weights, Curve.Slope, customers, answer) : Contributions.None;

    public override string ToString() => $"weights {WeightGrid.Text(Weights)}";
}
