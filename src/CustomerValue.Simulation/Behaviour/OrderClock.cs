using CustomerValue.Simulation.Chance;

namespace CustomerValue.Simulation.Behaviour;

/// <summary>The gap to the next order: an Erlang renewal process on a clock that runs faster where the order rate is higher. One unit of the clock is the mean gap.</summary>
internal struct OrderClock(int regularity, RandomStream chance)
{
    private double _gap = Gap(regularity, chance);

    /// <summary>Clock time since the last order.</summary>
    public double Elapsed { get; private set; }

    /// <summary>How near the next order is: 0 just after one, 1 when it comes.</summary>
    public readonly double Progress => Math.Min(1, Elapsed / _gap);

    /// <summary>Runs on by <paramref name="step"/>; true when an order falls due, and the next gap begins.</summary>
    public bool Advance(double step)
    {
        Elapsed += step;
        if (Elapsed < _gap) return false;
        Elapsed = 0;
        _gap = Gap(regularity, chance);
        return true;
    }

    /// <summary>Chance that a gap is longer than <paramref name="x"/>: exp(-kx) times the sum of (kx)^j / j! over j below k.</summary>
    public static double Survival(int regularity, double x)
    {
        double scaled = regularity * x, term = 1, sum = 1;
        for (var j = 1; j < regularity; j++) sum += term *= scaled / j;
        return PortableMath.Exp(-scaled) * sum;
    }

    private static double Gap(int regularity, RandomStream chance)
    {
        var gap = 0.0;
        for (var stage = 0; stage < regularity; stage++) gap += chance.Exponential();
        return gap / regularity;
    }
}
