using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.Models.Blends;

/// <summary>What learned weights of a value blend are chosen by.</summary>
public enum ValueLoss
{
    /// <summary>1 - normalised Gini: who comes first.</summary>
    Ranking,

    /// <summary>Mean absolute error: how far off.</summary>
    Absolute,

    /// <summary>Tweedie deviance at power 1.5: both, and calm about a few very large customers.</summary>
    Tweedie,
}

/// <summary>Options of <see cref="GeometricBlend"/>.</summary>
public sealed record GeometricBlendOptions
{
    /// <summary>Added before the logarithm and taken off afterwards, in account currency: an answer of 0 then pulls the blend down without deciding it alone.</summary>
    public double Offset { get; init => field = Check.Positive(value); } = 1;

    /// <summary>Where the weights come from.</summary>
    public BlendWeights Weights { get; init; } = BlendWeights.Equal;

    /// <summary>Weights of one's own, one a member, in place of <see cref="Weights"/>; only their ratios count.</summary>
    public IReadOnlyList<double>? Fixed { get; init; }

    /// <summary>What learned weights are chosen by.</summary>
    public ValueLoss ChosenBy { get; init; } = ValueLoss.Tweedie;

    /// <summary>Whether to scale all answers by one factor, so that over the customers at the moment of fitting their mean is the arithmetic mean of the
    /// members' answers: a geometric mean lies below it.</summary>
    public bool KeepTotal { get; init; }
}

/// <summary>Value as the weighted geometric mean of its members' answers: exp(sum of w log(value + offset)) - offset. Amounts are spread over orders of
/// magnitude, and errors of members are ratios; an arithmetic mean would follow whichever member is highest.</summary>
public sealed class GeometricBlend : ICandidate
{
    private readonly IReadOnlyList<ICandidate> _members;
    private readonly GeometricBlendOptions _options;

    /// <param name="members">At least two candidates that answer spend.</param>
    /// <param name="options">Weights and offset.</param>
    /// <param name="name">Short name, unique in its experiment.</param>
    /// <exception cref="ArgumentException">Fewer than two members, or fixed weights that aren't one number of 0 or above a member.</exception>
    public GeometricBlend(IReadOnlyList<ICandidate> members, GeometricBlendOptions? options = null, string name = "geometric-blend")
    {
        (_members, _options, Name) = (BlendMembers.Checked(members, name), options ?? new(), name);
        if (_options.Fixed is not { } given) return;
        Check.SameLength(members.Count, given.Count, nameof(GeometricBlendOptions.Fixed));
        if (given.Any(w => !(w >= 0 && double.IsFinite(w))) || given.Sum() <= 0)
            throw new ArgumentException($"The weights {WeightGrid.Text(given)} of '{name}' must be finite, 0 or above, and not all 0.", nameof(options));
    }

    public string Name { get; }

    public IReadOnlyDictionary<string, string> Settings => BlendMembers.Settings(_members, new()
    {
        ["weights"] = _options.Fixed is { } given ? WeightGrid.Text(given) : _options.Weights.ToString(),
        ["offset"] = _options.Offset.ToString(CultureInfo.InvariantCulture),
        ["chosen_by"] = _options.ChosenBy.ToString(),
        ["keep_total"] = _options.KeepTotal ? "yes" : "no",
    });

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A member has no answer to spend.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        var weights = Weights(data, context);
        IFittedCandidate[] fitted = [.. _members.Select(m => context.Fit(m, data))];
        var blend = new FittedGeometricBlend([.. _members.Select(m => m.Name)], fitted, weights, _options.Offset, Scale: 1);
        if (!_options.KeepTotal) return blend;
        return blend with { Scale = Scale([.. _members.Zip(fitted, (m, f) => SpendOf(m.Name, f.Predict(data.Current)))], weights) };
    }

    private double[] Weights(TrainingData data, FitContext context)
    {
        if (_options.Fixed is { } given) return [.. given.Select(w => w / given.Sum())];
        if (_options.Weights == BlendWeights.Equal) return WeightGrid.Equal(_members.Count);
        var backtest = Backtest.At(data);
        double[][] answers = [.. _members.Select(m => SpendOf(m.Name, backtest.Answers(m, context)))];
        return WeightGrid.Best(_members.Count, w => Loss(
            FittedGeometricBlend.Blend(answers, w, _options.Offset, _options.KeepTotal ? Scale(answers, w) : 1), backtest.Labels.Spend));
    }

    // The factor that brings the mean of the blend to the weighted mean of the members' answers.
    private double Scale(double[][] answers, double[] weights)
    {
        var total = FittedGeometricBlend.Blend(answers, weights, _options.Offset, scale: 1).Sum();
        return total > 0 ? BlendMembers.Sum(answers, weights).Sum() / total : 1;
    }

    private double Loss(double[] predicted, double[] actual) => _options.ChosenBy switch
    {
        ValueLoss.Ranking => Models.Loss.Ranking(predicted, actual),
        ValueLoss.Absolute => Models.Loss.Absolute(predicted, actual),
        _ => Models.Loss.Tweedie(predicted, actual, 1.5),
    };

    internal static double[] SpendOf(string member, Scores scores) => scores.Spend
        ?? throw new InvalidOperationException($"'{member}' has no answer to spend, so it can't be a member of a value blend.");
}

/// <summary>The fitted blend.</summary>
/// <param name="Names">[members]</param>
/// <param name="Members">[members], fitted.</param>
/// <param name="Weights">[members]: add up to 1.</param>
/// <param name="Offset">In account currency.</param>
/// <param name="Scale">Factor on every answer.</param>
public sealed record FittedGeometricBlend(
    IReadOnlyList<string> Names, IReadOnlyList<IFittedCandidate> Members, IReadOnlyList<double> Weights, double Offset, double Scale) : IHasReasons
{
    public IReadOnlyList<string> Columns { get; } = BlendMembers.Columns(Members);

    public Scores Predict(FeatureTable customers) => new(Blend(
        [.. Names.Zip(Members, (name, member) => GeometricBlend.SpendOf(name, member.Predict(customers)))], Weights, Offset, Scale));

    /// <summary>The members' reasons, each times its weight; but for the offset, the blend's logarithm is the weighted sum of theirs.</summary>
    public Contributions Reasons(FeatureTable customers, Answer answer) =>
        answer == Answer.Spend ? BlendMembers.Reasons(Members, Weights, 1, customers, answer) : Contributions.None;

    public override string ToString() => $"weights {WeightGrid.Text(Weights)}";

    internal static double[] Blend(double[][] values, IReadOnlyList<double> weights, double offset, double scale)
    {
        double[][] logs = [.. values.Select(column => column.Select(v => Math.Log(v + offset)).ToArray())];
        return [.. BlendMembers.Sum(logs, weights).Select(log => Math.Max(Math.Exp(log) - offset, 0) * scale)];
    }
}
