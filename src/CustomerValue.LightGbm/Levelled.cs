using CustomerValue.Models;

namespace CustomerValue.LightGbm;

/// <summary>Losses after the answers were brought to the level of the validation rows by one factor, or one shift of logits. Windows differ in level (season, a shop
/// that has just begun to be recorded), and rounds chosen by the plain loss would chase that: far too many or too few. What is left is how well customers are told apart.</summary>
internal static class Levelled
{
    /// <summary>Log loss after the best shift of all logits.</summary>
    public static double Log(double[] answers, double[] actual)
    {
        double[] logits = [.. answers.Select(LogisticCurve.Logit)];
        var (shift, wanted) = (0.0, actual.Sum());
        for (var step = 0; step < 30; step++)
        {
            var (sum, slope) = (0.0, 1e-9);
            foreach (var logit in logits)
            {
                var p = LogisticCurve.Sigmoid(logit + shift);
                (sum, slope) = (sum + p, slope + p * (1 - p));
            }
            var move = Math.Clamp((wanted - sum) / slope, -2, 2);
            shift += move;
            if (Math.Abs(move) < 1e-8) break;
        }
        return Loss.Log([.. logits.Select(logit => LogisticCurve.Sigmoid(logit + shift))], actual);
    }

    /// <summary>Tweedie deviance after the best factor: sum of y mu^(1-p) over sum of mu^(2-p).</summary>
    public static double Tweedie(double[] answers, double[] actual, double power)
    {
        var (above, below) = (0.0, 0.0);
        for (var row = 0; row < actual.Length; row++)
        {
            var mu = Math.Max(answers[row], 1e-9);
            var weight = Math.Pow(mu, 1 - power);
            (above, below) = (above + actual[row] * weight, below + mu * weight);
        }
        var factor = above > 0 ? above / below : 1;
        return Loss.Tweedie([.. answers.Select(mu => mu * factor)], actual, power);
    }

    /// <summary>Gamma deviance after the best factor: the mean of y / mu.</summary>
    public static double Gamma(double[] answers, double[] actual)
    {
        var factor = 0.0;
        for (var row = 0; row < actual.Length; row++) factor += actual[row] / Math.Max(answers[row], 1e-9) / actual.Length;
        return Loss.Gamma([.. answers.Select(mu => mu * factor)], actual);
    }

    /// <summary>Squared error after the best shift of all answers: their variance.</summary>
    public static double Squared(double[] answers, double[] actual)
    {
        var shift = actual.Average() - answers.Average();
        return Loss.Squared([.. answers.Select(a => a + shift)], actual);
    }
}
