using System.Buffers.Binary;
using System.Text;

namespace CustomerValue.Text.Weights;

/// <summary>Weights in the format of older folders, pytorch_model.bin: a zip file with a pickle that names tensors, and their numbers, uncompressed.</summary>
/// <remarks>A pickle is a program. Of its instructions only those that a plain state dict needs are understood, of the functions that it names only those that make a tensor, and none is run:
/// anything else is refused by name.</remarks>
public sealed class PickledWeightsFile : WeightFile
{
    private const int LongestDirectory = 100_000_000;
    private static readonly Dictionary<string, WeightType> s_storages = new()
    {
        ["torch FloatStorage"] = WeightType.Float32, ["torch HalfStorage"] = WeightType.Float16, ["torch BFloat16Storage"] = WeightType.BFloat16, ["torch DoubleStorage"] = WeightType.Float64, ["torch LongStorage"] = WeightType.Int64,
        ["torch IntStorage"] = WeightType.Int32, ["torch ShortStorage"] = WeightType.Int16, ["torch CharStorage"] = WeightType.Int8, ["torch ByteStorage"] = WeightType.UInt8, ["torch BoolStorage"] = WeightType.Bool,
    };
    private static readonly string[] s_functions = ["collections OrderedDict", "torch._utils _rebuild_tensor_v2", "torch._utils _rebuild_parameter"];

    private PickledWeightsFile(string path) : base(path)
    {
        try
        {
            var entries = ReadDirectory();
            var pickle = entries.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal)).ToList() is [var one] ? one : throw Wrong("it holds no single data.pkl");
            var folder = pickle[..^"data.pkl".Length];
            var (offset, length) = entries[pickle];
            if (length > LongestDirectory) throw Wrong("its data.pkl is larger than 100 MB");
            if (entries.TryGetValue(folder + "byteorder", out var order) && Encoding.ASCII.GetString(At(order.Offset, (int)Math.Min(order.Length, 16))) != "little") throw Wrong("its numbers aren't little-endian");
            if (new Pickle(this, At(offset, (int)length).ToArray()).Run() is not Dictionary<string, object?> state) throw Wrong("its data.pkl is no dictionary of weights");
            Weights = [.. state.Where(s => s.Value is Tensor).Select(s => Place(s.Key, (Tensor)s.Value!, entries, folder)).OrderBy(w => w.Offset)];
            if (state.FirstOrDefault(s => s.Value is not Tensor) is { Key: { } other }) throw Wrong(other, "it is no tensor");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="WeightException">There is no such file, it isn't whole and consistent, or its pickle does more than name tensors.</exception>
    public static PickledWeightsFile Open(string path) => new(path);

    private WeightInfo Place(string name, Tensor tensor, Dictionary<string, (long Offset, long Length)> entries, string folder)
    {
        if (!entries.TryGetValue($"{folder}data/{tensor.Storage.Key}", out var data)) throw Wrong(name, $"its numbers, data/{Shown(tensor.Storage.Key)}, aren't in the file");
        try
        {
            var count = tensor.Shape.Aggregate(1L, (n, d) => checked(n * d));
            var stride = 1L;
            for (var d = tensor.Shape.Length - 1; d >= 0; d--)
            {
                if (tensor.Shape[d] > 1 && tensor.Strides[d] != stride) throw Wrong(name, "its numbers don't lie row by row; save it contiguous");
                stride = checked(stride * Math.Max(1, tensor.Shape[d]));
            }
            var (size, start) = (tensor.Storage.Type.Bytes(), checked(tensor.Offset * tensor.Storage.Type.Bytes()));
            if (checked(start + count * size) > data.Length) throw Wrong(name, $"it needs {start + count * size} bytes of data/{Shown(tensor.Storage.Key)}, which has {data.Length}");
            return new(name, tensor.Storage.Type, tensor.Shape, data.Offset + start, count * size);
        }
        catch (OverflowException) { throw Wrong(name, $"its shape [{string.Join(", ", tensor.Shape)}] is larger than any file"); }
    }

