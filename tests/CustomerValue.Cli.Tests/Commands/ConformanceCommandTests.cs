using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

public class ConformanceCommandTests
{
    [Fact]
    public void Every_published_number_is_met()
    {
        RealData.Need("cdnow/CDNOW_sample.txt.gz");
        var run = CommandRun.Of("conformance", "--data", RealData.Folder, "--json");
        var rows = run.Json.EnumerateArray().ToList();
        Assert.Equal((0, true), (run.ExitCode, rows.Count > 60));
        Assert.All(rows, row => Assert.True(row.GetProperty("met").GetBoolean(), row.ToString()));
        Assert.Equal(["name", "source", "published", "ours", "tolerance", "met"], rows[0].EnumerateObject().Select(p => p.Name));
        Assert.Contains(rows, row => row.GetProperty("name").GetString() == "pareto_nbd.log_likelihood");
    }

    [Fact]
    public void Without_data_the_formulas_are_checked_and_what_was_left_out_is_named()
    {
        var empty = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var run = CommandRun.Of("conformance", "--data", empty, "--json");
            Assert.Equal(0, run.ExitCode);
            Assert.Contains("Left out: cdnow, as cdnow/CDNOW_sample.txt.gz isn't in", run.Errors, StringComparison.Ordinal);
            Assert.NotEqual(0, run.Json.GetArrayLength());
        }
        finally
        {
            Directory.Delete(empty);
        }
    }

    [Fact]
    public void A_data_folder_that_does_not_exist_is_wrong_usage()
    {
        var run = CommandRun.Of("conformance", "--data", "/nowhere");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("'/nowhere' (--data) doesn't exist", run.Errors, StringComparison.Ordinal);
    }
}
