using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Language;

/// <summary>Dropout whose mask is drawn by hashing places, thirty-two at once: libtorch draws one number after another, which a small model waits for.</summary>
/// <remarks>
/// Srivastava and others (2014), "Dropout: A Simple Way to Prevent Neural Networks from Overfitting". Salmon and others (2011), "Parallel Random Numbers: As Easy as 1, 2, 3",
/// for numbers that follow from their place. The same seed drops the same values on every processor, however many threads there are.
/// </remarks>
internal static class DropoutMask
{
    // A share is a number of 65,536ths: half of a hash decides one value.
    private const int Bits = 16, Lanes = 16, Pair = 2 * Lanes;

    /// <summary>The values, some of them 0, the others larger so that the mean stays.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="share">Dropped, below 1.</param>
    /// <param name="training">False: all stay.</param>
    /// <returns>A tensor of that shape; owned by the caller's dispose scope.</returns>
    internal static Tensor Apply(Tensor x, double share, bool training)
    {
        if (!training || share == 0) return x;
        if (x.device_type != TorchSharp.DeviceType.CPU || x.dtype != ScalarType.Float32) return F.dropout(x, share, training: true);
        using var scope = NewDisposeScope();
        var mask = empty(x.shape, ScalarType.Float32, CPU);
        Fill(MemoryMarshal.Cast<byte, float>(mask.bytes), share, (ulong)randint(long.MaxValue, [1], ScalarType.Int64, CPU).item<long>());
        return (x * mask).MoveToOuterDisposeScope();
    }

    /// <summary>Fills a mask with 0 and 1 / (1 - share).</summary>
    internal static void Fill(Span<float> mask, double share, ulong seed)
    {
        var threshold = (uint)Math.Round(share * (1 << Bits));
        var scale = Vector512.Create((float)(1 / (1 - (double)threshold / (1 << Bits))));
        var (least, low, key, later) = (Vector512.Create(threshold), Vector512.Create(0xFFFFu), Vector512.Create((uint)seed), Vector512.Create((uint)(seed >> 32)));
        var places = Vector512.CreateSequence(0u, 1u);
        Span<float> rest = stackalloc float[Pair];
        for (var at = 0; at < mask.Length; at += Pair, places += Vector512.Create((uint)Lanes))
        {
            var hash = Hash(Hash(places ^ key) + later);
            var to = mask.Length - at >= Pair ? mask[at..] : rest;
            (scale & Vector512.GreaterThanOrEqual(hash & low, least).AsSingle()).CopyTo(to);
            (scale & Vector512.GreaterThanOrEqual(hash >> Bits, least).AsSingle()).CopyTo(to[Lanes..]);
            if (mask.Length - at < Pair) rest[..(mask.Length - at)].CopyTo(mask[at..]);
        }
    }

    // Two rounds of shift and product with constants whose bits spread evenly (C. Wellons, "Prospecting for Hash Functions", 2018).
    private static Vector512<uint> Hash(Vector512<uint> x)
    {
        x = (x ^ (x >> 16)) * 0x7FEB352Du;
        x = (x ^ (x >> 15)) * 0x846CA68Bu;
        return x ^ (x >> 16);
    }
}