    // The directory at the end of a zip file, of 64 bits where it says so; only entries that are stored as they are.
    private Dictionary<string, (long Offset, long Length)> ReadDirectory()
    {
        var tail = At(Math.Max(0, Length - 65_557), (int)Math.Min(Length, 65_557));
        var at = tail.LastIndexOf("PK\x05\x06"u8);
        if (at < 0 || at + 22 > tail.Length) throw Wrong("it isn't a zip file; older ones, saved before version 1.6 of PyTorch, aren't read here: save it anew as safetensors");
        long count = U16(tail[(at + 10)..]), size = U32(tail[(at + 12)..]), start = U32(tail[(at + 16)..]);
        if (at >= 20 && U32(tail[(at - 20)..]) == 0x07064b50)
        {
            var wide = At(I64(tail[(at - 12)..]), 56);
            if (U32(wide) != 0x06064b50) throw Wrong("its directory of 64 bits isn't where it should be");
            (count, size, start) = (I64(wide[32..]), I64(wide[40..]), I64(wide[48..]));
        }
        if (size is < 0 or > LongestDirectory || count < 0 || count > size / 46 + 1) throw Wrong($"its directory of {size} bytes can't hold {count} entries");
        var directory = At(start, (int)size);
        var entries = new Dictionary<string, (long, long)>();
        for (var (i, p) = (0L, 0); i < count; i++)
        {
            if (p + 46 > directory.Length || U32(directory[p..]) != 0x02014b50) throw Wrong($"entry {i} of its directory is damaged");
            int name = U16(directory[(p + 28)..]), extra = U16(directory[(p + 30)..]), comment = U16(directory[(p + 32)..]);
            if (p + 46 + name + extra + comment > directory.Length) throw Wrong($"entry {i} of its directory runs past the end");
            var called = Encoding.UTF8.GetString(directory.Slice(p + 46, name));
            long stored = U32(directory[(p + 20)..]), plain = U32(directory[(p + 24)..]), header = U32(directory[(p + 42)..]);
            Widen(directory.Slice(p + 46 + name, extra), ref plain, ref stored, ref header);
            if (U16(directory[(p + 10)..]) != 0 || stored != plain) throw Wrong($"'{Shown(called)}' is compressed, which such files aren't");
            var local = At(header, 30);
            if (U32(local) != 0x04034b50) throw Wrong($"'{Shown(called)}' isn't where the directory says");
            var data = header + 30 + U16(local[26..]) + U16(local[28..]);
            if (plain < 0 || data > Length - plain) throw Wrong($"'{Shown(called)}' runs past the end of the file");
            if (!entries.TryAdd(called, (data, plain))) throw Wrong($"'{Shown(called)}' comes twice");
            p += 46 + name + extra + comment;
        }
        return entries;
    }

    // Sizes and places that don't fit 32 bits stand in an extra field, in this order, and only those that don't fit.
    private static void Widen(ReadOnlySpan<byte> extra, ref long plain, ref long stored, ref long header)
    {
        for (var p = 0; p + 4 <= extra.Length; p += 4 + U16(extra[(p + 2)..]))
        {
            if (U16(extra[p..]) != 1) continue;
            var field = extra[(p + 4)..Math.Min(extra.Length, p + 4 + U16(extra[(p + 2)..]))];
            Take(ref field, ref plain);
            Take(ref field, ref stored);
            Take(ref field, ref header);
            return;
        }
    }

    private static void Take(ref ReadOnlySpan<byte> field, ref long value)
    {
        if (value != uint.MaxValue || field.Length < 8) return;
        value = I64(field);
        field = field[8..];
    }

