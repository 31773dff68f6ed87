namespace CustomerValue.Evaluation;

/// <summary>Which question a metric judges the answer to.</summary>
public enum Target
{
    /// <summary>Net spend over the horizon, in account currency.</summary>
    Value,

    /// <summary>Probability of no order over the horizon.</summary>
    Churn,
}

/// <summary>A figure that tells how good predictions are, as <see href="https://scikit-learn.org">the field</see> defines it.</summary>
/// <param name="Key">Name in results and trackers.</param>
/// <param name="Title">Name in tables for people.</param>
/// <param name="Target">What it judges.</param>
/// <param name="Order">Which way is better.</param>
/// <param name="Prepare">Sorts once for (actual, predicted), so that resampled customers are judged in one pass.</param>
public sealed record Metric(string Key, string Title, Target Target, Better Order, Func<double[], double[], Judge> Prepare)
{
    /// <summary>The figure for all rows; NaN where it isn't defined, as AUC when all customers stay.</summary>
    /// <param name="actual">[rows]: spend, or 1 for churned and 0 for stayed.</param>
    /// <param name="predicted">[rows], finite.</param>
    /// <exception cref="ArgumentException">Lengths differ, there are no rows, or a prediction isn't finite.</exception>
    public double Of(double[] actual, double[] predicted)
    {
        Check.SameLength(actual.Length, predicted.Length, nameof(predicted));
        if (actual.Length == 0) throw new ArgumentException($"{Title} needs at least one customer.", nameof(actual));
        for (var row = 0; row < predicted.Length; row++)
            if (!double.IsFinite(predicted[row]))
                throw new ArgumentException($"The prediction on row {row} is {predicted[row]}; {Title} needs finite predictions.", nameof(predicted));
        var once = new int[actual.Length];
        Array.Fill(once, 1);
        return Prepare(actual, predicted)(once);
    }

    /// <summary>Whether <paramref name="a"/> is a better figure than <paramref name="b"/>; NaN is worse than anything.</summary>
    public bool IsBetter(double a, double b) => Loss(a) < Loss(b);

    private double Loss(double figure) => double.IsNaN(figure) ? double.PositiveInfinity : Order switch
    {
        Better.Higher => -figure,
        Better.Lower => figure,
        _ => Math.Abs(figure),
    };

    /// <summary>Normalised Gini: Gini of the actual values in the order of the predictions (mean cumulative share of the total, less a half) over that of the perfect order.</summary>
    public static readonly Metric NormalizedGini = new("gini", "Gini", Target.Value, Better.Higher, RankMetrics.Gini);

    /// <summary>Spearman's rank correlation, ties with average ranks.</summary>
    public static readonly Metric Spearman = new("spearman", "Spearman", Target.Value, Better.Higher, RankMetrics.Spearman);

    /// <summary>Mean absolute error, in account currency.</summary>
    public static readonly Metric MeanAbsoluteError = new("mae", "MAE", Target.Value, Better.Lower, ErrorMetrics.MeanAbsoluteError);

    /// <summary>Root of the mean squared error, in account currency.</summary>
    public static readonly Metric RootMeanSquaredError = new("rmse", "RMSE", Target.Value, Better.Lower, ErrorMetrics.RootMeanSquaredError);

    /// <summary>Sum predicted over sum actual, less 1.</summary>
    public static readonly Metric Bias = new("bias", "Bias", Target.Value, Better.NearZero, ErrorMetrics.Bias);

    /// <summary>Ten equal groups by prediction: mean of |mean predicted - mean actual| / mean actual.</summary>
    public static readonly Metric DecileError = new("decile_error", "Decile error", Target.Value, Better.Lower, GroupMetrics.DecileError);

    /// <summary>Share of the actual total that the tenth of the customers with the highest prediction hold.</summary>
    public static readonly Metric CaptureTop10 = new("capture10", "Top 10 %", Target.Value, Better.Higher, GroupMetrics.CaptureTop10);

    /// <summary>Area under the ROC curve, ties half.</summary>
    public static readonly Metric RocAuc = new("auc", "AUC", Target.Churn, Better.Higher, RankMetrics.RocAuc);

    /// <summary>Average precision: precision at each new threshold, weighted by the recall it adds.</summary>
    public static readonly Metric AveragePrecision = new("average_precision", "Avg. precision", Target.Churn, Better.Higher, RankMetrics.AveragePrecision);

    /// <summary>Mean negative log-likelihood, in nats; probabilities clipped to [1e-15, 1 - 1e-15].</summary>
    public static readonly Metric LogLoss = new("log_loss", "Log loss", Target.Churn, Better.Lower, ErrorMetrics.LogLoss);

    /// <summary>Mean squared error of the probability (Brier, 1950).</summary>
    public static readonly Metric Brier = new("brier", "Brier", Target.Churn, Better.Lower, ErrorMetrics.Brier);

    /// <summary>Expected calibration error over 15 equal-count bins.</summary>
    public static readonly Metric CalibrationError = new("ece", "ECE", Target.Churn, Better.Lower, GroupMetrics.CalibrationError);

    /// <summary>Every metric of the measuring protocol, in table order.</summary>
    public static readonly IReadOnlyList<Metric> All =
        [NormalizedGini, Spearman, MeanAbsoluteError, RootMeanSquaredError, Bias, DecileError, CaptureTop10,
         RocAuc, AveragePrecision, LogLoss, Brier, CalibrationError];
}

/// <summary>Which way a figure is better.</summary>
public enum Better { Higher, Lower, NearZero }

/// <summary>The figure when customer i stands in the sample <c>times[i]</c> times; NaN where undefined.</summary>
/// <param name="times">[rows]: 1 everywhere for the data as they are, bootstrap counts otherwise.</param>
public delegate double Judge(int[] times);
