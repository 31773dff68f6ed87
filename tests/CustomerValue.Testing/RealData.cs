using System.Runtime.CompilerServices;
using Xunit;

namespace CustomerValue.Testing;

/// <summary>Real data that lie beside the project, in ../shared/data (or where CUSTOMERVALUE_DATA says). Tests that need them skip, by name, when absent.</summary>
public static class RealData
{
    /// <summary>The repository's root folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of real data sets; it need not exist.</summary>
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("CUSTOMERVALUE_DATA") ?? Path.GetFullPath(Path.Combine(Root, "..", "shared", "data"));

    /// <summary>A file or folder of a real data set; skips the calling test when it isn't there.</summary>
    /// <param name="relative">Path inside the data folder, such as cdnow/CDNOW_sample.txt.gz.</param>
    public static string Need(string relative)
    {
        var path = Path.Combine(Folder, relative);
        if (File.Exists(path) || Directory.Exists(path)) return path;
        if (Environment.GetEnvironmentVariable("CUSTOMERVALUE_REQUIRE_DATA") == "1")
            Assert.Fail($"{relative} isn't in {Folder}, and CUSTOMERVALUE_REQUIRE_DATA=1 says that real data must be there.");
        Assert.Skip($"real data absent: {relative} isn't in {Folder}");
        return path;
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        // PathMap rewrites source paths, so the test binary's own place is asked first.
        foreach (var start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(here) ?? "." })
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "CustomerValue.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"CustomerValue.sln is in no folder above {AppContext.BaseDirectory}. Run the tests from inside the checkout.");
    }
}
