using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.LightGbm;

/// <summary>One thing to learn by boosting: the label, the objective, and the loss that says when to stop.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Label">Label of a row, or null when it isn't to be learned from.</param>
/// <param name="Objective">What the trees minimise.</param>
/// <param name="Loss">Of answers against labels; decides the number of rounds.</param>
/// <param name="Start">Raw scores of a table's rows to start from; null for the labels' average.</param>
internal sealed record BoostingTask(
    string Name, Func<Labels, int, double?> Label, BoostingObjective Objective, Func<double[], double[], double> Loss, Func<LabelledTable, double[]>? Start = null)
{
    /// <summary>Finds the number of rounds on later rows of other customers, then learns that many from all rows, once a seed.</summary>
    public BoosterAverage Learn(TrainingData data, IReadOnlyList<string> columns, LightGbmOptions options, FitContext context)
    {
        var rounds = Rounds(data.Cutoffs, columns, options, context);
        var rows = BoostingRows.Stack(data.Cutoffs, columns, Label, Start);
        using var training = rows.Bin(columns, options, context.Threads);
        var boosters = new Booster[options.Seeds];
        for (var seed = 0; seed < boosters.Length; seed++)
        {
            using var growing = new BoosterTraining(training, Objective, options, Seed(context, seed), context.Threads);
            for (var round = 0; round < rounds; round++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                if (!growing.Grow()) break;
            }
            boosters[seed] = growing.Model();
        }
        return new(boosters);
    }

    /// <summary>The number of rounds with the least loss over the validation rows of all folds together. The folds grow side by side, so that one
    /// fold's luck doesn't decide.</summary>
    internal int Rounds(IReadOnlyList<LabelledTable> cutoffs, IReadOnlyList<string> columns, LightGbmOptions options, FitContext context)
    {
        var folds = TimeOrderedFolds.Split(cutoffs, options.Folds);
        var growing = new List<Fold>();
        try
        {
            foreach (var fold in folds)
                if (Fold.Of(this, fold, columns, options, context) is { } usable) growing.Add(usable);
            if (growing.Count == 0)
                throw new InvalidOperationException(
                    $"{Name}: no fold has rows to learn from and rows to check on. Of {cutoffs.Sum(c => c.Features.Rows)} rows too few carry a label; " +
                    "give more customers or an earlier training cutoff.");

            double[] actual = [.. growing.SelectMany(f => f.Validation)];
            var answers = new double[actual.Length];
            var (best, least) = (1, double.PositiveInfinity);
            for (var round = 1; round <= options.MaxRounds && round - best < options.Patience; round++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                var (grew, start) = (false, 0);
                foreach (var fold in growing)
                {
                    grew |= fold.Booster.Grow();
                    fold.Booster.Validate(answers.AsSpan(start, fold.Validation.Length));
                    start += fold.Validation.Length;
                }
                var loss = Loss(answers, actual);
                if (loss < least) (best, least) = (round, loss);
                if (!grew) break;
            }
            return best;
        }
        finally
        {
            foreach (var fold in growing) fold.Dispose();
        }
    }

    // Far apart, so that the seeds of two experiments with neighbouring seeds have none in common.
    private static int Seed(FitContext context, int number) => unchecked(context.Seed * 31 + number * 7919 + 1) & int.MaxValue;

    private sealed class Fold(BoostingDataset training, BoostingDataset checking, BoosterTraining booster, double[] validation) : IDisposable
    {
        public BoosterTraining Booster => booster;

        /// <summary>[validation rows]: their labels.</summary>
        public double[] Validation => validation;

        public static Fold? Of(BoostingTask task, TimeOrderedFold fold, IReadOnlyList<string> columns, LightGbmOptions options, FitContext context)
        {
            var train = BoostingRows.Stack(fold.Train, columns, task.Label, task.Start);
            var check = BoostingRows.Stack([fold.Validate], columns, task.Label, task.Start);
            if (train.Count == 0 || check.Count == 0) return null;
            var training = train.Bin(columns, options, context.Threads);
            var checking = check.Bin(columns, options, context.Threads, training);
            return new(training, checking, new(training, task.Objective, options, Seed(context, 0), context.Threads, checking), check.Labels);
        }

        public void Dispose()
        {
            booster.Dispose();
            checking.Dispose();
            training.Dispose();
        }
    }
}
