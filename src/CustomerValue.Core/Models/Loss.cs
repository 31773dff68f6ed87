namespace CustomerValue.Models;

/// <summary>How wrong answers are, row by row averaged; lower is better. What models choose their own settings by.</summary>
public static class Loss
{
    /// <summary>-mean(y log p + (1 - y) log(1 - p)), in nats; probabilities are kept 1e-15 away from 0 and 1.</summary>
    /// <param name="predicted">[rows]: probabilities.</param>
    /// <param name="actual">[rows]: 0 or 1.</param>
    public static double Log(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual)
    {
        Check.SameLength(actual.Length, predicted.Length, nameof(predicted));
        var sum = 0.0;
        for (var row = 0; row < actual.Length; row++)
        {
            var p = Math.Clamp(predicted[row], 1e-15, 1 - 1e-15);
            sum -= actual[row] * Math.Log(p) + (1 - actual[row]) * Math.Log(1 - p);
        }
        return sum / actual.Length;
    }

    /// <summary>Tweedie deviance up to a constant: mean(-y mu^(1-p) / (1-p) + mu^(2-p) / (2-p)).</summary>
    /// <param name="predicted">[rows]: means mu, above 0.</param>
    /// <param name="actual">[rows]: amounts of 0 and above.</param>
    /// <param name="power">Variance power p, strictly between 1 and 2.</param>
    public static double Tweedie(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual, double power)
    {
        Check.SameLength(actual.Length, predicted.Length, nameof(predicted));
        var sum = 0.0;
        for (var row = 0; row < actual.Length; row++)
        {
            var mu = Math.Max(predicted[row], 1e-9);
            var scaled = Math.Pow(mu, 1 - power);
            sum += -actual[row] * scaled / (1 - power) + mu * scaled / (2 - power);
        }
        return sum / actual.Length;
    }

    /// <summary>Gamma deviance up to a constant: mean(y / mu + log mu).</summary>
    /// <param name="predicted">[rows]: means mu, above 0.</param>
    /// <param name="actual">[rows]: amounts above 0.</param>
    public static double Gamma(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual)
    {
        Check.SameLength(actual.Length, predicted.Length, nameof(predicted));
        var sum = 0.0;
        for (var row = 0; row < actual.Length; row++)
        {
            var mu = Math.Max(predicted[row], 1e-9);
            sum += actual[row] / mu + Math.Log(mu);
        }
        return sum / actual.Length;
    }

    /// <summary>Mean squared error.</summary>
    public static double Squared(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual)
    {
        Check.SameLength(actual.Length, predicted.Length, nameof(predicted));
        var sum = 0.0;
        for (var row = 0; row < actual.Length; row++) sum += (predicted[row] - actual[row]) * (predicted[row] - actual[row]);
        return sum / actual.Length;
    }

    /// <summary>Mean absolute error, in the unit of the amounts.</summary>
    public static double Absolute(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual)
    {
        Check.SameLength(actual.Length, predicted.Length, nameof(predicted));
        var sum = 0.0;
        for (var row = 0; row < actual.Length; row++) sum += Math.Abs(predicted[row] - actual[row]);
        return sum / actual.Length;
    }

    /// <summary>1 - normalised Gini: 0 for the perfect order, about 1 for a random one. Ties keep the input order.</summary>
    /// <param name="predicted">[rows]: only their order matters.</param>
    /// <param name="actual">[rows]: amounts of 0 and above, not all alike.</param>
    public static double Ranking(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual)
    {
        Check.SameLength(actual.Length, predicted.Length, nameof(predicted));
        var amounts = actual.ToArray();
        var perfect = Concentration(amounts, amounts);
        return perfect == 0 ? 1 : 1 - Concentration(predicted.ToArray(), amounts) / perfect;
    }

    // The area between the curve of cumulated amounts, highest prediction first, and the diagonal; up to a constant.
    private static double Concentration(double[] predicted, double[] actual)
    {
        var (cumulated, area) = (0.0, 0.0);
        foreach (var row in Enumerable.Range(0, actual.Length).OrderByDescending(row => predicted[row])) area += cumulated += actual[row];
        return area - cumulated * (actual.Length + 1) / 2.0;
    }
}
