using System.Runtime.CompilerServices;
using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>The latest training cutoff played through as if it were now: candidates learn from what was known then and answer for customers that they haven't seen.</summary>
/// <remarks>Choices between candidates, and weights of blends, are made here, so that test rows stay untouched. Customers take turns in groups: a turn fits on the rows of
/// all others whose label windows had ended by then (where none had, on the others' rows of that cutoff), and on the others' features at that cutoff.</remarks>
public sealed class Backtest
{
    // Groups of customers that take turns: each costs one more fit of every candidate, and leaves one in so many out of it.
    private const int Groups = 4;

    // The context knows fits by the rows they were made on, so all who play the same data through share one set of turns, and candidates are fitted once a turn.
    private static readonly ConditionalWeakTable<TrainingData, Backtest> s_played = new();

    private readonly (TrainingData Data, LabelledTable Asked)[] _turns;
    private readonly int[] _order;

    private Backtest(LabelledTable last, (TrainingData, LabelledTable)[] turns)
    {
        _turns = turns;
        var ids = turns.SelectMany(t => t.Item2.Features.CustomerIds).ToArray();
        _order = [.. Enumerable.Range(0, ids.Length)];
        Array.Sort(ids, _order, StringComparer.Ordinal);
        Labels = last.Labels.At(Rows(last.Features.CustomerIds, ids));
    }

    /// <summary>[rows]: what the customers did in the window after the latest training cutoff, in the order of the answers.</summary>
    public Labels Labels { get; }

    /// <summary>Sets up the turns; the same data give the same turns back.</summary>
    /// <exception cref="ArgumentException">There is no training cutoff, or it has too few customers to take turns.</exception>
    public static Backtest At(TrainingData data) => s_played.GetValue(data, Play);

    private static Backtest Play(TrainingData data)
    {
        if (data.Cutoffs.Count == 0) throw new ArgumentException("Nothing can be played through without a training cutoff.", nameof(data));
        var last = data.Cutoffs[^1];
        LabelledTable[] known = [.. data.Cutoffs.Where(c => c.Features.Cutoff.AddDays(c.Labels.HorizonDays) <= last.Features.Cutoff)];
        var folds = TimeOrderedFolds.Split(known.Length == 0 ? [last] : [.. known, last], Groups);
        return new(last, [.. folds.Select(fold => (new TrainingData(fold.Train, Others(last, fold.Validate), last.Labels.HorizonDays), fold.Validate))]);
    }

    /// <summary>What a candidate answers, row for row with <see cref="Labels"/>.</summary>
    /// <param name="candidate">Whom to ask; fitted once a turn, through the context.</param>
    /// <param name="context">Seed, threads, and the fits made so far.</param>
    public Scores Answers(ICandidate candidate, FitContext context)
    {
        var answers = _turns.Select(turn => context.Fit(candidate, turn.Data).Predict(turn.Asked.Features)).ToArray();
        return new(Joined(s => s.Spend), Joined(s => s.Churn), Joined(s => s.Purchases));

        double[]? Joined(Func<Scores, double[]?> answer)
        {
            if (answers.Any(a => answer(a) is null)) return null;
            var all = answers.SelectMany(a => answer(a)!).ToArray();
            return [.. _order.Select(row => all[row])];
        }
    }

    private static FeatureTable Others(LabelledTable all, LabelledTable some)
    {
        var left = some.Features.CustomerIds.ToHashSet(StringComparer.Ordinal);
        return all.Features.At([.. Enumerable.Range(0, all.Features.Rows).Where(row => !left.Contains(all.Features.CustomerIds[row]))]);
    }

    private static List<int> Rows(IReadOnlyList<string> all, string[] wanted)
    {
        var rows = new List<int>(wanted.Length);
        for (int row = 0, next = 0; row < all.Count && next < wanted.Length; row++)
            if (all[row] == wanted[next]) { rows.Add(row); next++; }
        return rows;
    }
}
