using CustomerValue.Torch.Language;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Tabular;

/// <summary>Spend that is nothing for many and lognormal for the rest: the loss that a network with three outputs learns by, and the mean that they stand for.</summary>
/// <remarks>Wang, Liu and Miao (2019), "A Deep Probabilistic Model for Customer Lifetime Value Prediction".</remarks>
public static class ZeroInflatedLogNormal
{
    private const double LeastSpread = Models.JointCalibration.LeastSpread, LeastSpend = 1e-6;

    /// <summary>Negative log-likelihood, averaged over the batch.</summary>
    /// <param name="logits">[B, 3]: logit of spending at all, mean of log spend, spread of log spend before softplus.</param>
    /// <param name="spend">[B]: spend over the horizon in account currency, 0 for customers who spent nothing.</param>
    /// <returns>Scalar, in nats a customer; owned by the caller's dispose scope.</returns>
    /// <exception cref="ShapeException">The logits aren't [B, 3], or the two batches differ in length.</exception>
    public static Tensor Loss(Tensor logits, Tensor spend)
    {
        ShapeException.ThrowUnless(logits.dim() == 2 && logits.shape[1] == 3, "[B, 3]", logits);
        ShapeException.ThrowUnless(spend.dim() == 1 && spend.shape[0] == logits.shape[0], "[B], as logits", spend);
        using var scope = NewDisposeScope();
        var (buys, mu) = (logits.select(1, 0), logits.select(1, 1));                       // each [B]
        var sigma = F.softplus(logits.select(1, 2)).clamp_min(Scalars.Of(LeastSpread));    // [B]; floored: at 0 one exact guess wins for ever
        var bought = spend.gt(Scalars.Of(0L)).to_type(logits.dtype);                       // [B]; 1 where there was any spend
        var logSpend = spend.clamp_min(Scalars.Of(LeastSpend)).log();                      // [B]; finite where spend is 0
        var off = (logSpend - mu) / sigma;                                                 // [B]; in spreads
        var density = logSpend.Plus(sigma.log()).Plus(0.5 * Math.Log(2 * Math.PI)).Plus((off * off).Times(0.5));
        return F.binary_cross_entropy_with_logits(buys, bought).Plus((bought * density).mean()).MoveToOuterDisposeScope();
    }

    /// <summary>The mean that three outputs stand for: P(any) exp(mu + sigma^2 / 2).</summary>
    /// <param name="buys">Logit of spending at all.</param>
    /// <param name="mu">Mean of log spend.</param>
    /// <param name="rawSigma">Spread of log spend before softplus.</param>
    /// <param name="mostLog">The log of the highest mean of those who spend: what a network says of customers unlike any that it saw isn't followed beyond.</param>
    /// <returns>Expected spend, in account currency; finite where <paramref name="mostLog"/> is below 700.</returns>
    public static double Mean(double buys, double mu, double rawSigma, double mostLog) => Models.JointCalibration.MeanSpend(buys, mu, rawSigma, mostLog);
}
