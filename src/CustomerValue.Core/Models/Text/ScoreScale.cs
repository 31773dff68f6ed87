namespace CustomerValue.Models.Text;

/// <summary>From scores to probabilities: sigmoid(intercept + slope x score) for two classes (Platt, 1999), softmax(slope x scores) for more.</summary>
internal sealed record ScoreScale(double Intercept, double Slope)
{
    /// <summary>Scores that are logits already.</summary>
    public static readonly ScoreScale Logits = new(0, 1);

    /// <summary>The scale under which the right classes are likeliest.</summary>
    /// <param name="scores">[rows] for two classes, else [rows x classes].</param>
    /// <param name="labels">[rows]</param>
    /// <param name="classes">Number of classes.</param>
    public static ScoreScale Fit(double[] scores, IReadOnlyList<int> labels, int classes)
    {
        if (classes == 2)
        {
            var curve = LogisticCurve.Fit(scores, [.. labels.Select(label => label == 1)]);
            return new(curve.Intercept, curve.Slope);
        }
        // The loss is convex in the slope: golden sections of its logarithm close in on the least.
        var golden = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(0.05), Math.Log(200));
        for (var step = 0; step < 50; step++)
        {
            var (left, right) = (high - golden * (high - low), low + golden * (high - low));
            if (Loss(left) <= Loss(right)) high = right; else low = left;
        }
        return new(0, Math.Exp((low + high) / 2));

        double Loss(double log) => ClassLoss.Of(new ScoreScale(0, Math.Exp(log)).Probabilities(scores, classes), labels).LogLoss;
    }

    /// <summary>[rows][classes]</summary>
    public double[][] Probabilities(double[] scores, int classes)
    {
        if (classes == 2) return [.. scores.Select(score => LogisticCurve.Sigmoid(Intercept + Slope * score)).Select(p => (double[])[1 - p, p])];
        var rows = new double[scores.Length / classes][];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = [.. scores.AsSpan(row * classes, classes)];
            foreach (ref var z in rows[row].AsSpan()) z *= Slope;
            Softmax.InPlace(rows[row]);
        }
        return rows;
    }
}

/// <summary>How wrong class probabilities are.</summary>
internal static class ClassLoss
{
    /// <summary>Mean negative log-probability of the right class, in nats, kept 1e-15 away from 0; and the share of rows whose likeliest class is a wrong one.</summary>
    /// <param name="probabilities">[rows][classes]</param>
    /// <param name="labels">[rows]</param>
    public static (double LogLoss, double Wrong) Of(double[][] probabilities, IReadOnlyList<int> labels)
    {
        var (loss, wrong) = (0.0, 0);
        for (var row = 0; row < labels.Count; row++)
        {
            loss -= Math.Log(Math.Max(probabilities[row][labels[row]], 1e-15));
            if (Likeliest(probabilities[row]) != labels[row]) wrong++;
        }
        return (loss / labels.Count, (double)wrong / labels.Count);
    }

    /// <summary>The class with the highest probability; of equals the first.</summary>
    public static int Likeliest(double[] probabilities)
    {
        var best = 0;
        for (var c = 1; c < probabilities.Length; c++)
            if (probabilities[c] > probabilities[best]) best = c;
        return best;
    }
}
