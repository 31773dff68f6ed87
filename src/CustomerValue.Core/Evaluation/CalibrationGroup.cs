namespace CustomerValue.Evaluation;

/// <summary>Customers with neighbouring predictions, and what became of them.</summary>
/// <param name="Customers">How many.</param>
/// <param name="MeanPredicted">Mean of the predictions.</param>
/// <param name="MeanActual">Mean of what happened.</param>
public sealed record CalibrationGroup(int Customers, double MeanPredicted, double MeanActual)
{
    /// <summary>Equal-count groups in ascending order of prediction, as <see cref="Metric.DecileError"/> (10) and <see cref="Metric.CalibrationError"/> (15) form them.</summary>
    /// <param name="actual">[rows]: spend, or 1 for churned and 0 for stayed.</param>
    /// <param name="predicted">[rows]</param>
    /// <param name="groups">Number of groups; those that would be empty are left out.</param>
    public static IReadOnlyList<CalibrationGroup> Of(double[] actual, double[] predicted, int groups)
    {
        Check.SameLength(actual.Length, predicted.Length, nameof(predicted));
        var once = new int[actual.Length];
        Array.Fill(once, 1);
        return [.. GroupMetrics.Split(RankMetrics.Ascending(predicted), actual, predicted, once, groups)
            .Select(g => new CalibrationGroup((int)g.Count, g.Predicted / g.Count, g.Actual / g.Count))];
    }

    /// <summary>The 95 % interval of <see cref="MeanActual"/> where it is a rate: of customers who did something.</summary>
    /// <remarks>Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference": right for few customers and for rates of 0 and 1 too.</remarks>
    public (double Low, double High) RateInterval()
    {
        const double z = 1.959963984540054;                           // the 0.975 quantile of the normal distribution
        double n = Customers, rate = MeanActual, shrunk = 1 + z * z / n;
        var centre = (rate + z * z / (2 * n)) / shrunk;
        var half = z / shrunk * Math.Sqrt(rate * (1 - rate) / n + z * z / (4 * n * n));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
