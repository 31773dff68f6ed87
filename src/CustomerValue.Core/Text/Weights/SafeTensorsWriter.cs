using System.Buffers.Binary;
using System.Text.Json;

namespace CustomerValue.Text.Weights;

/// <summary>A weight to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">How its numbers are stored.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Write">Writes its numbers, little-endian and row by row: as many bytes as type and shape take.</param>
public sealed record WeightToWrite(string Name, WeightType Type, long[] Shape, Action<Stream> Write)
{
    /// <summary>Bytes of its numbers.</summary>
    internal long Bytes => Shape.Aggregate((long)Type.Bytes(), (size, dimension) => checked(size * dimension));

    /// <summary>A weight of single precision numbers.</summary>
    public static WeightToWrite Of(string name, long[] shape, float[] values) =>
        new(name, WeightType.Float32, shape, stream => stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())));
}

/// <summary>Writes safetensors files.</summary>
public static class SafeTensorsWriter
{
    /// <summary>Writes a file, sorted by name; it appears when it is complete. The same weights give the same bytes.</summary>
    /// <param name="path">Where to; what stands there is replaced.</param>
    /// <param name="weights">The weights; names differ.</param>
    /// <param name="metadata">Free text for readers; null for the usual 'format: pt'.</param>
    /// <exception cref="ArgumentException">A name comes twice, or a weight wrote another number of bytes than its shape takes.</exception>
    public static void Write(string path, IEnumerable<WeightToWrite> weights, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var sorted = weights.OrderBy(w => w.Name, StringComparer.Ordinal).ToList();
        var temporary = path + ".part";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            var header = Header(sorted, metadata ?? new Dictionary<string, string> { ["format"] = "pt" });
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var weight in sorted)
            {
                var end = stream.Position + weight.Bytes;
                weight.Write(stream);
                if (stream.Position != end) throw new ArgumentException($"Weight '{weight.Name}' wrote {stream.Position - end + weight.Bytes} bytes; its shape takes {weight.Bytes}.", nameof(weights));
            }
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }

    // Padded with spaces to a multiple of eight, so that every weight of a whole file is aligned to its size when the wide ones come first or all are alike.
    private static byte[] Header(List<WeightToWrite> weights, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (name, text) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) json.WriteString(name, text);
            json.WriteEndObject();
            long offset = 0;
            string? before = null;
            foreach (var weight in weights)
            {
                if (weight.Name == before) throw new ArgumentException($"The weight '{weight.Name}' comes twice.", nameof(weights));
                before = weight.Name;
                json.WriteStartObject(weight.Name);
                json.WriteString("dtype", weight.Type.Label());
                json.WriteStartArray("shape");
                foreach (var dimension in weight.Shape) json.WriteNumberValue(dimension);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += weight.Bytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }
}
