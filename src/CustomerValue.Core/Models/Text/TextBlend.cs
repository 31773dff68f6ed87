using System.Globalization;
using CustomerValue.Models.Blends;

namespace CustomerValue.Models.Text;

/// <summary>The weighted mean of its members' log-probabilities, brought back to probabilities: members that are wrong in different ways correct one another.</summary>
/// <remarks>Every set of weights on a grid is tried on dev and the best one refined, each with the sharpness (a factor on the mean) that suits it best, so that a
/// cautious member isn't taken for a bad one.</remarks>
public sealed class TextBlend : ITextCandidate
{
    private readonly IReadOnlyList<ITextCandidate> _members;
    private readonly ChosenBy _chosenBy;

    /// <param name="members">At least two candidates; those that stand in the experiment too are fitted once.</param>
    /// <param name="name">Short name, unique in its experiment.</param>
    /// <param name="chosenBy">What weights are chosen by.</param>
    /// <exception cref="ArgumentException">Fewer than two members.</exception>
    public TextBlend(IReadOnlyList<ITextCandidate> members, string name, ChosenBy chosenBy = ChosenBy.LogLoss)
    {
        if (members.Count < 2) throw new ArgumentException($"The blend '{name}' has {members.Count} member(s); blending needs at least two.", nameof(members));
        (_members, Name, _chosenBy) = (members, name, chosenBy);
        var settings = new Dictionary<string, string> { ["members"] = string.Join(", ", members.Select(m => m.Name)), ["chosen_by"] = chosenBy.ToString() };
        foreach (var member in members)
            foreach (var (key, value) in member.Settings) settings[$"{member.Name}.{key}"] = value;
        Settings = settings;
    }

    /// <summary>What is blended.</summary>
    public IReadOnlyList<ITextCandidate> Members => _members;

    public string Name { get; }

    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <inheritdoc/>
    public IFittedTextCandidate Fit(LabelledTexts train, LabelledTexts dev, TextFitContext context, CancellationToken cancellation)
    {
        IFittedTextCandidate[] fitted = [.. _members.Select(member => context.Fit(member, train, dev, cancellation))];
        double[][][] answers = [.. fitted.Select(f => f.Probabilities(dev.Texts, cancellation))];
        var weights = WeightGrid.Refined(WeightGrid.Best(fitted.Length, Loss), Loss);
        return new FittedTextBlend([.. _members.Select(m => m.Name)], fitted, weights, Sharpened(FittedTextBlend.Mean(answers, weights), dev).Factor);

        double Loss(double[] w)
        {
            cancellation.ThrowIfCancellationRequested();
            var mean = FittedTextBlend.Mean(answers, w);
            if (_chosenBy == ChosenBy.LogLoss) return Sharpened(mean, dev).Loss;
            var (loss, wrong) = ClassLoss.Of(FittedTextBlend.Sharp(mean, 1), dev.Labels);
            return wrong + 1e-6 * loss;                      // a row decides, the loss only between equals
        }
    }

    // The loss is convex in the factor: golden sections of its logarithm close in on the least.
    private static (double Factor, double Loss) Sharpened(double[][] mean, LabelledTexts dev)
    {
        var golden = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(0.1), Math.Log(10));
        for (var step = 0; step < 20; step++)
        {
            var (left, right) = (high - golden * (high - low), low + golden * (high - low));
            if (Loss(left) <= Loss(right)) high = right; else low = left;
        }
        return (Math.Exp((low + high) / 2), Loss((low + high) / 2));

        double Loss(double log) => ClassLoss.Of(FittedTextBlend.Sharp(mean, Math.Exp(log)), dev.Labels).LogLoss;
    }
}

/// <summary>The fitted blend; it owns its members.</summary>
/// <param name="Names">[members]</param>
/// <param name="Members">[members], fitted.</param>
/// <param name="Weights">[members]: add up to 1.</param>
/// <param name="Factor">On the mean of the log-probabilities; above 1 the blend is surer of itself than its members are on average.</param>
internal sealed record FittedTextBlend(IReadOnlyList<string> Names, IReadOnlyList<IFittedTextCandidate> Members, IReadOnlyList<double> Weights, double Factor)
    : IFittedTextCandidate, ITellsChoices, IRoundsByMachine, IHasParts
{
    public IReadOnlyDictionary<string, string> Choices { get; } = new Dictionary<string, string>
    {
        ["weights"] = WeightGrid.Text(Weights),
        ["factor"] = Factor.ToString("0.###", CultureInfo.InvariantCulture),
    };

    IReadOnlyList<string> IHasParts.Parts => [.. Members.SelectMany((member, m) => ((member as IHasParts)?.Parts ?? [member.GetType().Name])
        .Select(part => string.Create(CultureInfo.InvariantCulture, $"{Names[m]}, weight {Weights[m]:0.###}: {part}")))];

    double IRoundsByMachine.Tolerance => Members.Max(m => (m as IRoundsByMachine)?.Tolerance ?? 0);

    public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation) =>
        Sharp(Mean([.. Members.Select(m => m.Probabilities(texts, cancellation))], Weights), Factor);

    public void Dispose()
    {
        foreach (var member in Members) member.Dispose();
    }

    /// <summary>[rows][classes]: sum over members of weight x log-probability, which is kept 1e-9 away from minus infinity.</summary>
    internal static double[][] Mean(double[][][] answers, IReadOnlyList<double> weights)
    {
        var mean = new double[answers[0].Length][];
        for (var row = 0; row < mean.Length; row++)
        {
            mean[row] = new double[answers[0][row].Length];
            for (var m = 0; m < answers.Length; m++)
                for (var c = 0; c < mean[row].Length; c++) mean[row][c] += weights[m] * Math.Log(Math.Max(answers[m][row][c], 1e-9));
        }
        return mean;
    }

    /// <summary>[rows][classes]: softmax of factor x mean.</summary>
    internal static double[][] Sharp(double[][] mean, double factor)
    {
        var sharp = new double[mean.Length][];
        for (var row = 0; row < mean.Length; row++)
        {
            sharp[row] = [.. mean[row].Select(z => factor * z)];
            Softmax.InPlace(sharp[row]);
        }
        return sharp;
    }
}
