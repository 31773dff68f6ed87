using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace CustomerValue.Text.Embeddings;

/// <summary>Embeddings on disk, found by what they were computed from: a text is passed through a model once, whichever run asks.</summary>
/// <remarks>
/// One append-only file for each model and options: a header, then records of one size (key, numbers, checksum). A record that a crash cut short is cut off when the file is next opened;
/// one whose checksum fails is computed again. One process writes at a time; another is refused in words. Not for several threads at once.
/// </remarks>
public sealed class EmbeddingCache : IDisposable
{
    private const int HeaderBytes = 16, KeyBytes = 32, CheckBytes = 4;
    private readonly FileStream _file;
    private readonly Dictionary<UInt128, long> _records = [];
    private readonly byte[] _record, _identity;

    private EmbeddingCache(FileStream file, byte[] identity, int width)
    {
        (_file, _identity, Width) = (file, identity, width);
        _record = new byte[KeyBytes + 4 * width + CheckBytes];
    }

    /// <summary>Numbers of an embedding.</summary>
    public int Width { get; }

    /// <summary>Embeddings that it holds.</summary>
    public int Count => _records.Count;

    /// <summary>Where the file is.</summary>
    public string FilePath => _file.Name;

    /// <summary>Opens or makes the file of one model and its options.</summary>
    /// <param name="folder">Where caches are kept; made when it isn't there.</param>
    /// <param name="identity">Everything that embeddings depend on besides the text: a fingerprint of the model's files, and the options.</param>
    /// <param name="width">Numbers of an embedding.</param>
    /// <exception cref="IOException">Another process has it open.</exception>
    /// <exception cref="InvalidDataException">The file is no cache, or of another width.</exception>
    public static EmbeddingCache Open(string folder, string identity, int width)
    {
        Check.Within(width, 1, 1_000_000);
        Directory.CreateDirectory(folder);
        var key = SHA256.HashData(Encoding.UTF8.GetBytes(identity));
        var path = Path.Combine(folder, $"{Convert.ToHexStringLower(key)[..24]}.embeddings");
        FileStream file;
        try { file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1 << 16); }
        catch (IOException error) { throw new IOException($"{path}: the cache of embeddings can't be opened for writing; another process has it open. Wait for it, or give another folder. ({error.Message})", error); }
        try
        {
            var cache = new EmbeddingCache(file, key, width);
            cache.ReadIndex();
            return cache;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a text is known; its record may still turn out to be damaged when it is read.</summary>
    public bool Has(string text) => _records.ContainsKey(Short(KeyOf(text)));

    /// <summary>The embedding of a text, where it is known.</summary>
    /// <param name="text">The text.</param>
    /// <param name="embedding">[width]: filled in.</param>
    public bool TryGet(string text, Span<float> embedding)
    {
        var key = KeyOf(text);
        if (!_records.TryGetValue(Short(key), out var at)) return false;
        if (!Read(at)) return false;
        if (!_record.AsSpan(0, KeyBytes).SequenceEqual(key) || BinaryPrimitives.ReadUInt32LittleEndian(_record.AsSpan(^CheckBytes)) != CheckOf(_record)) return false;
        MemoryMarshal.Cast<byte, float>(_record.AsSpan(KeyBytes, 4 * Width)).CopyTo(embedding);
        return true;
    }

    /// <summary>Keeps the embedding of a text.</summary>
    public void Add(string text, ReadOnlySpan<float> embedding)
    {
        if (embedding.Length != Width) throw new ArgumentException($"An embedding has {embedding.Length} numbers; this cache keeps {Width}.", nameof(embedding));
        var key = KeyOf(text);
        key.CopyTo(_record, 0);
        MemoryMarshal.AsBytes(embedding).CopyTo(_record.AsSpan(KeyBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(_record.AsSpan(^CheckBytes), CheckOf(_record));
        var at = _file.Seek(0, SeekOrigin.End);
        _file.Write(_record);
        _records[Short(key)] = at;
    }

    /// <summary>Hands everything to the disk.</summary>
    public void Flush() => _file.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // Past the stream's buffer, which would be filled for each record anew: they are asked for in any order. (Asking for the handle empties what waits to be written.)
    private bool Read(long at)
    {
        var handle = _file.SafeFileHandle;
        for (var read = 0; read < _record.Length;)
        {
            var more = RandomAccess.Read(handle, _record.AsSpan(read), at + read);
            if (more == 0) return false;
            read += more;
        }
        return true;
    }

    private void ReadIndex()
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        "CVEMBED1"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Width);
        if (_file.Length < HeaderBytes)                                         // new, or cut short before anything was in it
        {
            _file.SetLength(0);
            _file.Write(header);
            return;
        }
        Span<byte> found = stackalloc byte[HeaderBytes];
        _file.ReadExactly(found);
        if (!found.SequenceEqual(header))
            throw new InvalidDataException($"{_file.Name}: the file is no cache of embeddings of {Width} numbers. Delete it; what it held is computed again.");
        var records = (_file.Length - HeaderBytes) / _record.Length;
        Span<byte> key = stackalloc byte[KeyBytes];
        for (long i = 0; i < records; i++)
        {
            _file.Position = HeaderBytes + i * _record.Length;
            _file.ReadExactly(key);
            _records[Short(key)] = HeaderBytes + i * _record.Length;
        }
        _file.SetLength(HeaderBytes + records * _record.Length);
    }

    private byte[] KeyOf(string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_identity);
        hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));                  // UTF-16 as it is: half a surrogate pair has a key of its own
        return hash.GetHashAndReset();
    }

    private static UInt128 Short(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt128LittleEndian(key);

    private static uint CheckOf(ReadOnlySpan<byte> record)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var word in MemoryMarshal.Cast<byte, uint>(record[..^CheckBytes])) crc = BitOperations.Crc32C(crc, word);
        return crc;
    }
}
