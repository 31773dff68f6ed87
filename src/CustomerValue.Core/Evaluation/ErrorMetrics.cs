namespace CustomerValue.Evaluation;

/// <summary>Figures that are sums over customers.</summary>
internal static class ErrorMetrics
{
    public static Judge MeanAbsoluteError(double[] actual, double[] predicted) => Mean(actual, predicted, static (a, p) => Math.Abs(p - a));

    public static Judge Brier(double[] actual, double[] predicted) => Mean(actual, predicted, static (a, p) => (p - a) * (p - a));

    public static Judge LogLoss(double[] actual, double[] predicted) => Mean(actual, predicted, static (a, p) =>
    {
        var clipped = Math.Clamp(p, 1e-15, 1 - 1e-15);
        return -(a * Math.Log(clipped) + (1 - a) * Math.Log(1 - clipped));
    });

    public static Judge RootMeanSquaredError(double[] actual, double[] predicted)
    {
        var meanSquare = Mean(actual, predicted, static (a, p) => (p - a) * (p - a));
        return times => Math.Sqrt(meanSquare(times));
    }

    public static Judge Bias(double[] actual, double[] predicted) => times =>
    {
        double sumPredicted = 0, sumActual = 0;
        for (var i = 0; i < times.Length; i++)
        {
            sumPredicted += times[i] * predicted[i];
            sumActual += times[i] * actual[i];
        }
        return sumActual == 0 ? double.NaN : sumPredicted / sumActual - 1;
    };

    private static Judge Mean(double[] actual, double[] predicted, Func<double, double, double> error)
    {
        var errors = new double[actual.Length];
        for (var i = 0; i < errors.Length; i++) errors[i] = error(actual[i], predicted[i]);
        return times =>
        {
            double sum = 0;
            long count = 0;
            for (var i = 0; i < times.Length; i++)
            {
                sum += times[i] * errors[i];
                count += times[i];
            }
            return sum / count;
        };
    }
}
