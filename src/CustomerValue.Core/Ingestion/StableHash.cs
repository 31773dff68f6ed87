using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CustomerValue.Ingestion;

/// <summary>A fast 64-bit hash that stays the same over machines, versions and runs, so that it may be stored. It protects against accidents, not against malice.</summary>
/// <remarks>Each step multiplies to 128 bits and folds the halves, as in Wang Yi's wyhash; the constants are digits of its first version.</remarks>
public struct StableHash
{
    private const ulong Seed = 0xa0761d6478bd642f, Step = 0xe7037ed1a0b428db;
    private ulong _state;

    /// <summary>The hash of the values added so far.</summary>
    public readonly ulong Value => Fold(_state ^ Step, Seed);

    /// <summary>The hash of some bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = new StableHash();
        hash.Add(bytes);
        return hash.Value;
    }

    /// <summary>The hash of a text, over its UTF-16 code units in little-endian order.</summary>
    public static ulong Of(string text)
    {
        var hash = new StableHash();
        hash.Add(text);
        return hash.Value;
    }

    /// <summary>Adds a number.</summary>
    public void Add(ulong value) => _state = Fold(_state ^ value ^ Seed, Step);

    /// <inheritdoc cref="Add(ulong)"/>
    public void Add(long value) => Add(unchecked((ulong)value));

    /// <summary>Adds a text; where one text ends and the next begins matters.</summary>
    public void Add(string text) => Add(MemoryMarshal.AsBytes(text.AsSpan()));

    /// <summary>Adds bytes; their number matters too.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add((ulong)bytes.Length);
        for (; bytes.Length >= 8; bytes = bytes[8..]) Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        if (bytes.IsEmpty) return;
        var last = 0ul;
        for (var i = bytes.Length - 1; i >= 0; i--) last = last << 8 | bytes[i];
        Add(last);
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
