using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CustomerValue.Packaging;

/// <summary>Puts many numbers into few bytes: whole ones seven bits to a byte, the lowest first, the eighth saying that more follow; 32-bit floats as they are, little-endian.</summary>
internal sealed class NumberPacker
{
    private readonly MemoryStream _bytes = new();

    /// <summary>A whole number.</summary>
    public void Whole(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.WriteByte((byte)(value | 0x80));
        _bytes.WriteByte((byte)value);
    }

    /// <summary>A number in single precision.</summary>
    /// <exception cref="InvalidOperationException">It isn't finite there.</exception>
    public void Single(double value)
    {
        if (!float.IsFinite((float)value)) throw new InvalidOperationException($"A weight is {value}, and only finite numbers in single precision can be packaged: the fit went wrong.");
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(four, (float)value);
        _bytes.Write(four);
    }

    /// <summary>Yes or no, eight to a byte, the lowest bit first.</summary>
    public void Flags(ReadOnlySpan<bool> flags)
    {
        for (var from = 0; from < flags.Length; from += 8)
        {
            var packed = 0;
            for (var bit = 0; bit < 8 && from + bit < flags.Length; bit++) packed |= flags[from + bit] ? 1 << bit : 0;
            _bytes.WriteByte((byte)packed);
        }
    }

    /// <summary>The bytes.</summary>
    public byte[] ToArray() => _bytes.ToArray();
}

/// <summary>Reads what <see cref="NumberPacker"/> wrote. Nothing is made room for that the bytes at hand can't fill.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="where">What they are called in messages.</param>
internal sealed class NumberUnpacker(byte[] bytes, string where)
{
    private int _at;

    /// <summary>A whole number up to <paramref name="most"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes end, or it is larger.</exception>
    public ulong Whole(ulong most = ulong.MaxValue)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(1)[0];
            if (shift == 63 && next > 1) throw Wrong("a number takes more than 64 bits");
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value <= most ? value : throw Wrong($"a number is {value}, where at most {most} is expected");
        }
    }

    /// <summary>How many of something follow, each taking at least a byte.</summary>
    /// <exception cref="InvalidDataException">So many can't follow.</exception>
    public int Count() => (int)Whole((ulong)(bytes.Length - _at));

    /// <summary>Finite numbers in single precision.</summary>
    /// <exception cref="InvalidDataException">The bytes end, or one isn't finite.</exception>
    public float[] Singles(long count)
    {
        var raw = Take(checked(4 * count));
        var values = BitConverter.IsLittleEndian ? MemoryMarshal.Cast<byte, float>(raw).ToArray() : throw new PlatformNotSupportedException("Packages of text models are read on little-endian machines only.");
        return Array.TrueForAll(values, float.IsFinite) ? values : throw Wrong("a number isn't finite");
    }

    /// <summary>Yes or no.</summary>
    /// <exception cref="InvalidDataException">The bytes end, or bits behind the last flag are set.</exception>
    public bool[] Flags(long count)
    {
        var raw = Take((count + 7) / 8);
        if (count % 8 != 0 && raw[^1] >> (int)(count % 8) != 0) throw Wrong("there are more flags than expected");
        var flags = new bool[count];
        for (var at = 0; at < flags.Length; at++) flags[at] = (raw[at / 8] >> at % 8 & 1) != 0;
        return flags;
    }

    /// <summary>Refuses bytes that nobody read.</summary>
    /// <exception cref="InvalidDataException">There are such.</exception>
    public void RequireEnd()
    {
        if (_at < bytes.Length) throw Wrong($"{bytes.Length - _at} bytes follow the last that is expected");
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count > bytes.Length - _at) throw Wrong($"it ends at byte {bytes.Length}, where {count - (bytes.Length - _at)} more are expected");
        _at += (int)count;
        return bytes.AsSpan(_at - (int)count, (int)count);
    }

    private InvalidDataException Wrong(string what) => new($"{where}: {what}.");
}
