namespace CustomerValue.Cli.Tests.Commands;

public class BenchCommandTests
{
    [Fact]
    public void Calibration_comes_first_then_the_works_asked_for()
    {
        var run = CommandRun.Of("bench", "--only", "bg-nbd-fit-2k", "--threads", "1", "--json");
        Assert.Equal(0, run.ExitCode);
        var rows = run.Json.EnumerateArray().ToList();
        Assert.Equal(["calibration-copy", "bg-nbd-fit-2k"], rows.Select(r => r.GetProperty("name").GetString()));
        Assert.Equal(["name", "work", "size", "seconds", "rate", "unit", "peak_mb"], rows[0].EnumerateObject().Select(p => p.Name));
        Assert.All(rows, r => Assert.True(r.GetProperty("seconds").GetDouble() > 0 && r.GetProperty("peak_mb").GetDouble() > 1));
    }

    [Fact]
    public void Lists_the_works_without_timing_them()
    {
        var run = CommandRun.Of("bench", "--list");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("pareto-nbd-fit-100k", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_needs_a_package_is_left_out_where_there_is_none()
    {
        var run = CommandRun.Of("bench", "--only", "score-records", "--package", "nowhere.zip");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("score-records-known is left out", run.Output + run.Errors, StringComparison.Ordinal);
        Assert.Contains("nowhere.zip, absent", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_matches_nothing_is_wrong_usage_and_the_names_are_told()
    {
        var run = CommandRun.Of("bench", "--only", "no-such-work");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("No work's name begins with 'no-such-work'. The names: calibration-copy", run.Errors, StringComparison.Ordinal);
    }
}
