using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

[Collection(nameof(PackagedShop))]
public class PackageCommandTests(PackagedShop shop)
{
    [Fact]
    public void Inspect_says_what_it_is()
    {
        var run = CommandRun.Of("package", "inspect", shop.Archive, "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("value-blend", run.Json.GetProperty("value").GetProperty("candidate").GetString());
        Assert.Contains("frequency", run.Json.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        var shown = CommandRun.Of("package", "inspect", shop.Folder, "--columns", "--card").Output;
        foreach (var said in new[] { "Out: value, churn_probability", "AUC", "Where not to use it", "recency_weeks" }) Assert.Contains(said, shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_tells_by_its_exit_code()
    {
        Assert.Equal(0, CommandRun.Of("package", "verify", shop.Archive).ExitCode);
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(shop.Archive);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(folder.In("p.zip"), bytes);
        var run = CommandRun.Of("package", "verify", folder.In("p.zip"), "--json");
        Assert.Equal((1, false), (run.ExitCode, run.Json.GetProperty("verified").GetBoolean()));
        Assert.Contains("take it from its source again", run.Errors, StringComparison.Ordinal);
        Assert.Contains("There is no package at", CommandRun.Of("package", "verify", folder.In("none.zip")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Diff_of_a_package_with_itself_finds_nothing()
    {
        var run = CommandRun.Of("package", "diff", shop.Archive, shop.Folder, "--json");
        Assert.Equal((0, true, 0), (run.ExitCode, run.Json.GetProperty("same_scores").GetBoolean(), run.Json.GetProperty("files").GetArrayLength()));
        Assert.Equal(0, run.Json.GetProperty("value").GetProperty("differing").GetInt32());
    }
}
