namespace CustomerValue.Evaluation;

/// <summary>Figures over groups of customers with neighbouring predictions.</summary>
internal static class GroupMetrics
{
    public static Judge DecileError(double[] actual, double[] predicted)
    {
        var order = RankMetrics.Ascending(predicted);
        return times =>
        {
            double sum = 0;
            foreach (var group in Split(order, actual, predicted, times, 10))
                sum += Math.Abs(group.Predicted - group.Actual) / group.Actual;
            return double.IsFinite(sum) ? sum / 10 : double.NaN;
        };
    }

    public static Judge CalibrationError(double[] actual, double[] predicted)
    {
        var order = RankMetrics.Ascending(predicted);
        return times =>
        {
            double sum = 0;
            long count = 0;
            foreach (var group in Split(order, actual, predicted, times, 15))
            {
                sum += Math.Abs(group.Predicted - group.Actual);
                count += group.Count;
            }
            return sum / count;
        };
    }

    public static Judge CaptureTop10(double[] actual, double[] predicted)
    {
        var order = RankMetrics.Descending(predicted);
        return times =>
        {
            long count = 0;
            double total = 0;
            for (var i = 0; i < times.Length; i++) { count += times[i]; total += times[i] * actual[i]; }
            var left = (count + 9) / 10;    // a tenth of 2,357 customers is 236: the group is never smaller than a tenth
            double held = 0;
            foreach (var i in order)
            {
                var taken = Math.Min(left, times[i]);
                held += taken * actual[i];
                if ((left -= taken) == 0) break;
            }
            return total == 0 ? double.NaN : held / total;
        };
    }

    /// <summary>Sums over equal-count groups in the given order; where the count doesn't divide, the first (lowest) groups hold one more.</summary>
    internal static IEnumerable<(double Predicted, double Actual, long Count)> Split(int[] order, double[] actual, double[] predicted, int[] times, int groups)
    {
        long count = 0;
        foreach (var w in times) count += w;
        int at = 0, used = 0;
        for (var g = 0; g < groups; g++)
        {
            var size = count / groups + (g < count % groups ? 1 : 0);
            double sumPredicted = 0, sumActual = 0;
            for (var left = size; left > 0;)
            {
                var i = order[at];
                var taken = Math.Min(left, times[i] - used);
                sumPredicted += taken * predicted[i];
                sumActual += taken * actual[i];
                left -= taken;
                used += (int)taken;
                if (used == times[i]) { at++; used = 0; }
            }
            if (size > 0) yield return (sumPredicted, sumActual, size);
        }
    }
}
