using System.IO.Compression;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Packaging;

public class PackageArchiveTests
{
    private static readonly byte[] s_archive = PackageArchive.Write(SamplePackage.Package.Files);

    private static string Refused(byte[] archive) => Assert.Throws<PackageException>(() => PackageArchive.Read(archive)).Message;

    private static byte[] Zip(Action<ZipArchive> fill)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true)) fill(zip);
        return stream.ToArray();
    }

    private static void Put(ZipArchive zip, string name, byte[] content, int attributes = 0)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.ExternalAttributes = attributes;
        using var stream = entry.Open();
        stream.Write(content);
    }

    [Fact]
    public void Other_programs_read_what_is_written()
    {
        using var zip = new ZipArchive(new MemoryStream(s_archive));
        Assert.Equal(SamplePackage.Package.Files.Paths, zip.Entries.Select(e => e.FullName));
        foreach (var entry in zip.Entries)
        {
            using var content = new MemoryStream();
            using (var stream = entry.Open()) stream.CopyTo(content);
            Assert.Equal(SamplePackage.Package.Files[entry.FullName], content.ToArray());
            Assert.Equal(new DateTime(1980, 1, 1), entry.LastWriteTime.DateTime);
        }
    }

    [Fact]
    public void What_other_programs_pack_anew_opens_too()
    {
        using var folder = new TemporaryFolder();
        SamplePackage.Package.Files.WriteFolder(folder.In("p"));
        ZipFile.CreateFromDirectory(folder.In("p"), folder.In("p.zip"), CompressionLevel.SmallestSize, includeBaseDirectory: false);
        var opened = ModelPackage.Open(folder.In("p.zip"), ModelCodecs.Core);
        Assert.Equal(s_archive, PackageArchive.Write(opened.Files));
    }

    [Theory]
    [InlineData("../outside.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("model/../../outside.txt")]
    [InlineData("C:\\windows\\system.ini")]
    [InlineData("model\\value.json")]
    [InlineData("model//value.json")]
    [InlineData("./manifest.json")]
    [InlineData("name with a\nbreak")]
    public void A_path_that_leads_elsewhere_is_refused(string path) => Assert.Contains("isn't plain", Refused(Zip(zip => Put(zip, path, [1, 2, 3]))), StringComparison.Ordinal);

    [Fact]
    public void Two_entries_of_one_name_are_refused()
    {
        Assert.Contains("stands twice", Refused(Zip(zip => { Put(zip, "a.json", [1]); Put(zip, "a.json", [2]); })), StringComparison.Ordinal);
        Assert.Contains("stands twice", Refused(Zip(zip => { Put(zip, "a.json", [1]); Put(zip, "A.JSON", [2]); })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_is_refused() =>
        Assert.Contains("'manifest.json' is a link", Refused(Zip(zip => Put(zip, "manifest.json", [1], unchecked((int)0xA1FF0000)))), StringComparison.Ordinal);

    [Fact]
    public void A_link_in_a_folder_is_refused()
    {
        using var folder = new TemporaryFolder();
        SamplePackage.Package.Files.WriteFolder(folder.In("p"));
        File.Delete(folder.In("p", "model-card.md"));
        File.CreateSymbolicLink(folder.In("p", "model-card.md"), folder.Write("elsewhere.md", "# elsewhere"));
        Assert.Contains("model-card.md is a link", Assert.Throws<PackageException>(() => ModelPackage.Open(folder.In("p"), ModelCodecs.Core)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_is_refused_by_its_ratio() =>
        Assert.Contains("a bomb, not a model", Refused(Zip(zip => Put(zip, "model.txt", new byte[64 << 20]))), StringComparison.Ordinal);

    [Fact]
    public void A_bomb_is_refused_by_its_sum_before_anything_is_unpacked()
    {
        var chance = new Random(1);
        var zip = Zip(z => { for (var i = 0; i < 17; i++) Put(z, $"{i}.bin", Half(chance)); });
        Assert.Contains("larger than 512 MB unpacked", Refused(zip), StringComparison.Ordinal);

        static byte[] Half(Random chance)                    // compresses, but not enough to be told by its ratio
        {
            var bytes = new byte[32 << 20];
            chance.NextBytes(bytes.AsSpan(0, 1 << 20));
            return bytes;
        }
    }

    [Fact]
    public void A_size_that_lies_is_refused()
    {
        var zip = Zip(z => Put(z, "a.json", [.. Enumerable.Range(0, 5000).Select(i => (byte)(i % 7))]));
        var central = zip.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x50, 0x4b, 0x01, 0x02]);
        foreach (var place in new[] { 22, central + 24 }) BitConverter.TryWriteBytes(zip.AsSpan(place), 100);          // in both directories
        Assert.Contains("another size than its entry says", Refused(zip), StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_entries_are_refused() =>
        Assert.Contains("more than 2000", Refused(Zip(zip => { for (var i = 0; i < 2001; i++) zip.CreateEntry($"{i}.txt"); })), StringComparison.Ordinal);

    [Fact]
    public void What_is_cut_off_or_goes_on_is_refused()
    {
        Assert.Contains("doesn't end as a zip archive does", Refused(s_archive[..^1]), StringComparison.Ordinal);
        Assert.Contains("doesn't end as a zip archive does", Refused([.. s_archive, 0]), StringComparison.Ordinal);
        Assert.NotEmpty(Refused([.. new byte[100], .. s_archive]));
        Assert.NotEmpty(Refused([]));
    }

    [Fact]
    public void An_encrypted_entry_is_refused()
    {
        var zip = s_archive.ToArray();
        var central = zip.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x50, 0x4b, 0x01, 0x02]);
        zip[central + 8] |= 1;
        Assert.Contains("is encrypted", Refused(zip), StringComparison.Ordinal);
    }
}