    private static int U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static long U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static long I64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);

    private sealed record Global(string Name);

    private sealed record Storage(WeightType Type, string Key);

    private sealed record Tensor(Storage Storage, long Offset, long[] Shape, long[] Strides);

    private sealed class Mark
    {
        internal static readonly Mark One = new();
    }

    // Python's pickletools names the instructions; protocols 2 to 4.
    private sealed class Pickle(PickledWeightsFile file, byte[] code)
    {
        private readonly List<object?> _stack = [];
        private readonly Dictionary<long, object?> _memo = [];
        private int _at;

        internal object? Run()
        {
            while (true)
            {
                var opcode = Take(1)[0];
                switch (opcode)
                {
                    case 0x80: if (Take(1)[0] is < 2 or > 5) throw file.Wrong("its pickle's protocol isn't known"); break;              // PROTO
                    case 0x95: Take(8); break;                                                                                           // FRAME
                    case (byte)'.': return Pop();                                                                                        // STOP
                    case (byte)'(': _stack.Add(Mark.One); break;                                                                         // MARK
                    case (byte)'}': _stack.Add(new Dictionary<string, object?>()); break;                                                // EMPTY_DICT
                    case (byte)')': _stack.Add(Array.Empty<object?>()); break;                                                           // EMPTY_TUPLE
                    case (byte)'N': _stack.Add(null); break;                                                                             // NONE
                    case 0x88: _stack.Add(true); break;                                                                                  // NEWTRUE
                    case 0x89: _stack.Add(false); break;                                                                                 // NEWFALSE
                    case (byte)'K': _stack.Add((long)Take(1)[0]); break;                                                                 // BININT1
                    case (byte)'M': _stack.Add((long)U16(Take(2))); break;                                                               // BININT2
                    case (byte)'J': _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;                            // BININT
                    case 0x8a: _stack.Add(Long(Take(Take(1)[0]))); break;                                                                // LONG1
                    case (byte)'X': _stack.Add(Encoding.UTF8.GetString(Take(U32(Take(4))))); break;                                      // BINUNICODE
                    case 0x8c: _stack.Add(Encoding.UTF8.GetString(Take(Take(1)[0]))); break;                                             // SHORT_BINUNICODE
                    case (byte)'q': _memo[Take(1)[0]] = Top(); break;                                                                    // BINPUT
                    case (byte)'r': _memo[U32(Take(4))] = Top(); break;                                                                  // LONG_BINPUT
                    case 0x94: _memo[_memo.Count] = Top(); break;                                                                        // MEMOIZE
                    case (byte)'h': _stack.Add(Remembered(Take(1)[0])); break;                                                           // BINGET
                    case (byte)'j': _stack.Add(Remembered(U32(Take(4)))); break;                                                         // LONG_BINGET
                    case (byte)'c': _stack.Add(Named($"{Line()} {Line()}")); break;                                                      // GLOBAL
                    case 0x93: var member = Pop<string>(); _stack.Add(Named($"{Pop<string>()} {member}")); break;                        // STACK_GLOBAL
                    case 0x85: _stack.Add(Last(1)); break;                                                                               // TUPLE1
                    case 0x86: _stack.Add(Last(2)); break;                                                                               // TUPLE2
                    case 0x87: _stack.Add(Last(3)); break;                                                                               // TUPLE3
                    case (byte)'t': _stack.Add(SinceMark()); break;                                                                      // TUPLE
                    case (byte)'Q': _stack.Add(Stored(Pop<object?[]>())); break;                                                         // BINPERSID
                    case (byte)'R': var arguments = Pop<object?[]>(); _stack.Add(Made(Pop<Global>().Name, arguments)); break;            // REDUCE
                    case (byte)'s': var value = Pop(); Set(Pop<string>(), value); break;                                                 // SETITEM
                    case (byte)'u':                                                                                                      // SETITEMS
                        var items = SinceMark();
                        if (items.Length % 2 != 0) throw Broken();
                        for (var i = 0; i < items.Length; i += 2) Set(items[i] as string ?? throw Broken(), items[i + 1]);
                        break;
                    case (byte)'b': Pop(); if (Top() is not Dictionary<string, object?>) throw Broken(); break;                          // BUILD: _metadata of a state dict
                    default: throw file.Wrong($"its pickle has instruction 0x{opcode:x2}, which no plain dictionary of weights needs");
                }
            }
        }

        private static Global? Known(string name) => s_functions.Contains(name) || s_storages.ContainsKey(name) ? new(name) : null;

        private Global Named(string name) => Known(name) ?? throw file.Wrong($"its pickle names '{Shown(name)}', which no plain dictionary of weights needs");

        private object? Made(string function, object?[] arguments) => (function, arguments) switch
        {
            ("collections OrderedDict", []) => new Dictionary<string, object?>(),
            ("torch._utils _rebuild_tensor_v2", [Storage storage, long offset and >= 0, object?[] shape, object?[] strides, ..]) when shape.Length == strides.Length && shape.Length <= 32
                => new Tensor(storage, offset, Lengths(shape), Lengths(strides)),
            ("torch._utils _rebuild_parameter", [Tensor tensor, ..]) => tensor,
            _ => throw Broken(),
        };

        private Storage Stored(object?[] id) => id is ["storage", Global { Name: var type }, string key, ..] && s_storages.TryGetValue(type, out var known) ? new(known, key) : throw Broken();

        private long[] Lengths(object?[] values) => [.. values.Select(v => v is long and >= 0 ? (long)v : throw Broken())];

        private void Set(string name, object? value)
        {
            if (Top() is not Dictionary<string, object?> dictionary) throw Broken();
            if (!dictionary.TryAdd(name, value)) throw file.Wrong(name, "it comes twice");
        }

        private ReadOnlySpan<byte> Take(long count)
        {
            if (count < 0 || count > code.Length - _at) throw file.Wrong("its pickle ends too early");
            _at += (int)count;
            return code.AsSpan(_at - (int)count, (int)count);
        }

        private string Line()
        {
            var end = code.AsSpan(_at).IndexOf((byte)'\n');
            if (end is < 0 or > 200) throw Broken();
            var line = Encoding.UTF8.GetString(Take(end));
            Take(1);
            return line;
        }

        private long Long(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length > 8) throw Broken();
            var value = bytes.Length > 0 && (bytes[^1] & 0x80) != 0 ? -1L : 0;
            for (var i = bytes.Length - 1; i >= 0; i--) value = value << 8 | bytes[i];
            return value;
        }

        private object? Top() => _stack.Count > 0 ? _stack[^1] : throw Broken();

        private object? Pop()
        {
            var top = Top();
            _stack.RemoveAt(_stack.Count - 1);
            return top;
        }

        private T Pop<T>() => Pop() is T wanted ? wanted : throw Broken();

        private object? Remembered(long place) => _memo.TryGetValue(place, out var value) ? value : throw Broken();

        private object?[] Last(int count)
        {
            if (_stack.Count < count) throw Broken();
            var last = _stack.GetRange(_stack.Count - count, count).ToArray();
            _stack.RemoveRange(_stack.Count - count, count);
            return last;
        }

        private object?[] SinceMark()
        {
            var mark = _stack.LastIndexOf(Mark.One);
            if (mark < 0) throw Broken();
            var items = Last(_stack.Count - mark - 1);
            _stack.RemoveAt(mark);
            return items;
        }

        private WeightException Broken() => file.Wrong($"its pickle isn't that of a plain dictionary of weights (byte {_at})");
    }
}
