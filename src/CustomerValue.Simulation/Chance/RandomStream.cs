namespace CustomerValue.Simulation.Chance;

/// <summary>What a stream of chance decides. Each purpose has a stream of its own, so that changing how one of them is drawn leaves the others as they were.
/// The numbers enter the seeds: never renumber.</summary>
internal enum Purpose
{
    Traits = 1, Orders = 2, Baskets = 3, Experiences = 4, Texts = 5, Visits = 6, Contacts = 7, Oracle = 8,
}

/// <summary>One stream of random numbers of one customer: xoshiro256** (Blackman and Vigna 2018, "Scrambled linear pseudorandom number generators"),
/// its state filled by SplitMix64 from seed, customer and purpose. Same numbers on every machine; never shared between threads.</summary>
internal sealed class RandomStream
{
    private ulong _a, _b, _c, _d;
    private double _spareNormal = double.NaN;

    public RandomStream(long seed, long customer, Purpose purpose)
    {
        var state = Mix(Mix(Mix((ulong)seed) + (ulong)customer) + (ulong)purpose);
        _a = SplitMix(ref state);
        _b = SplitMix(ref state);
        _c = SplitMix(ref state);
        _d = SplitMix(ref state);
    }

    /// <summary>64 random bits.</summary>
    public ulong Bits()
    {
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform on (0, 1), both ends left out, so that its logarithm is finite.</summary>
    public double Uniform() => ((Bits() >> 12) + 0.5) * (1.0 / (1L << 52));

    /// <summary>Uniform on 0 .. <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)Math.BigMul(Bits(), (ulong)count, out _);

    /// <summary>True with probability <paramref name="probability"/>.</summary>
    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>Exponential with mean 1.</summary>
    public double Exponential() => -PortableMath.Log(Uniform());

    /// <summary>Standard normal, by Marsaglia's polar method.</summary>
    public double Normal()
    {
        if (!double.IsNaN(_spareNormal))
        {
            var spare = _spareNormal;
            _spareNormal = double.NaN;
            return spare;
        }
        while (true)
        {
            double x = 2 * Uniform() - 1, y = 2 * Uniform() - 1, square = x * x + y * y;
            if (square >= 1 || square == 0) continue;
            var factor = Math.Sqrt(-2 * PortableMath.Log(square) / square);
            _spareNormal = y * factor;
            return x * factor;
        }
    }

    /// <summary>Gamma with the given shape and scale 1, by Marsaglia and Tsang (2000); below shape 1 by their boost from shape + 1.</summary>
    public double Gamma(double shape)
    {
        if (shape < 1) return Gamma(shape + 1) * PortableMath.Exp(-Exponential() / shape);
        var d = shape - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (PortableMath.Log(Uniform()) < 0.5 * x * x + d - d * v + d * PortableMath.Log(v)) return d * v;
        }
    }

    /// <summary>Poisson, by Knuth's product of uniforms: for means of a few units.</summary>
    public int Poisson(double mean)
    {
        var limit = PortableMath.Exp(-mean);
        var product = Uniform();
        var count = 0;
        while (product > limit)
        {
            product *= Uniform();
            count++;
        }
        return count;
    }

    /// <summary>The place of one of <paramref name="weights"/>, in proportion to its weight.</summary>
    public int Weighted(ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights) total += weight;
        var left = Uniform() * total;
        for (var place = 0; place < weights.Length - 1; place++)
        {
            left -= weights[place];
            if (left < 0) return place;
        }
        return weights.Length - 1;
    }

    private static ulong SplitMix(ref ulong state) => Mix(state += 0x9E3779B97F4A7C15);

    // The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
