using CustomerValue.Simulation.Chance;

namespace CustomerValue.Simulation.Behaviour;

/// <summary>The gap to the next order: an Erlang renewal process on a clock that runs faster where the order rate is higher. One unit of the clock is the mean gap.</summary>
internal struct OrderClock(int regularity, RandomStream chance)
{
    private double _gap = Gap(regularity, chance);

    /// <summary>Clock time since the last order.</summary>
    public double Elapsed { get; private set; }

    /// <summary>Clock time from the last order to the next.</summary>
    public readonly double Next => _gap;

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

    /// <summary>What is left of a gap that is longer than <paramref name="elapsed"/>.</summary>
    public static double Rest(int regularity, double elapsed, RandomStream chance)
    {
        // The stages that have passed are Poisson, below k.
        Span<double> passed = stackalloc double[regularity];
        passed[0] = 1;
        for (var j = 1; j < regularity; j++) passed[j] = passed[j - 1] * regularity * elapsed / j;
        return Stages(regularity - chance.Weighted(passed), chance) / regularity;
    }

    /// <summary>Clock time between two orders; its mean is 1.</summary>
    public static double Gap(int regularity, RandomStream chance) => Stages(regularity, chance) / regularity;

    private static double Stages(int count, RandomStream chance)
    {
        var sum = 0.0;
        for (var stage = 0; stage < count; stage++) sum += chance.Exponential();
        return sum;
    }
}
