namespace CustomerValue.Models;

/// <summary>Brings a network's outputs to the level of customers that it hasn't learned from: a logistic curve for churn, one factor for spend, both drawn towards no change where those are few.</summary>
/// <param name="Churn">From the network's logit to the probability.</param>
/// <param name="SpendFactor">What expected spend is multiplied by.</param>
/// <param name="MostLog">Log of the highest spend ever learned from, which no mean of those who spend exceeds.</param>
public sealed record JointCalibration(LogisticCurve Churn, double SpendFactor, double MostLog)
{
    /// <summary>Least spread of log spend: at 0 one exact guess would win for ever.</summary>
    public const double LeastSpread = 1e-3;

    /// <summary>Outputs of such a network: logit of churn, logit of any spend, mean and spread of log spend.</summary>
    public const int Outputs = 4;

    // Rows at which what they say and no change weigh the same.
    private const double ChurnRows = 200, SpendRows = 100, MostFactor = 3;

    /// <summary>Learns from customers held out.</summary>
    /// <param name="outputs">[rows][4]: what the network says.</param>
    /// <param name="churned">[rows].</param>
    /// <param name="spend">[rows].</param>
    /// <param name="mostSpend">Highest spend learned from.</param>
    public static JointCalibration Fit(double[][] outputs, bool[] churned, double[] spend, double mostSpend)
    {
        var mostLog = Math.Log(Math.Max(1, mostSpend));
        var curve = LogisticCurve.Fit(outputs.Select(o => o[0]).ToArray(), churned);
        var weight = outputs.Length / (outputs.Length + ChurnRows);
        var (found, foreseen) = (spend.Sum(), outputs.Sum(o => Mean(o, mostLog)));
        var buyers = spend.Count(s => s > 0);
        var factor = found > 0 && foreseen > 0 ? Math.Clamp(found / foreseen, 1 / MostFactor, MostFactor) : 1;
        return new(new(weight * curve.Intercept, 1 + weight * (curve.Slope - 1)), Math.Exp(buyers / (buyers + SpendRows) * Math.Log(factor)), mostLog);
    }

    /// <summary>Answers, row for row with the outputs.</summary>
    public Scores Of(double[][] outputs) => new([.. outputs.Select(o => SpendFactor * Mean(o, MostLog))], [.. outputs.Select(o => Churn.At(o[0]))]);

    /// <summary>The mean of spend that is nothing for many and lognormal for the rest: P(any) exp(mu + sigma^2 / 2).</summary>
    /// <param name="buys">Logit of spending at all.</param>
    /// <param name="mu">Mean of log spend.</param>
    /// <param name="rawSigma">Spread of log spend before softplus.</param>
    /// <param name="mostLog">The log of the highest mean of those who spend: what a network says of customers unlike any that it saw isn't followed beyond.</param>
    /// <returns>Expected spend, in account currency; finite where <paramref name="mostLog"/> is below 700.</returns>
    public static double MeanSpend(double buys, double mu, double rawSigma, double mostLog)
    {
        var sigma = Math.Max(LeastSpread, rawSigma > 30 ? rawSigma : Math.Log(1 + Math.Exp(rawSigma)));
        return LogisticCurve.Sigmoid(buys) * Math.Exp(Math.Min(mostLog, mu + 0.5 * sigma * sigma));
    }

    private static double Mean(double[] outputs, double mostLog) => MeanSpend(outputs[1], outputs[2], outputs[3], mostLog);
}
