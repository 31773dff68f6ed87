using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace CustomerValue.Onnx;

/// <summary>A protobuf message that is being put together: fields in the order they were added, so equal messages give equal bytes.</summary>
/// <remarks>
/// Protocol Buffers, "Encoding": a field is a key (number and kind of what follows) and a value; a message inside another is bytes with their length before them.
/// Lengths are summed before anything is written, so that weights go to the stream from where they lie.
/// </remarks>
internal sealed class ProtoMessage
{
    private const int Varint = 0, Bytes = 2, Fixed32 = 5;

    private readonly List<(int Field, int Kind, ulong Number, ReadOnlyMemory<byte> Raw, ProtoMessage? Inner)> _fields = [];

    /// <summary>Bytes that the message takes, without its own length.</summary>
    public long Size
    {
        get => _fields.Sum(f => Length((ulong)f.Field << 3) + f.Kind switch
        {
            Varint => Length(f.Number),
            Fixed32 => 4,
            _ => Length((ulong)Payload(f.Raw, f.Inner)) + Payload(f.Raw, f.Inner),
        });
    }

    /// <summary>A whole number: int32, int64 or an enumeration; negative ones take ten bytes.</summary>
    public ProtoMessage Add(int field, long value) => With(field, Varint, number: (ulong)value);

    /// <summary>A 32-bit float.</summary>
    public ProtoMessage Add(int field, float value) => With(field, Fixed32, number: BitConverter.SingleToUInt32Bits(value));

    /// <summary>A text, as UTF-8.</summary>
    public ProtoMessage Add(int field, string value) => With(field, Bytes, raw: Encoding.UTF8.GetBytes(value));

    /// <summary>Bytes as they are.</summary>
    public ProtoMessage Add(int field, ReadOnlyMemory<byte> value) => With(field, Bytes, raw: value);

    /// <summary>A message inside this one.</summary>
    public ProtoMessage Add(int field, ProtoMessage value) => With(field, Bytes, inner: value);

    /// <summary>A repeated field: one entry for each value.</summary>
    public ProtoMessage Add(int field, IEnumerable<long> values)
    {
        foreach (var value in values) Add(field, value);
        return this;
    }

    /// <inheritdoc cref="Add(int,IEnumerable{long})"/>
    public ProtoMessage Add(int field, IEnumerable<string> values)
    {
        foreach (var value in values) Add(field, value);
        return this;
    }

    /// <inheritdoc cref="Add(int,IEnumerable{long})"/>
    public ProtoMessage Add(int field, IEnumerable<ProtoMessage> values)
    {
        foreach (var value in values) Add(field, value);
        return this;
    }

    /// <summary>Writes the message, without its own length.</summary>
    public void WriteTo(Stream stream)
    {
        Span<byte> four = stackalloc byte[4];
        foreach (var (field, kind, number, raw, inner) in _fields)
        {
            WriteVarint(stream, (ulong)field << 3 | (uint)kind);
            if (kind == Varint)
            {
                WriteVarint(stream, number);
            }
            else if (kind == Fixed32)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(four, (uint)number);
                stream.Write(four);
            }
            else
            {
                WriteVarint(stream, (ulong)Payload(raw, inner));
                if (inner is null) stream.Write(raw.Span);
                else inner.WriteTo(stream);
            }
        }
    }

    /// <summary>The message's bytes.</summary>
    public byte[] ToArray()
    {
        using var memory = new MemoryStream();
        WriteTo(memory);
        return memory.ToArray();
    }

    /// <summary>Numbers as they lie in memory, which is little endian, as the format wants them.</summary>
    public static byte[] Raw<T>(ReadOnlySpan<T> values) where T : unmanaged =>
        BitConverter.IsLittleEndian ? MemoryMarshal.AsBytes(values).ToArray() : throw new PlatformNotSupportedException("Models are written on little-endian machines only.");

    private ProtoMessage With(int field, int kind, ulong number = 0, ReadOnlyMemory<byte> raw = default, ProtoMessage? inner = null)
    {
        _fields.Add((field, kind, number, raw, inner));
        return this;
    }

    private static long Payload(ReadOnlyMemory<byte> raw, ProtoMessage? inner) => inner?.Size ?? raw.Length;

    private static int Length(ulong value)
    {
        var bytes = 1;
        for (; value >= 0x80; value >>= 7) bytes++;
        return bytes;
    }

    private static void WriteVarint(Stream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7) stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }
}
