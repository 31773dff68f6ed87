namespace CustomerValue.Evaluation;

/// <summary>A figure that tells how good class probabilities are, as <see href="https://scikit-learn.org">the field</see> defines it.</summary>
/// <param name="Figure">Its name, and which way is better.</param>
/// <param name="Prepare">Looks at (actual classes [rows], probabilities [rows][classes]) once, so that resampled rows are judged in one pass.</param>
public sealed record ClassMetric(Figure Figure, Func<IReadOnlyList<int>, double[][], Judge> Prepare)
{
    /// <summary>Share of the rows whose likeliest class is the right one.</summary>
    public static readonly ClassMetric Accuracy = new(new("accuracy", "Accuracy"), ClassMetrics.Accuracy);

    /// <summary>Mean of the classes' F1, over all classes that stand among the actual or the predicted ones.</summary>
    public static readonly ClassMetric MacroF1 = new(new("macro_f1", "Macro F1"), ClassMetrics.MacroF1);

    /// <summary>F1 of the second class where there are two; of all decisions together where there are more, which is the accuracy then.</summary>
    public static readonly ClassMetric F1 = new(new("f1", "F1"), ClassMetrics.F1);

    /// <summary>Average precision of the second class where there are two; where there are more, its mean over the classes that occur, each against the rest.</summary>
    public static readonly ClassMetric AveragePrecision = new(new("average_precision", "Avg. precision"), ClassMetrics.AveragePrecision);

    /// <summary>Mean negative log-probability of the right class, in nats; probabilities clipped at 1e-15.</summary>
    public static readonly ClassMetric LogLoss = new(new("log_loss", "Log loss", Better.Lower), ClassMetrics.LogLoss);

    /// <summary>Every metric of classes, in table order.</summary>
    public static readonly IReadOnlyList<ClassMetric> All = [Accuracy, MacroF1, F1, AveragePrecision, LogLoss];

    /// <summary>The figure for all rows; NaN where it isn't defined.</summary>
    /// <param name="actual">[rows]: class of each row.</param>
    /// <param name="probabilities">[rows][classes], finite.</param>
    /// <exception cref="ArgumentException">Lengths differ, there are no rows, or a probability isn't finite.</exception>
    public double Of(IReadOnlyList<int> actual, double[][] probabilities)
    {
        if (actual.Count == 0) throw new ArgumentException($"{Figure.Title} needs at least one row.", nameof(actual));
        if (actual.Count != probabilities.Length)
            throw new ArgumentException($"There are {probabilities.Length} rows of probabilities for {actual.Count} labels; {Figure.Title} needs one a label.", nameof(probabilities));
        for (var row = 0; row < probabilities.Length; row++)
        {
            if (probabilities[row].Length != probabilities[0].Length || actual[row] < 0 || actual[row] >= probabilities[row].Length)
                throw new ArgumentException($"Row {row} has the class {actual[row]} and {probabilities[row].Length} probabilities; {Figure.Title} needs one for each of {probabilities[0].Length} classes.", nameof(probabilities));
            if (!probabilities[row].All(double.IsFinite))
                throw new ArgumentException($"A probability on row {row} isn't finite; {Figure.Title} needs finite ones.", nameof(probabilities));
        }
        var once = new int[actual.Count];
        Array.Fill(once, 1);
        return Prepare(actual, probabilities)(once);
    }
}

/// <summary>How the figures of <see cref="ClassMetric"/> are computed.</summary>
internal static class ClassMetrics
{
    public static Judge Accuracy(IReadOnlyList<int> actual, double[][] probabilities)
    {
        var predicted = Predicted(probabilities);
        return times =>
        {
            long right = 0, all = 0;
            for (var row = 0; row < times.Length; row++)
            {
                all += times[row];
                if (predicted[row] == actual[row]) right += times[row];
            }
            return all == 0 ? double.NaN : (double)right / all;
        };
    }

    public static Judge MacroF1(IReadOnlyList<int> actual, double[][] probabilities)
    {
        var (predicted, classes) = (Predicted(probabilities), Classes(probabilities));
        return times =>
        {
            var (hits, count) = Counts(actual, predicted, times, classes);
            var (sum, there) = (0.0, 0);
            for (var c = 0; c < classes; c++)
            {
                if (count[c] == 0) continue;
                sum += 2.0 * hits[c] / count[c];
                there++;
            }
            return sum / there;
        };
    }

    public static Judge F1(IReadOnlyList<int> actual, double[][] probabilities)
    {
        if (Classes(probabilities) != 2) return Accuracy(actual, probabilities);
        var predicted = Predicted(probabilities);
        return times => Counts(actual, predicted, times, 2) is var (hits, count) && count[1] == 0 ? double.NaN : 2.0 * hits[1] / count[1];
    }

    public static Judge AveragePrecision(IReadOnlyList<int> actual, double[][] probabilities)
    {
        var classes = Classes(probabilities);
        Judge[] judges = [.. Enumerable.Range(classes == 2 ? 1 : 0, classes == 2 ? 1 : classes).Select(c =>
            RankMetrics.AveragePrecision([.. actual.Select(a => a == c ? 1.0 : 0.0)], [.. probabilities.Select(p => p[c])]))];
        return times =>
        {
            var (sum, there) = (0.0, 0);
            foreach (var judge in judges)
            {
                var figure = judge(times);
                if (double.IsNaN(figure)) continue;
                sum += figure;
                there++;
            }
            return sum / there;
        };
    }

    public static Judge LogLoss(IReadOnlyList<int> actual, double[][] probabilities)
    {
        double[] losses = [.. actual.Select((label, row) => -Math.Log(Math.Max(probabilities[row][label], 1e-15)))];
        return times =>
        {
            var (sum, all) = (0.0, 0L);
            for (var row = 0; row < times.Length; row++)
            {
                sum += times[row] * losses[row];
                all += times[row];
            }
            return sum / all;
        };
    }

    private static int Classes(double[][] probabilities) => probabilities.Length == 0 ? 0 : probabilities[0].Length;

    // Of equally likely classes the first.
    private static int[] Predicted(double[][] probabilities) => [.. probabilities.Select(p => Array.IndexOf(p, p.Max()))];

    /// <summary>By class: rows rightly told, and rows that have it plus rows told to have it.</summary>
    private static (long[] Hits, long[] Count) Counts(IReadOnlyList<int> actual, int[] predicted, int[] times, int classes)
    {
        var (hits, count) = (new long[classes], new long[classes]);
        for (var row = 0; row < times.Length; row++)
        {
            count[actual[row]] += times[row];
            count[predicted[row]] += times[row];
            if (actual[row] == predicted[row]) hits[actual[row]] += times[row];
        }
        return (hits, count);
    }
}
