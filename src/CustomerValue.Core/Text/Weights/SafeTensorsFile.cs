using System.Buffers.Binary;
using System.Text.Json;

namespace CustomerValue.Text.Weights;

/// <summary>Weights in the safetensors format: eight bytes of header length, a JSON header, and the numbers.</summary>
/// <remarks>Everything that the header says is checked against the file before a weight can be read: lengths, types, shapes, offsets; no overlap, no gap, no name twice.</remarks>
public sealed class SafeTensorsFile : WeightFile
{
    private const int LongestHeader = 100_000_000;
    private const string MetadataName = "__metadata__";
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private SafeTensorsFile(string path) : base(path)
    {
        try
        {
            if (Length < 8) throw Wrong($"it has {Length} bytes, and the header's length alone takes 8");
            var header = BinaryPrimitives.ReadUInt64LittleEndian(At(0, 8));
            if (header is < 2 or > LongestHeader || (long)header > Length - 8)
                throw Wrong($"it says that its header is {header} bytes long; the file has {Length}, and at most {LongestHeader} are allowed");
            var data = 8 + (long)header;
            using var json = Parse((int)header);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw Wrong($"its header is a JSON {root.ValueKind}, and an object is expected");
            Metadata = ReadMetadata(root);
            Weights = [.. root.EnumerateObject().Where(p => p.Name != MetadataName).Select(p => Read(p.Name, p.Value, data)).OrderBy(w => w.Offset).ThenBy(w => w.Bytes)];
            var end = data;
            foreach (var weight in Weights)
            {
                if (weight.Offset < end) throw Wrong(weight.Name, $"it starts at byte {weight.Offset}, inside the weight before it, which ends at {end}");
                if (weight.Offset > end) throw Wrong(weight.Name, $"it starts at byte {weight.Offset}, and the weight before it ends at {end}: the {weight.Offset - end} bytes between belong to nothing");
                end = weight.Offset + weight.Bytes;
            }
            if (end != Length) throw Wrong($"its weights end at byte {end}, and the file at {Length}");
        }
        catch (InvalidOperationException error)                 // what JSON's reader says of bytes that are no text
        {
            Dispose();
            throw Wrong("a name or text in its header is no proper Unicode", error);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Free text that the writer left, such as format: pt.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="WeightException">There is no such file, or it isn't whole and consistent.</exception>
    public static SafeTensorsFile Open(string path) => new(path);

    private JsonDocument Parse(int header)
    {
        try { return JsonDocument.Parse(At(8, header).ToArray(), s_strict); }
        catch (JsonException error) { throw Wrong($"its header is no proper JSON ({error.Message.TrimEnd('.')})", error); }
    }

    private Dictionary<string, string> ReadMetadata(JsonElement root)
    {
        if (!root.TryGetProperty(MetadataName, out var metadata)) return [];
        if (metadata.ValueKind != JsonValueKind.Object || metadata.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String))
            throw Wrong($"{MetadataName} is no object of texts");
        return metadata.EnumerateObject().ToDictionary(p => p.Name, p => Text(MetadataName, p.Value));
    }

    private WeightInfo Read(string name, JsonElement entry, long data)
    {
        if (entry.ValueKind != JsonValueKind.Object) throw Wrong(name, $"its entry is a JSON {entry.ValueKind}, and an object is expected");
        var label = entry.TryGetProperty("dtype", out var dtype) && dtype.ValueKind == JsonValueKind.String ? Text(name, dtype) : null;
        var type = WeightTypes.Named(label) ?? throw Wrong(name, $"its type is '{Shown(label ?? "missing")}', which isn't known here");
        var shape = Numbers(name, entry, "shape");
        if (Numbers(name, entry, "data_offsets") is not [var begin, var end]) throw Wrong(name, "two data_offsets are expected");
        if (begin > end || end > Length - data) throw Wrong(name, $"its data_offsets [{begin}, {end}] don't lie in the file's {Length - data} bytes of data");
        var bytes = SizeOf(name, shape, type);
        if (bytes != end - begin) throw Wrong(name, $"{type.Label()} [{string.Join(", ", shape)}] takes {bytes} bytes, and its data_offsets hold {end - begin}");
        return new(name, type, shape, data + begin, bytes);
    }

    private long[] Numbers(string name, JsonElement entry, string property)
    {
        if (!entry.TryGetProperty(property, out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > 32)
            throw Wrong(name, $"its {property} is no list of at most 32 numbers");
        return [.. list.EnumerateArray().Select(n => n.ValueKind == JsonValueKind.Number && n.TryGetInt64(out var value) && value >= 0 ? value
            : throw Wrong(name, $"its {property} holds {Shown(n.GetRawText())}, and whole numbers from 0 on are expected"))];
    }

    private string Text(string name, JsonElement value)
    {
        try { return value.GetString()!; }
        catch (InvalidOperationException error) { throw Wrong($"weight '{Shown(name)}': a text in its entry is no proper UTF-16", error); }     // a lone surrogate
    }

    private long SizeOf(string name, long[] shape, WeightType type)
    {
        try { return shape.Aggregate((long)type.Bytes(), (size, dimension) => checked(size * dimension)); }
        catch (OverflowException) { throw Wrong(name, $"its shape [{string.Join(", ", shape)}] is larger than any file"); }
    }
}
