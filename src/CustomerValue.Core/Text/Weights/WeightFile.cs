using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace CustomerValue.Text.Weights;

/// <summary>A file of weights, mapped into memory: opening reads its directory only. Safe to share between threads; not to be used after it was disposed.</summary>
/// <remarks>The file must not be cut short while it is open: the system ends a process that reads a mapped page which is no longer there.</remarks>
public abstract unsafe class WeightFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private Dictionary<string, WeightInfo> _byName = [];
    private bool _disposed;

    private protected WeightFile(string path)
    {
        FilePath = path;
        try
        {
            Length = new FileInfo(path).Length;
            if (Length == 0) throw Wrong("the file is empty");
            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { throw new WeightException($"{path}: the file can't be opened. {error.Message}", error); }
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = start;
    }

    /// <summary>Where the file stands.</summary>
    public string FilePath { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>The weights, in the order of their place in the file.</summary>
    public IReadOnlyList<WeightInfo> Weights { get; private protected init { field = value; _byName = value.ToDictionary(w => w.Name); } } = [];

    /// <summary>The weight of that name; null when the file has none.</summary>
    public WeightInfo? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>A weight's bytes, in place; valid until the file is disposed.</summary>
    /// <exception cref="WeightException">The file has no such weight, or it is larger than 2 GB.</exception>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        var weight = Need(name);
        return weight.Bytes <= int.MaxValue ? At(weight.Offset, (int)weight.Bytes) : throw Wrong(name, $"its {weight.Bytes} bytes are more than can be read at once");
    }

    /// <summary>A weight's numbers, row by row, as single precision.</summary>
    /// <exception cref="WeightException">The file has no such weight, or it doesn't fit into an array.</exception>
    public float[] ReadSingles(string name)
    {
        var weight = Need(name);
        var bytes = Bytes(name);
        var values = new float[weight.Count];
        switch (weight.Type)
        {
            // Byte by byte: nothing promises that a weight starts at a multiple of its size.
            case WeightType.Float32: bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan())); break;
            case WeightType.Float16: Each<Half>(bytes, values, v => (float)v); break;
            case WeightType.BFloat16: Each<ushort>(bytes, values, v => BitConverter.UInt32BitsToSingle((uint)v << 16)); break;
            case WeightType.Float64: Each<double>(bytes, values, v => (float)v); break;
            case WeightType.Int64: Each<long>(bytes, values, v => v); break;
            case WeightType.Int32: Each<int>(bytes, values, v => v); break;
            case WeightType.Int16: Each<short>(bytes, values, v => v); break;
            case WeightType.Int8: Each<sbyte>(bytes, values, v => v); break;
            default: Each<byte>(bytes, values, v => v); break;
        }
        return values;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Bytes anywhere in the file.</summary>
    private protected ReadOnlySpan<byte> At(long offset, int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return offset >= 0 && count >= 0 && offset <= Length - count ? new(_start + offset, count)
            : throw Wrong($"{count} bytes from byte {offset} on are needed, and the file ends at {Length}");
    }

    private protected WeightException Wrong(string problem, Exception? inner = null) =>
        new($"{FilePath}: {problem}. The file is damaged or no file of weights; take it from its source again.", inner);

    private protected WeightException Wrong(string weight, string problem) => Wrong($"weight '{Shown(weight)}': {problem}");

    // A hostile name may be of any length and hold any characters.
    private protected static string Shown(string name) =>
        string.Concat((name.Length > 100 ? name[..100] + "..." : name).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    private WeightInfo Need(string name) => Find(name)
        ?? throw new WeightException($"{FilePath}: there is no weight '{Shown(name)}' among its {Weights.Count}. Look at its names, or take the file that belongs to this model.");

    private static void Each<T>(ReadOnlySpan<byte> bytes, float[] values, Func<T, float> convert) where T : unmanaged
    {
        for (var i = 0; i < values.Length; i++) values[i] = convert(MemoryMarshal.Read<T>(bytes[(i * sizeof(T))..]));
    }
}
