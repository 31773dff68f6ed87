using CustomerValue.Torch.Native;

namespace CustomerValue.Torch.Tests.Native;

public class ElfVersionNeedsTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");

    private static byte[] Library()
    {
        var path = Path.Combine(s_folder, "libLibTorchSharp.so");
        if (!File.Exists(path)) Assert.Skip("libLibTorchSharp.so is for Linux.");
        return File.ReadAllBytes(path);
    }

    [Fact]
    public void One_byte_of_flags_is_all_that_changes()
    {
        var (before, after) = (Library(), Library());
        Assert.True(ElfVersionNeeds.Weaken(after, "GLIBCXX_3.4.32"));
        Assert.Equal(1, before.Zip(after).Count(p => p.First != p.Second));
    }

    [Fact]
    public void A_version_that_nobody_asks_for_changes_nothing()
    {
        var (before, after) = (Library(), Library());
        Assert.False(ElfVersionNeeds.Weaken(after, "GLIBCXX_9.9.9"));
        Assert.Equal(before, after);
    }

    [Fact]
    public void What_is_no_library_is_refused()
    {
        Assert.Throws<BadImageFormatException>(() => ElfVersionNeeds.Weaken("no library at all"u8.ToArray(), "GLIBCXX_3.4.32"));
        var cut = Library()[..4096];
        Assert.Throws<BadImageFormatException>(() => ElfVersionNeeds.Weaken(cut, "GLIBCXX_3.4.32"));
    }

    [Fact]
    public void Of_processes_that_make_the_copy_at_once_each_finds_a_whole_one()
    {
        _ = Library();
        var place = Directory.CreateTempSubdirectory("native-");
        try
        {
            File.Copy(Path.Combine(s_folder, "libLibTorchSharp.so"), Path.Combine(place.FullName, "libLibTorchSharp.so"));
            var copies = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(2).Select(_ => TorchNative.PrivateCopy(place.FullName, elsewhere: Path.Combine(place.FullName, "elsewhere"))!).ToList();
            Assert.Single(copies.Distinct());
            Assert.Equal(2, place.GetFiles().Length);
            Assert.Equal(new FileInfo(Path.Combine(s_folder, "libLibTorchSharp.so")).Length, new FileInfo(copies[0]).Length);
        }
        finally { place.Delete(recursive: true); }
    }
}
