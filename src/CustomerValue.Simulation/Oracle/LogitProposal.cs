using CustomerValue.Simulation.Chance;

namespace CustomerValue.Simulation.Oracle;

/// <summary>Log-odds that are normal over customers, drawn near what a count says: from the normal at the mode of prior and count (Laplace's).</summary>
internal sealed class LogitProposal
{
    private const int Newtons = 12;
    private const double Wider = 1.1;

    private readonly double _priorMean, _priorSpread, _mean, _spread;

    /// <param name="priorMean">Mean over customers.</param>
    /// <param name="priorSpread">Spread over customers.</param>
    /// <param name="yes">How often it happened.</param>
    /// <param name="of">How often it could have.</param>
    public LogitProposal(double priorMean, double priorSpread, int yes, int of)
    {
        (_priorMean, _priorSpread, _mean, _spread) = (priorMean, priorSpread, priorMean, priorSpread);
        if (of == 0 || priorSpread == 0) return;
        var precision = 1 / (priorSpread * priorSpread);
        for (var step = 0; step < Newtons; step++)
        {
            var p = PortableMath.Logistic(_mean);
            var slope = Math.Min(yes, of) - of * p - (_mean - priorMean) * precision;
            _spread = Wider / Math.Sqrt(of * p * (1 - p) + precision);
            _mean += slope * _spread * _spread / (Wider * Wider);
        }
    }

    /// <summary>Draws one.</summary>
    /// <returns>It, and the log of its prior over what it was drawn from, up to a constant.</returns>
    public (double Logit, double LogPrior) Draw(RandomStream chance)
    {
        if (_priorSpread == 0) return (_priorMean, 0);
        var z = chance.Normal();
        var (logit, far) = (_mean + _spread * z, (_mean + _spread * z - _priorMean) / _priorSpread);
        return (logit, 0.5 * (z * z - far * far));
    }
}
