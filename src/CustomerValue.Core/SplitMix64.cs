namespace CustomerValue;

/// <summary>A small seeded generator: the same numbers on every machine and in every release, and cheap to start anew for each unit of work.</summary>
/// <remarks>Steele, Lea and Flood (2014), "Fast Splittable Pseudorandom Number Generators". Not for secrets.</remarks>
public struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator for one part of the work, independent of the order in which parts are done.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">The part's number.</param>
    public static SplitMix64 Stream(long seed, long stream) => new(Mix((ulong)seed) ^ Mix((ulong)stream + 0x9E3779B97F4A7C15UL));

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15UL);

    /// <summary>A whole number in [0, bound), without bias worth speaking of for bounds below 2^32.</summary>
    public int Below(int bound) => (int)((UInt128)Next() * (uint)bound >> 64);

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
