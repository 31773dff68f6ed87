namespace CustomerValue.Evaluation;

/// <summary>A point of the gains curve: what the customers with the highest predictions hold.</summary>
/// <param name="Customers">How many of them.</param>
/// <param name="Held">Their share of the actual total.</param>
public sealed record GainsPoint(int Customers, double Held)
{
    /// <summary>The curve from nobody to everybody, customers in descending order of prediction; of equal predictions the first row comes first.</summary>
    /// <param name="actual">[rows]: spend.</param>
    /// <param name="predicted">[rows]</param>
    /// <param name="steps">Equal steps of the share of customers, each rounded up to whole customers, as <see cref="Metric.CaptureTop10"/> does; those that add nobody are left out.</param>
    /// <returns>Empty where the actual total is 0, as there is nothing to share.</returns>
    public static IReadOnlyList<GainsPoint> Of(double[] actual, double[] predicted, int steps)
    {
        Check.SameLength(actual.Length, predicted.Length, nameof(predicted));
        Check.Within(steps, 1, 1_000_000);
        var total = actual.Sum();
        if (total == 0) return [];
        var order = RankMetrics.Descending(predicted);
        var points = new List<GainsPoint> { new(0, 0) };
        var held = 0.0;
        for (var step = 1; step <= steps; step++)
        {
            var customers = (int)(((long)actual.Length * step + steps - 1) / steps);
            if (customers == points[^1].Customers) continue;
            for (var at = points[^1].Customers; at < customers; at++) held += actual[order[at]];
            points.Add(new(customers, held / total));
        }
        return points;
    }
}
