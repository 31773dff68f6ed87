using System.Runtime.CompilerServices;
using CustomerValue.Features;

namespace CustomerValue.Models.Blends;

/// <summary>What members answered at the last training cutoff from what was known then, beside what happened: what a blend may choose its weights by.</summary>
/// <param name="Members">[members][rows]: one column of answers a member.</param>
/// <param name="Labels">[rows]: what the customers did in the window after the last training cutoff.</param>
/// <remarks>Each member is fitted on the cutoffs whose label windows had ended by the last training cutoff, and on the features at that cutoff, without the
/// customers that it then answers for; so neither a later label nor the same customer's earlier one stands on both sides.</remarks>
public sealed record EarlierAnswers(IReadOnlyList<double[]> Members, Labels Labels)
{
    // Groups of customers that take turns; two are enough for a handful of weights, and each costs one more fit of every member.
    private const int Folds = 2;

    // Blends of the same members share their fits through the context, which knows training data by reference: so each split is made once.
    private static readonly ConditionalWeakTable<TrainingData, IReadOnlyList<Turn>> s_turns = new();

    private sealed record Turn(TrainingData Data, LabelledTable Asked);

    /// <summary>Fits the members on the earlier cutoffs and asks them at the last one.</summary>
    /// <param name="members">Whom to ask.</param>
    /// <param name="answer">Which of a member's answers.</param>
    /// <param name="data">Training data with at least two cutoffs, the first one's window ended by the last one.</param>
    /// <param name="context">Fits the members, each once.</param>
    /// <exception cref="InvalidOperationException">No label window had ended by the last training cutoff.</exception>
    public static EarlierAnswers Of(
        IReadOnlyList<ICandidate> members, Func<ICandidate, Scores, double[]> answer, TrainingData data, FitContext context)
    {
        var turns = s_turns.GetValue(data, Split);
        double[][] answers = [.. members.Select(member =>
            turns.SelectMany(turn => answer(member, context.Fit(member, turn.Data).Predict(turn.Asked.Features))).ToArray())];
        var labels = turns.Select(turn => turn.Asked.Labels).ToArray();
        return new(answers, new(
            data.HorizonDays, [.. labels.SelectMany(l => l.Spend)], [.. labels.SelectMany(l => l.Churned)], [.. labels.SelectMany(l => l.Purchases)]));
    }

    private static IReadOnlyList<Turn> Split(TrainingData data)
    {
        LabelledRows.Require(data, "a blend with learned weights");
        var last = data.Cutoffs[^1];
        LabelledTable[] known = [.. data.Cutoffs.Where(c => c.Features.Cutoff.AddDays(c.Labels.HorizonDays) <= last.Features.Cutoff)];
        if (known.Length == 0)
            throw new InvalidOperationException(
                $"At the last training cutoff, {last.Features.Cutoff:yyyy-MM-dd}, no label window of {data.HorizonDays} days had ended, so there is nothing to learn " +
                "weights from. Add an earlier training cutoff, or use equal weights.");
        return [.. TimeOrderedFolds.Split([.. known, last], Folds).Select(fold => new Turn(
            new(fold.Train, TimeOrderedFolds.Others(last, fold.Validate).Features, data.HorizonDays), fold.Validate))];
    }
}
