namespace CustomerValue.Evaluation;

/// <summary>Figures that depend on the order of the predictions. The order is found once; every judgement is one pass.</summary>
internal static class RankMetrics
{
    /// <summary>Rows by descending prediction; equal predictions keep the input order.</summary>
    public static int[] Descending(double[] predicted) => Sorted(predicted, (a, b) => predicted[b].CompareTo(predicted[a]));

    /// <summary>Rows by ascending prediction; equal predictions keep the input order.</summary>
    public static int[] Ascending(double[] predicted) => Sorted(predicted, (a, b) => predicted[a].CompareTo(predicted[b]));

    private static int[] Sorted(double[] predicted, Comparison<int> compare)
    {
        var order = new int[predicted.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        // The row is the second key, as Array.Sort alone isn't stable.
        Array.Sort(order, (a, b) => compare(a, b) is var c and not 0 ? c : a.CompareTo(b));
        return order;
    }

    public static Judge Gini(double[] actual, double[] predicted)
    {
        int[] byPrediction = Descending(predicted), perfect = Descending(actual);
        return times => Area(actual, perfect, times) is var best && best > 0 ? Area(actual, byPrediction, times) / best : double.NaN;

        // Mean cumulative share of the actual total less a half; a customer drawn w times stands w times in a row.
        static double Area(double[] actual, int[] order, int[] times)
        {
            double cumulative = 0, area = 0;
            long count = 0;
            foreach (var i in order)
            {
                double w = times[i];
                area += w * cumulative + actual[i] * w * (w + 1) / 2;
                cumulative += w * actual[i];
                count += times[i];
            }
            return cumulative == 0 ? 0 : area / cumulative / count - 0.5;
        }
    }

    public static Judge Spearman(double[] actual, double[] predicted)
    {
        int[] byActual = Descending(actual), byPrediction = Descending(predicted);
        return times =>
        {
            double[] a = new double[times.Length], p = new double[times.Length];
            Ranks(actual, byActual, times, a);
            Ranks(predicted, byPrediction, times, p);
            double n = 0, sumA = 0, sumP = 0;
            for (var i = 0; i < times.Length; i++) { n += times[i]; sumA += times[i] * a[i]; sumP += times[i] * p[i]; }
            double meanA = sumA / n, meanP = sumP / n, cov = 0, varA = 0, varP = 0;
            for (var i = 0; i < times.Length; i++)
            {
                double da = a[i] - meanA, dp = p[i] - meanP;
                cov += times[i] * da * dp;
                varA += times[i] * da * da;
                varP += times[i] * dp * dp;
            }
            return varA == 0 || varP == 0 ? double.NaN : cov / Math.Sqrt(varA * varP);
        };

        // Average rank from the bottom, 1 the lowest.
        static void Ranks(double[] values, int[] descending, int[] times, double[] ranks)
        {
            long below = 0;
            for (var end = descending.Length - 1; end >= 0;)
            {
                var start = end;
                long here = 0;
                while (start >= 0 && values[descending[start]] == values[descending[end]]) here += times[descending[start--]];
                for (var k = start + 1; k <= end; k++) ranks[descending[k]] = below + (here + 1) / 2.0;
                below += here;
                end = start;
            }
        }
    }

    public static Judge RocAuc(double[] actual, double[] predicted)
    {
        var order = Descending(predicted);
        return times =>
        {
            double pairs = 0;
            long positives = 0, negatives = 0;
            for (var at = 0; at < order.Length;)
            {
                var (p, n) = Tied(actual, predicted, order, times, ref at);
                pairs += n * (positives + p / 2.0);
                positives += p;
                negatives += n;
            }
            return positives == 0 || negatives == 0 ? double.NaN : pairs / ((double)positives * negatives);
        };
    }

    public static Judge AveragePrecision(double[] actual, double[] predicted)
    {
        var order = Descending(predicted);
        return times =>
        {
            double sum = 0;
            long positives = 0, negatives = 0;
            for (var at = 0; at < order.Length;)
            {
                var (p, n) = Tied(actual, predicted, order, times, ref at);
                positives += p;
                negatives += n;
                if (p > 0) sum += p * ((double)positives / (positives + negatives));
            }
            return positives == 0 ? double.NaN : sum / positives;
        };
    }

    /// <summary>Counts those with and those without the event who share the prediction at place <paramref name="at"/> of the order, and moves on behind them.</summary>
    private static (long Positives, long Negatives) Tied(double[] actual, double[] predicted, int[] order, int[] times, ref int at)
    {
        long positives = 0, negatives = 0;
        for (var shared = predicted[order[at]]; at < order.Length && predicted[order[at]] == shared; at++)
            if (actual[order[at]] > 0.5) positives += times[order[at]]; else negatives += times[order[at]];
        return (positives, negatives);
    }
}
