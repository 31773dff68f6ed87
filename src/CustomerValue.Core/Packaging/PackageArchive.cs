using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CustomerValue.Packaging;

/// <summary>A package's files as one zip archive.</summary>
/// <remarks>
/// Written by hand, stored without compression and with one fixed time, so that the same files give the same bytes on every machine and under every
/// version of a compression library. Read by hand too, deflated entries included, so strictly that nothing lies between or behind the entries and both directories agree.
/// </remarks>
public static class PackageArchive
{
    // Larger entries that shrink to less than a hundredth are made to fill memory, not to be read.
    private const int MostRatio = 100, RatioFrom = 1 << 20;

    private const uint Local = 0x04034b50, Central = 0x02014b50, End = 0x06054b50, Descriptor = 0x08074b50;
    private const int LocalSize = 30, CentralSize = 46, EndSize = 22;
    private const ushort Utf8Names = 0x0800, SizesBehind = 0x0008, Epoch = 0x0021;      // 1980-01-01, the first day that a zip can name

    private static readonly uint[] s_crc = [.. Enumerable.Range(0, 256).Select(n =>
    {
        var c = (uint)n;
        for (var bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
        return c;
    })];

    /// <summary>The archive's bytes: the same for the same files.</summary>
    public static byte[] Write(PackageFiles files)
    {
        using var archive = new MemoryStream();
        using var central = new MemoryStream();
        foreach (var path in files.Paths)
        {
            var (content, name) = (files[path], Encoding.UTF8.GetBytes(path));
            var common = new byte[26];                                              // from "version needed" to "extra length": the same in both directories
            Put(common, 0, 20, Utf8Names, 0, 0, Epoch);
            BinaryPrimitives.WriteUInt32LittleEndian(common.AsSpan(10), Crc(content));
            BinaryPrimitives.WriteUInt32LittleEndian(common.AsSpan(14), (uint)content.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(common.AsSpan(18), (uint)content.Length);
            Put(common, 22, (ushort)name.Length, 0);

            Write(central, Bytes(Central), [20, 0], common, new byte[10], Bytes((uint)archive.Position), name);
            Write(archive, Bytes(Local), common, name, content);
        }
        var start = (uint)archive.Position;
        Write(archive, central.ToArray(), Bytes(End), new byte[4]);
        var counts = new byte[14];
        Put(counts, 0, (ushort)files.Paths.Count, (ushort)files.Paths.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(counts.AsSpan(4), (uint)central.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(counts.AsSpan(8), start);
        Write(archive, counts);
        return archive.ToArray();

        static byte[] Bytes(uint value) => BitConverter.IsLittleEndian ? BitConverter.GetBytes(value) : [.. BitConverter.GetBytes(value).Reverse()];
        static void Write(MemoryStream to, params byte[][] parts) { foreach (var part in parts) to.Write(part); }
        static void Put(byte[] to, int at, params ushort[] values) { for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(to.AsSpan(at + 2 * i), values[i]); }
    }

    /// <summary>Reads an archive.</summary>
    /// <exception cref="PackageException">It is no zip archive, is damaged, or was made to do harm.</exception>
    public static PackageFiles Read(byte[] archive)
    {
        if (archive.Length < EndSize || Number(archive, archive.Length - EndSize) != End || Short(archive, archive.Length - 2) != 0)
            throw Wrong("it doesn't end as a zip archive does (cut off, or followed by other bytes)");
        var end = archive.Length - EndSize;
        var (count, size, start) = (Short(archive, end + 10), Number(archive, end + 12), Number(archive, end + 16));
        if (Number(archive, end + 4) != 0 || Short(archive, end + 8) != count) throw Wrong("it is one part of several");
        if (count > PackageFiles.MostFiles) throw Wrong($"it has {count} entries, more than {PackageFiles.MostFiles}");
        if (start + (long)size != end) throw Wrong("its directory doesn't lie where it says");

        var entries = new List<Entry>();
        var at = (int)start;
        for (var i = 0; i < count; i++)
        {
            if (at + CentralSize > end || Number(archive, at) != Central) throw Wrong($"entry {i + 1} of its directory is no entry");
            var entry = Entry.Of(archive, at, end);
            entries.Add(entry);
            at = entry.Next;
        }
        if (at != end) throw Wrong("its directory holds more than its entries");
        if (entries.Sum(e => (long)e.Size) > PackageFiles.MostBytes) throw Wrong($"its files are larger than {PackageFiles.MostBytes >> 20} MB unpacked");
        foreach (var entry in entries)
            if (entry.Size > RatioFrom && entry.Size / MostRatio > entry.Packed)
                throw Wrong($"'{entry.Name}' would grow from {entry.Packed} to {entry.Size} bytes: a bomb, not a model");

        var files = new PackageFiles();
        var expected = 0L;
        foreach (var entry in entries.OrderBy(e => e.Offset))
        {
            if (entry.Offset != expected) throw Wrong($"there are bytes outside its entries, or entries that overlap, at byte {expected}");
            var (content, next) = Content(archive, entry, (int)start);
            expected = next;
            if (entry.IsFolder) continue;
            files.Add(entry.Name, content);
        }
        return expected == start ? files : throw Wrong("there are bytes between its last entry and its directory");
    }

    private static (byte[] Content, int Next) Content(byte[] archive, Entry entry, int limit)
    {
        if (entry.Offset + (long)LocalSize > limit || Number(archive, (int)entry.Offset) != Local) throw Wrong($"'{entry.Name}' doesn't lie where the directory says");
        var at = (int)entry.Offset;
        var data = at + LocalSize + (long)Short(archive, at + 26) + Short(archive, at + 28);
        if (data + entry.Packed > limit) throw Wrong($"'{entry.Name}' runs past the end of the entries");
        var name = archive.AsSpan(at + LocalSize, Short(archive, at + 26));
        var behind = (Short(archive, at + 6) & SizesBehind) != 0;
        if (!name.SequenceEqual(archive.AsSpan(entry.NameAt, entry.NameLength)) || Short(archive, at + 6) != entry.Flags || Short(archive, at + 8) != entry.Method)
            throw Wrong($"'{entry.Name}' is described in two ways");
        if (!behind && (Number(archive, at + 14) != entry.Crc || Number(archive, at + 18) != entry.Packed || Number(archive, at + 22) != entry.Size))
            throw Wrong($"'{entry.Name}' has two sizes or checksums");

        var packed = archive.AsSpan((int)data, (int)entry.Packed).ToArray();
        var content = entry.Method == 0 ? packed : Inflated(packed, entry);
        if (content.Length != entry.Size) throw Wrong($"'{entry.Name}' has {content.Length} bytes, where its entry says {entry.Size}");
        if (Crc(content) != entry.Crc) throw Wrong($"'{entry.Name}' doesn't have the checksum that its entry says");

        var next = (int)(data + entry.Packed);
        if (!behind) return (content, next);
        if (next + 16 <= limit && Number(archive, next) == Descriptor) next += 4;
        if (next + 12 > limit || Number(archive, next) != entry.Crc || Number(archive, next + 4) != entry.Packed || Number(archive, next + 8) != entry.Size)
            throw Wrong($"'{entry.Name}' has two sizes or checksums");
        return (content, next + 12);
    }

    private static byte[] Inflated(byte[] packed, Entry entry)
    {
        var content = new byte[entry.Size];
        try
        {
            using var stream = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
            var read = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (read < content.Length || stream.ReadByte() >= 0) throw Wrong($"'{entry.Name}' unpacks to another size than its entry says ({entry.Size} bytes)");
            return content;
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw Wrong($"'{entry.Name}' can't be unpacked ({error.Message})");
        }
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes) crc = s_crc[(crc ^ b) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    private static ushort Short(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint Number(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static PackageException Wrong(string what) => new($"The archive can't be used: {what}. Nothing was unpacked. {PackageException.Damaged}");

    private readonly record struct Entry(string Name, int NameAt, int NameLength, ushort Flags, ushort Method, uint Crc, uint Packed, uint Size, uint Offset, int Next)
    {
        private const uint KindMask = 0xF000_0000, Link = 0xA000_0000;

        public bool IsFolder => Name.EndsWith('/');

        public static Entry Of(byte[] bytes, int at, int end)
        {
            var (flags, method, length) = (Short(bytes, at + 8), Short(bytes, at + 10), Short(bytes, at + 28));
            var next = at + CentralSize + length + Short(bytes, at + 30) + Short(bytes, at + 32);
            if (next > end) throw Wrong("an entry of its directory runs past the end");
            var text = bytes.AsSpan(at + CentralSize, length);
            if (!System.Text.Unicode.Utf8.IsValid(text)) throw Wrong("a file's name isn't UTF-8");
            var entry = new Entry(Encoding.UTF8.GetString(text), at + CentralSize, length, flags, method,
                Number(bytes, at + 16), Number(bytes, at + 20), Number(bytes, at + 24), Number(bytes, at + 42), next);
            PackageFiles.RequirePlain(entry.IsFolder ? entry.Name[..^1] : entry.Name);
            // The upper half of the attributes is a Unix file's mode.
            if ((Number(bytes, at + 38) & KindMask) == Link) throw Wrong($"'{entry.Name}' is a link; a package holds plain files only");
            if ((flags & ~(Utf8Names | SizesBehind | 0x0006)) != 0) throw Wrong($"'{entry.Name}' is encrypted or uses features that no package needs");
            if (method is not (0 or 8)) throw Wrong($"'{entry.Name}' is packed by method {method}; stored (0) or deflated (8) is expected");
            if (method == 0 && entry.Packed != entry.Size) throw Wrong($"'{entry.Name}' is stored as it is, and has two sizes");
            if (entry.Packed == uint.MaxValue || entry.Size == uint.MaxValue || entry.Offset == uint.MaxValue || Short(bytes, at + 34) != 0) throw Wrong($"'{entry.Name}' is larger than any model");
            if (entry.IsFolder && entry.Size != 0) throw Wrong($"'{entry.Name}' is a folder with content");
            return entry;
        }
    }
}
