using System.Buffers.Binary;
using System.Text;

namespace CustomerValue.Torch.Native;

/// <summary>The versions of other libraries' symbols that an ELF library asks for (section .gnu.version_r).</summary>
/// <remarks>64-bit little-endian files; System V ABI and the Linux Standard Base, "Symbol Versioning".</remarks>
internal static class ElfVersionNeeds
{
    private const uint VersionNeed = 0x6ffffffe;        // SHT_GNU_verneed
    private const ushort Weak = 2;                      // VER_FLG_WEAK: a missing version is a warning that nobody prints

    /// <summary>Marks a needed version as weak, so that the loader accepts a library that lacks it.</summary>
    /// <param name="file">The library's bytes; changed in place.</param>
    /// <param name="version">Such as GLIBCXX_3.4.32.</param>
    /// <returns>Whether the library asks for that version.</returns>
    /// <exception cref="BadImageFormatException">The bytes are no ELF library of this kind.</exception>
    internal static bool Weaken(Span<byte> file, string version)
    {
        if (file.Length < 64 || !file[..6].SequenceEqual((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
            throw new BadImageFormatException("A 64-bit little-endian ELF library is expected.");
        var found = false;
        try
        {
            var (sections, size, count) = (Long(file, 0x28), Short(file, 0x3A), Short(file, 0x3C));
            for (var i = 0; i < count; i++)
            {
                var section = sections + i * size;
                if (Int(file, section + 4) == VersionNeed) found |= WeakenIn(file, section, sections, size, version);
            }
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or OverflowException)
        {
            throw new BadImageFormatException("The ELF library's section table points outside the file.", error);
        }
        return found;
    }

    private static bool WeakenIn(Span<byte> file, int section, int sections, int size, string version)
    {
        var (need, names, needs) = (Long(file, section + 0x18), Long(file, sections + (int)Int(file, section + 0x28) * size + 0x18), Int(file, section + 0x2C));
        var found = false;
        for (uint k = 0; k < needs; k++)
        {
            var entry = checked(need + (int)Int(file, need + 8));                            // vn_aux
            for (var left = Short(file, need + 2); left > 0; left--)                         // vn_cnt
            {
                var name = file[checked(names + (int)Int(file, entry + 8))..];               // vna_name
                if (Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]) == version)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(file[(entry + 4)..], (ushort)(Short(file, entry + 4) | Weak));
                    found = true;
                }
                entry = checked(entry + (int)Int(file, entry + 12));                         // vna_next
            }
            need = checked(need + (int)Int(file, need + 12));                                // vn_next
        }
        return found;
    }

    private static int Long(ReadOnlySpan<byte> file, int at) => checked((int)BinaryPrimitives.ReadInt64LittleEndian(file[at..]));

    private static uint Int(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(file[at..]);

    private static int Short(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file[at..]);
}
