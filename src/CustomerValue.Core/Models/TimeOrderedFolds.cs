using CustomerValue.Features;
using CustomerValue.Ingestion;

namespace CustomerValue.Models;

/// <summary>Rows to learn from and later rows of other customers to check on.</summary>
/// <param name="Train">Rows of the fold's other customers, at cutoffs before the one of <paramref name="Validate"/>; at the same cutoff where there is only one.</param>
/// <param name="Validate">Rows of the fold's customers at the last cutoff.</param>
public sealed record TimeOrderedFold(IReadOnlyList<LabelledTable> Train, LabelledTable Validate);

/// <summary>Splits labelled rows for choices such as the number of rounds: later rows check what earlier rows taught, and no customer stands on both sides.</summary>
/// <remarks>A customer with rows at several cutoffs carries habits across them, so a split over pooled rows would let a model recognise whom it has seen.</remarks>
public static class TimeOrderedFolds
{
    /// <summary>Customers fall into <paramref name="folds"/> groups by a stable hash of their id; each group's rows at the last cutoff are checked once.</summary>
    /// <param name="cutoffs">Labelled rows, oldest cutoff first.</param>
    /// <param name="folds">Number of groups, at least 2.</param>
    /// <returns>Up to <paramref name="folds"/> folds; one that would have nothing to learn from or to check on is left out.</returns>
    /// <exception cref="ArgumentException">There are no cutoffs, they are out of order, or too few customers for two folds.</exception>
    public static IReadOnlyList<TimeOrderedFold> Split(IReadOnlyList<LabelledTable> cutoffs, int folds)
    {
        Check.Within(folds, 2, 1000);
        if (cutoffs.Count == 0) throw new ArgumentException("There are no labelled rows to split; training needs at least one cutoff.", nameof(cutoffs));
        for (var c = 1; c < cutoffs.Count; c++)
            if (cutoffs[c - 1].Features.Cutoff >= cutoffs[c].Features.Cutoff)
                throw new ArgumentException(
                    $"Cutoff {cutoffs[c].Features.Cutoff:yyyy-MM-dd} follows {cutoffs[c - 1].Features.Cutoff:yyyy-MM-dd}; cutoffs must ascend.", nameof(cutoffs));

        var learnFrom = cutoffs.Count == 1 ? cutoffs : [.. cutoffs.SkipLast(1)];
        var split = Enumerable.Range(0, folds)
            .Select(fold => new TimeOrderedFold(
                [.. learnFrom.Select(table => Rows(table, id => Group(id, folds) != fold)).Where(t => t.Features.Rows > 0)],
                Rows(cutoffs[^1], id => Group(id, folds) == fold)))
            .Where(fold => fold.Train.Count > 0 && fold.Validate.Features.Rows > 0)
            .ToArray();
        return split.Length >= 2 ? split : throw new ArgumentException(
            $"{cutoffs[^1].Features.Rows} customers at {cutoffs[^1].Features.Cutoff:yyyy-MM-dd} don't fill two of {folds} folds; a choice by validation needs more customers.",
            nameof(cutoffs));
    }

    /// <summary>The group of a customer, in [0, groups): the same on every machine and in every run.</summary>
    public static int Group(string customerId, int groups) => (int)(StableHash.Of(customerId) % (ulong)groups);

    private static LabelledTable Rows(LabelledTable table, Func<string, bool> keep) =>
        table.At([.. Enumerable.Range(0, table.Features.Rows).Where(row => keep(table.Features.CustomerIds[row]))]);
}
